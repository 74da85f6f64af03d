"""Looking at a paper: a preview drawn by the server, and the file itself as a download.

Every way begins at ``Attachment.objects.visible_to``: to another unit's officers there is no such
file. Its hash is compared each time; each look leaves a row in the trail.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.access import current_officer, requires
from accounts.models import Officer
from accounts.roles import Can
from core import audit
from desk.attachments.card import may_attach
from violations.attachment_content import UnreadableFile, draw
from violations.attachment_files import DamagedFile, verified
from violations.enums import FileType
from violations.models import Attachment

READERS = (Can.RECORD_DECISION, Can.CONFIRM_DECISION, Can.SEE_ALL_DECISIONS)
TYPES = {
    FileType.PDF: ("application/pdf", "pdf"),
    FileType.JPEG: ("image/jpeg", "jpg"),
    FileType.PNG: ("image/png", "png"),
}
logger = logging.getLogger(__name__)


@requires(*READERS)
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The first pages drawn by the server, who uploaded it, and its hash."""
    officer = current_officer(request)
    file = _visible(officer, pk)
    audit.record(actor=officer, action="attachment.view", target=file)
    context = {"file": file, "decision": file.decision, "damaged": _checked(file) is None}
    if file.decision is not None:
        context["may_withdraw"] = not file.is_withdrawn and may_attach(file.decision, officer)
    return render(request, "desk/attachments/file.html", context)


@requires(*READERS)
@require_GET
def page_image(request: HttpRequest, pk: int, page: int) -> HttpResponse:
    """One page as PNG, with ``?small`` a small one.

    410 where the file is damaged or cannot be drawn just now.
    """
    officer = current_officer(request)
    file = _visible(officer, pk)
    if page not in file.shown_pages:
        raise Http404
    audit.record(actor=officer, action="attachment.view", target=file, details={"page": page})
    path = _checked(file)
    try:
        small = "small" in request.GET
        drawn = b"" if path is None else draw(path, file.file_type, page, small=small)
    except UnreadableFile:
        drawn = b""
    if not drawn:
        return HttpResponse(status=HTTPStatus.GONE, content_type="image/png")
    return HttpResponse(
        drawn, content_type="image/png", headers={"Cache-Control": "private, no-store"}
    )


@requires(*READERS)
@require_GET
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file as it was uploaded, never shown within a page; 410 where it is damaged."""
    officer = current_officer(request)
    file = _visible(officer, pk)
    audit.record(actor=officer, action="attachment.download", target=file)
    path = _checked(file)
    if path is None:
        context = {"file": file, "decision": file.decision, "damaged": True}
        status = HTTPStatus.GONE
        return render(request, "desk/attachments/file.html", context, status=status)
    content_type, ending = TYPES[FileType(file.file_type)]
    answer = FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=f"{Path(file.name).stem}.{ending}",
        content_type=content_type,
    )
    answer["Cache-Control"] = "private, no-store"
    return answer


def _visible(officer: Officer, pk: int) -> Attachment:
    rows = Attachment.objects.visible_to(officer).select_related(
        "decision__unit", "uploaded_by__unit", "withdrawn_by"
    )
    return get_object_or_404(rows, pk=pk)


def _checked(file: Attachment) -> Path | None:
    """Where it lies; None, and an alarm in the log, where its bytes are not those of the hash."""
    try:
        return verified(file)
    except DamagedFile:
        logger.error("attachment %s is damaged or missing", file.pk)
        return None
