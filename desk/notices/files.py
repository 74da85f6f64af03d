"""The signed minutes of an interview, and what else comes on paper."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from accounts.access import check
from accounts.roles import Can
from desk.case_files import add_uploads, handed_out
from desk.notices.listing import READERS
from desk.notices.page import found
from sanctions.notice_files import FILES, NoticeFile


@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponseBase:
    officer = check(request, Can.RECORD_NOTICE)
    add_uploads(request, officer, FILES, found(officer, pk))
    return redirect("desk:notice", pk=pk)


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    officer = check(request, *READERS)
    rows = NoticeFile.objects.visible_to(officer).select_related("notice")
    file = get_object_or_404(rows, pk=pk)

    def back() -> HttpResponseBase:
        return redirect("desk:notice", pk=file.notice_id)

    return handed_out(request, officer, FILES, file, file.notice, back)
