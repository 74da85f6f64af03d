"""The PDF of a paper: drawn page by page for the screen, and the file itself.

Every way begins at ``Paper.objects.visible_to``; the hash is compared each time, and each look
leaves a row in the trail.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from pathlib import Path

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from accounts.roles import Can
from core import audit
from desk.papers.access import READERS, paper_for
from sanctions.models import Paper, PaperBatch
from sanctions.paper_files import DamagedPaper, verified
from sanctions.paper_reissue import preview_again
from violations.attachment_content import UnreadableFile, draw
from violations.enums import FileType

SHOWN_PAGES = 10
logger = logging.getLogger(__name__)


@require_GET
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The PDF as it was issued, with ``?download`` as a file; 410 where it is damaged."""
    officer, paper = paper_for(request, pk, *READERS)
    as_download = "download" in request.GET
    audit.record(
        actor=officer, action="paper.download" if as_download else "paper.open", target=paper
    )
    data = checked(paper)
    if data is None:
        message = "文件已损坏或丢失，不予显示。请告诉系统管理员从备份恢复。"
        return HttpResponse(
            message, status=HTTPStatus.GONE, content_type="text/plain; charset=utf-8"
        )
    return pdf(data, f"{paper.label}-{paper.number}.pdf", as_download=as_download)


@require_GET
def page_image(request: HttpRequest, pk: int, page: int) -> HttpResponse:
    """One page as PNG; 410 where the file is damaged or cannot be drawn just now."""
    officer, paper = paper_for(request, pk, *READERS)
    if not 1 <= page <= min(paper.pages, SHOWN_PAGES):
        raise Http404
    audit.record(actor=officer, action="paper.view", target=paper, details={"page": page})
    drawn = b""
    if checked(paper) is not None:
        try:
            drawn = draw(Path(default_storage.path(paper.stored)), FileType.PDF, page)
        except UnreadableFile:
            logger.warning("paper %s could not be drawn", paper.pk)
    status = HTTPStatus.OK if drawn else HTTPStatus.GONE
    return HttpResponse(
        drawn,
        status=status,
        content_type="image/png",
        headers={"Cache-Control": "private, no-store"},
    )


@require_GET
def reissue_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What the paper would say if it were issued anew today."""
    officer, paper = paper_for(request, pk, Can.ISSUE_PAPER)
    audit.record(actor=officer, action="paper.view", target=paper, details={"anew": True})
    return pdf(preview_again(paper), f"预览-{paper.label}.pdf")


def pdf(data: bytes, name: str, *, as_download: bool = False) -> HttpResponse:
    """An answer that no browser takes for anything but a PDF, and that nobody keeps."""
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(as_download, name) or "inline"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def checked(kept: Paper | PaperBatch) -> bytes | None:
    """Its bytes; None, and an alarm in the log, where they are not those of the hash."""
    try:
        return verified(kept)
    except DamagedPaper:
        logger.error("%s %s is damaged or missing", kept._meta.label, kept.pk)
        return None
