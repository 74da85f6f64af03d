"""Files within the entry form: kept with the draft at once, whatever else is wrong on the page.

So a chosen file is never lost by an error in a box; it goes on record with the decision.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from desk.attachments.add import lines_of
from desk.attachments.card import files_of
from desk.entry_page import Work
from violations.attachment_services import MAX_FILES, stage_file, unstage_file
from violations.enums import AttachmentKind
from violations.errors import InvalidDecision
from violations.forms import ErrorLine
from violations.models import StagedFile

ATTACH, DETACH = "attach", "detach-"


def is_for_files(request: HttpRequest) -> bool:
    """Whether the posted form brings files, or a button about files was pressed."""
    do = request.POST.get("do", "")
    return bool(request.FILES.getlist("files")) or do == ATTACH or do.startswith(DETACH)


def keep_files(request: HttpRequest, work: Work) -> list[ErrorLine]:
    """Keep what was chosen with the form's draft, which stands; what could not be kept, and why."""
    assert work.draft is not None
    do, uploads = request.POST.get("do", ""), request.FILES.getlist("files")
    if do.startswith(DETACH):
        _remove(work, do.removeprefix(DETACH))
    if do == ATTACH and not uploads:
        return [ErrorLine("附件", "没有选择文件。请选择后上传。", "id_files")]
    lines: list[ErrorLine] = []
    for upload in uploads:
        kind = request.POST.get("file_kind", "")
        try:
            stage_file(officer=work.officer, draft=work.draft, kind=kind, upload=upload)
        except InvalidDecision as refused:
            lines += lines_of(refused)
    return lines


def _remove(work: Work, pk: str) -> None:
    """Take a file out; one that is gone already is no fault."""
    if work.draft is None or not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return
    try:
        unstage_file(officer=work.officer, draft=work.draft, file_id=int(pk))
    except StagedFile.DoesNotExist:
        return


def files_context(work: Work) -> dict[str, Any]:
    """For ``desk/attachments/_entry.html``."""
    staged = list(work.draft.files.all()) if work.draft is not None else []
    files = files_of(work.decision, work.officer) if work.decision is not None else []
    has_paper = any(
        one.kind == AttachmentKind.PAPER for one in [*staged, *files] if not _is_withdrawn(one)
    )
    return {
        "staged": staged,
        "files": files,
        "file_kinds": AttachmentKind.choices,
        "next_kind": AttachmentKind.RECEIPT if has_paper else AttachmentKind.PAPER,
        "max_files": MAX_FILES,
    }


def _is_withdrawn(file: Any) -> bool:
    return bool(getattr(file, "is_withdrawn", False))
