"""The papers of a notice as a draft, without number: looked at before they are issued."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.access import check
from accounts.roles import Can
from core import audit
from sanctions.notice_models import Notice
from sanctions.notice_papers import KINDS, preview_paper
from sanctions.notice_register import Chosen, chosen_of
from sanctions.paper_kinds import paper_kind


@require_safe
def show(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The PDF of a saved notice; 404 for a kind that its way does not know."""
    officer = check(request, Can.RECORD_NOTICE)
    visible = Notice.objects.visible_to(officer).select_related("subject", "unit")
    notice = get_object_or_404(visible, pk=pk)
    audit.record(actor=officer, action="notice.preview", target=notice, details={"kind": kind[:40]})
    return as_pdf(notice, kind, chosen_of(notice))


def as_pdf(notice: Notice, kind: str, chosen: Chosen) -> HttpResponse:
    """Shown in the browser, kept nowhere."""
    if kind not in KINDS.get(notice.way, ()):
        raise Http404
    answer = HttpResponse(preview_paper(notice, kind, chosen), content_type="application/pdf")
    name = f"{paper_kind(kind).label}（草稿）.pdf"
    answer["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    answer["Cache-Control"] = "no-store"
    return answer
