"""Files of a case on the desk: several at once, handed out again as downloads only.

They are checked like the papers of a record; each download compares the hash and leaves a row.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponseBase

from accounts.models import Officer
from core import audit
from desk.attachments.look import TYPES
from violations.attachment_files import DamagedFile, verified
from violations.attachment_models import CaseFile
from violations.case_files import Shelf, add_file
from violations.enums import FileType
from violations.errors import CaseRefused, InvalidDecision, NotAllowed

logger = logging.getLogger(__name__)


def add_uploads(
    request: HttpRequest, officer: Officer, shelf: Shelf, case: Any, **more: Any
) -> bool:
    """Keep what can be kept, whatever the others, and say so; False where the case refuses all."""
    uploads, kept = request.FILES.getlist("files"), 0
    for upload in uploads:
        try:
            add_file(shelf, officer=officer, case_id=case.pk, upload=upload, **more)
            kept += 1
        except InvalidDecision as refused:
            messages.error(request, refused.faults[0].message)
        except (CaseRefused, NotAllowed) as refused:
            messages.error(request, refused.message)
            audit.record(
                actor=officer,
                action=f"{shelf.trail}.refused",
                target=case,
                reason=refused.message,
                details={"step": "add-file"},
            )
            return False
    if kept:
        messages.success(request, f"已上传 {kept} 个文件。")
    if not uploads:
        messages.error(request, "没有选择文件。请选择后上传。")
    return True


def handed_out(
    request: HttpRequest,
    officer: Officer,
    shelf: Shelf,
    file: CaseFile,
    case: Any,
    back: Callable[[], HttpResponseBase],
) -> HttpResponseBase:
    """The file as it was uploaded; ``back`` where it is damaged or gone."""
    action, details = f"{shelf.trail}.download", {"file": file.pk}
    audit.record(actor=officer, action=action, target=case, details=details)
    try:
        path = verified(file)
    except DamagedFile:
        logger.error("file %s of %s is damaged or missing", file.pk, shelf.trail)
        messages.error(request, f"文件“{file.name}”已损坏或丢失，不能下载。请联系系统管理员。")
        return back()
    content_type, ending = TYPES[FileType(file.file_type)]
    answer = FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=f"{Path(file.name).stem}.{ending}",
        content_type=content_type,
    )
    answer["Cache-Control"] = "private, no-store"
    return answer
