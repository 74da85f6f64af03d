"""Files of a case: an objection's evidence, a repair's proofs, signed minutes of an interview.

Each is looked at and stored like the papers of a record; the row is written under the lock of its
case, and a file whose row is refused does not stay on the disk.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from django.core.files.base import File
from django.db import transaction

from accounts.models import Officer
from core import audit
from violations.attachment_content import UnreadableFile
from violations.attachment_files import drop, keep
from violations.attachment_models import CaseFile
from violations.checks_of_texts import without_persons_numbers
from violations.cleaning import one_line
from violations.entry_data import readable
from violations.enums import AttachmentKind
from violations.errors import CaseRefused, InvalidDecision, NotAllowed
from violations.inputs import Fault
from violations.steps import Steps

MAX_FILES = 20


@dataclass(frozen=True)
class Shelf:
    """The files of one kind of case, which it calls ``files``.

    ``check`` raises NotAllowed or CaseRefused where this officer may not add one now; ``trail`` is
    the beginning of the actions in the audit trail.
    """

    model: Any
    noun: str
    trail: str
    locked: Callable[[int], Any]
    check: Callable[[Officer | None, Any], None]


def add_file(
    shelf: Shelf, *, officer: Officer | None, case_id: int, upload: File[Any], **more: Any
) -> CaseFile:
    """Keep one file; ``more`` are further columns of its row. Nobody is the party itself.

    Raises the model's DoesNotExist, NotAllowed, CaseRefused, InvalidDecision.
    """
    shelf.check(officer, shelf.model.objects.get(pk=case_id))
    name = shown_name(upload)
    try:
        kept = keep(upload)
    except UnreadableFile as refusal:
        raise InvalidDecision([Fault("files", "refused", f"“{name}”{refusal}")]) from None
    try:
        with transaction.atomic():
            case = shelf.locked(case_id)
            shelf.check(officer, case)
            hashes = list(case.files.values_list("sha256", flat=True))
            if kept.sha256 in hashes:
                raise _refused("duplicate", f"“{name}”已经上传。无需再次上传。")
            if len(hashes) >= MAX_FILES:
                most = f"一件{shelf.noun}最多 {MAX_FILES} 个文件"
                raise _refused("too_many", f"“{name}”没有上传：{most}。请合并后再上传。")
            row: CaseFile = case.files.model(
                **{case.files.field.name: case},
                kind=AttachmentKind.EVIDENCE,
                name=name,
                uploaded_by=officer or case.received_by,
                **asdict(kept),
                **more,
            )
            row._history_user = officer  # type: ignore[attr-defined]
            row._change_reason = "上传材料"  # type: ignore[attr-defined]
            row.save()
            audit.record(
                actor=officer,
                action=f"{shelf.trail}.add_file",
                target=case,
                details={"file": row.pk, "sha256": row.sha256, **more},
            )
    except BaseException:
        drop(kept.stored)
        raise
    return row


def check_step(steps: Steps[Any], step: str, officer: Officer, case: Any) -> None:
    """Whether the table of steps lets this officer add a file now.

    Raises NotAllowed, CaseRefused.
    """
    refusal = steps.hindrance(case, step, officer)
    if refusal is None:
        return
    if refusal or not officer.may(steps.table[step].permission):
        raise NotAllowed(refusal or "您不能在此上传材料。需要上传的，请联系经办人。")
    raise CaseRefused(f"该{steps.noun}{case.get_state_display()}，不能再上传材料。")


def shown_name(upload: File[Any]) -> str:
    """What the officer's computer called it, as text, without anybody's identity number."""
    last = str(upload.name or "").replace("\\", "/").rsplit("/", 1)[-1]
    return without_persons_numbers(one_line(readable(last)))[:200] or "未命名"


def _refused(code: str, message: str) -> InvalidDecision:
    return InvalidDecision([Fault("files", code, message)])
