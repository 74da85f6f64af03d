"""Evidence of both sides: uploaded with the checks of every paper, handed out as downloads only."""

from __future__ import annotations

import logging
from http import HTTPStatus
from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from accounts.access import check
from accounts.roles import Can
from appeals.objection_filing import add_file, side_of
from appeals.objection_parts import ObjectionFile
from core import audit
from desk.attachments.look import TYPES
from desk.objections.acts import refused_step
from desk.objections.case import READERS, found
from violations.attachment_files import DamagedFile, verified
from violations.enums import FileType
from violations.errors import CaseRefused, InvalidDecision, NotAllowed

logger = logging.getLogger(__name__)


@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Several at once; those that can be kept are, whatever the others."""
    officer = check(request, Can.HANDLE_APPEAL, Can.STATE_FOR_UNIT)
    objection = found(officer, pk)
    side = side_of(officer, objection, request.POST.get("side", ""))
    uploads = request.FILES.getlist("files")
    kept = 0
    for upload in uploads:
        try:
            add_file(officer=officer, objection_id=pk, side=side, upload=upload)
            kept += 1
        except InvalidDecision as refused:
            messages.error(request, refused.faults[0].message)
        except (CaseRefused, NotAllowed) as refused:
            refused_step(officer, objection, "add-file", refused)
            messages.error(request, refused.message)
            break
    if kept:
        messages.success(request, f"已上传 {kept} 个文件。")
    if not uploads:
        messages.error(request, "没有选择文件。请选择后上传。")
    return redirect("desk:objection", pk=pk)


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file as it was uploaded; its hash is compared each time, each look leaves a row."""
    officer = check(request, *READERS)
    rows = ObjectionFile.objects.visible_to(officer).select_related("objection")
    file: ObjectionFile = get_object_or_404(rows, pk=pk)
    audit.record(
        actor=officer,
        action="objection.download",
        target=file.objection,
        details={"file": file.pk},
    )
    try:
        path = verified(file)
    except DamagedFile:
        logger.error("file %s of an objection is damaged or missing", file.pk)
        messages.error(request, f"文件“{file.name}”已损坏或丢失，不能下载。请联系系统管理员。")
        answer: HttpResponseBase = redirect("desk:objection", pk=file.objection_id)
        return answer
    content_type, ending = TYPES[FileType(file.file_type)]
    found_file = FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=f"{Path(file.name).stem}.{ending}",
        content_type=content_type,
        status=HTTPStatus.OK,
    )
    found_file["Cache-Control"] = "private, no-store"
    return found_file
