"""Evidence of both sides of an objection."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from accounts.access import check
from accounts.roles import Can
from appeals.case_files import OBJECTIONS, side_of
from appeals.objection_parts import ObjectionFile
from desk.case_files import add_uploads, handed_out
from desk.objections.case import READERS, found


@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponseBase:
    officer = check(request, Can.HANDLE_APPEAL, Can.STATE_FOR_UNIT)
    side = side_of(officer, request.POST.get("side", ""))
    add_uploads(request, officer, OBJECTIONS, found(officer, pk), side=side)
    return redirect("desk:objection", pk=pk)


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    officer = check(request, *READERS)
    rows = ObjectionFile.objects.visible_to(officer).select_related("objection")
    file: ObjectionFile = get_object_or_404(rows, pk=pk)

    def back() -> HttpResponseBase:
        return redirect("desk:objection", pk=file.objection_id)

    return handed_out(request, officer, OBJECTIONS, file, file.objection, back)
