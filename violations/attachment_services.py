"""Writing papers of a record: uploaded into a form, kept with a decision, withdrawn.

An addition before confirmation is a new version of the decision: who reviews it sees that something
changed (409), for what was approved is what takes effect.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from accounts.models import Officer
from core import audit
from violations.attachment_content import UnreadableFile
from violations.attachment_files import Kept, drop, keep
from violations.attachment_models import Attachment, StagedFile
from violations.checks_of_texts import text, without_persons_numbers
from violations.cleaning import one_line
from violations.entry_data import readable
from violations.enums import AttachmentKind
from violations.errors import InvalidDecision, NotAllowed
from violations.inputs import Fault
from violations.models import Decision, EntryDraft
from violations.recording import had_a_hand
from violations.workflow import Action, apply, locked
from violations.writing import save_as

MAX_FILES = 20
MIN_REASON, MAX_REASON = 5, 200
_NAME_LENGTH = 200


def stage_file(*, officer: Officer, draft: EntryDraft, kind: str, upload: File[Any]) -> StagedFile:
    """Keep a file for a form of ``officer`` that is not handed in yet.

    Raises NotAllowed, InvalidDecision.
    """
    if draft.officer_id != officer.pk:
        raise NotAllowed("这份草稿不是您的。附件由录入草稿的民警上传。")
    name = _checked(kind, upload)
    kept = _kept(name, upload)
    try:
        with transaction.atomic():
            EntryDraft.objects.select_for_update().get(pk=draft.pk)
            _refuse_more(name, kept.sha256, draft.files.values_list("sha256", flat=True))
            row = StagedFile(entry_draft=draft, kind=kind, name=name, uploaded_by=officer)
            for field, value in asdict(kept).items():
                setattr(row, field, value)
            row.save()
            _record(officer, "attachment.stage", row)
    except BaseException:
        drop(kept.stored)
        raise
    return row


@transaction.atomic
def unstage_file(*, officer: Officer, draft: EntryDraft, file_id: int) -> None:
    """Take a file out of an unfinished form; it was never on record, so it goes.

    Raises StagedFile.DoesNotExist.
    """
    row = StagedFile.objects.get(pk=file_id, entry_draft=draft, entry_draft__officer=officer)
    _record(officer, "attachment.unstage", row)
    row.delete()


@transaction.atomic
def take_staged(*, officer: Officer, draft: EntryDraft, decision: Decision) -> list[Attachment]:
    """Put the files of a form on record with the decision that was made of it.

    Raises NotAllowed, WrongState.
    """
    staged = list(draft.files.all())
    if not staged:
        return []
    decision = _opened(officer, decision.pk)
    standing = set(decision.attachments.standing().values_list("sha256", flat=True))
    made = []
    for file in staged:
        if file.sha256 in standing or len(standing) >= MAX_FILES:
            continue  # an edit may have brought the same paper again
        row = Attachment(decision=decision, uploaded_at=file.uploaded_at)
        for name in ("kind", "name", "stored", "file_type", "size", "pages", "sha256"):
            setattr(row, name, getattr(file, name))
        row.uploaded_by_id = file.uploaded_by_id
        file.delete()
        save_as(officer, row, reason="上传附件")
        _record(officer, "attachment.add", row)
        standing.add(row.sha256)
        made.append(row)
    return made


def attach_file(
    *, officer: Officer, decision_id: int, kind: str, upload: File[Any], reason: str = ""
) -> Attachment:
    """Keep a file with a decision of the own unit; one in force asks why it comes only now.

    Raises Decision.DoesNotExist, NotAllowed, WrongState, InvalidDecision.
    """
    reason = one_line(reason)
    name = _checked(kind, upload)
    _may_attach(officer, decision_id, reason)  # before any work on the file
    kept = _kept(name, upload)
    try:
        with transaction.atomic():
            decision = _opened(officer, decision_id)
            _refuse(_reason_faults(decision, reason))
            stood = decision.attachments.standing().values_list("sha256", flat=True)
            _refuse_more(name, kept.sha256, stood)
            row = Attachment(decision=decision, kind=kind, name=name, uploaded_by=officer)
            for field, value in asdict(kept).items():
                setattr(row, field, value)
            save_as(officer, row, reason=reason or "上传附件")
            _record(officer, "attachment.add", row, reason)
    except BaseException:
        drop(kept.stored)
        raise
    return row


@transaction.atomic
def withdraw_attachment(*, officer: Officer, attachment_id: int, reason: str) -> Attachment:
    """Say that a paper does not belong to its decision; file and row stay, struck out.

    Raises Attachment.DoesNotExist, NotAllowed, WrongState, InvalidDecision.
    """
    reason = one_line(reason)
    row = Attachment.objects.get(pk=attachment_id, decision__isnull=False)
    assert row.decision_id is not None
    _opened(officer, row.decision_id)
    row = Attachment.objects.select_for_update().get(pk=attachment_id)
    faults = list(text("reason", reason, "撤下理由", MAX_REASON, shortest=MIN_REASON))
    if row.is_withdrawn:
        faults.append(Fault("reason", "withdrawn", f"附件“{row.name}”已经撤下。无需再次办理。"))
    _refuse(faults)
    row.withdrawn_at = timezone.now()
    row.withdrawn_by = officer
    row.withdrawn_reason = reason
    save_as(officer, row, reason=reason)
    _record(officer, "attachment.withdraw", row, reason)
    return row


def _may_attach(officer: Officer, decision_id: int, reason: str) -> None:
    """Whether the officer may add a file now, asked without changing anything."""
    decision = Decision.objects.get(pk=decision_id)
    apply(decision, _action(decision), officer=officer)
    _refuse(_reason_faults(decision, reason))


def _action(decision: Decision) -> Action:
    return Action.ATTACH_LATER if decision.is_in_force else Action.ATTACH


def _opened(officer: Officer, decision_id: int) -> Decision:
    """The locked decision, as its next version where it is not in force yet."""
    decision = locked(decision_id)
    apply(decision, _action(decision), officer=officer)
    if not decision.is_in_force:
        save_as(officer, decision, reason="增减附件")
        had_a_hand(decision, officer)
    return decision


def _checked(kind: str, upload: File[Any]) -> str:
    """The name under which it is shown; the kind must be one of ours. Raises InvalidDecision."""
    if kind not in AttachmentKind.values:
        raise InvalidDecision([Fault("kind", "unknown", "没有选择附件种类。请选择后上传。")])
    plain = one_line(readable(str(upload.name or "").replace("\\", "/").rsplit("/", 1)[-1]))
    return without_persons_numbers(plain)[:_NAME_LENGTH] or "未命名"


def _kept(name: str, upload: File[Any]) -> Kept:
    try:
        return keep(upload)
    except UnreadableFile as refusal:
        raise InvalidDecision([Fault("files", "refused", f"“{name}”{refusal}")]) from None


def _refuse_more(name: str, sha256: str, standing: Iterable[str]) -> None:
    hashes = list(standing)
    if sha256 in hashes:
        message = f"“{name}”已经上传。无需再次上传。"
        raise InvalidDecision([Fault("files", "duplicate", message)])
    if len(hashes) >= MAX_FILES:
        message = f"“{name}”没有上传：一份决定最多 {MAX_FILES} 个附件。请合并扫描件后再上传。"
        raise InvalidDecision([Fault("files", "too_many", message)])


def _reason_faults(decision: Decision, reason: str) -> list[Fault]:
    if not decision.is_in_force:
        return []
    return list(text("reason", reason, "补充说明", MAX_REASON, shortest=MIN_REASON))


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise InvalidDecision(faults)


def _record(officer: Officer, action: str, row: Attachment | StagedFile, reason: str = "") -> None:
    details: dict[str, Any] = {"kind": row.kind, "sha256": row.sha256, "size": row.size}
    if isinstance(row, Attachment):
        details["decision"] = row.decision_id
    audit.record(actor=officer, action=action, target=row, reason=reason, details=details)
