"""Keeping the words of papers: one officer drafts a version, another publishes it with a day."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import Officer
from accounts.roles import Can
from core import audit
from core.clock import today
from sanctions.paper_kinds import Block, PaperKind, paper_kind
from sanctions.paper_layout import known_words
from sanctions.paper_text_models import PaperText, TextState
from sanctions.paper_texts import PLACE
from violations.checks_of_texts import text as text_faults
from violations.cleaning import one_line
from violations.errors import InvalidDecision, NotAllowed
from violations.inputs import Fault
from violations.writing import save_as

LONGEST = 2000
MAX_REASON = 300


@transaction.atomic
def draft_text(*, officer: Officer, kind: str, block: str, text: str, reason: str) -> PaperText:
    """Draft the next version, or write the officer's own open draft anew.

    Raises KeyError for a kind or block that there is not, NotAllowed, InvalidDecision.
    """
    _allowed(officer)
    found, part = _block(kind, block)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    text, reason = "\n".join(lines), one_line(reason)
    versions = PaperText.objects.select_for_update().filter(kind=kind, block=block)
    rows = list(versions.order_by("version"))
    open_draft = next((row for row in rows if row.state == TextState.DRAFT), None)
    faults = _faults(found, part, text, reason)
    if open_draft is not None and open_draft.drafted_by_id != officer.pk:
        message = f"{open_draft.drafted_by.name} 已有一份草稿。请先由另一人发布，或由其弃用。"
        faults.append(Fault("text", "open_draft", message))
    if faults:
        raise InvalidDecision(faults)
    row = open_draft or PaperText(
        kind=kind,
        block=block,
        version=rows[-1].version + 1 if rows else 1,
        drafted_by=officer,
    )
    row.text, row.reason = text, reason
    save_as(officer, row, reason=reason)
    _record(officer, "paper_text.draft", row, reason)
    return row


@transaction.atomic
def publish_text(*, officer: Officer, text_id: int, valid_from: date | None) -> PaperText:
    """Put a draft of somebody else in force from a day on, today at the earliest.

    Raises PaperText.DoesNotExist, NotAllowed, InvalidDecision.
    """
    _allowed(officer)
    row = _locked_draft(text_id)
    if row.drafted_by_id == officer.pk:
        raise NotAllowed("起草人不能发布自己起草的文本。请由另一人发布。")
    if valid_from is None or valid_from < today():
        message = "启用日期须为今天或以后的日期。请写成 2026-12-01 这样的形式。"
        raise InvalidDecision([Fault("valid_from", "past", message)])
    row.state = TextState.PUBLISHED
    row.valid_from = valid_from
    row.published_by = officer
    row.published_at = timezone.now()
    save_as(officer, row, reason="发布文本")
    _record(officer, "paper_text.publish", row)
    return row


@transaction.atomic
def discard_text(*, officer: Officer, text_id: int) -> PaperText:
    """Give a draft up; it stays to be read. Raises PaperText.DoesNotExist, NotAllowed."""
    _allowed(officer)
    row = _locked_draft(text_id)
    row.state = TextState.DISCARDED
    save_as(officer, row, reason="弃用草稿")
    _record(officer, "paper_text.discard", row)
    return row


def _allowed(officer: Officer) -> None:
    if not officer.may(Can.KEEP_TEXTS):
        raise NotAllowed("文书文本由局办公室维护。请联系局办公室。")


def _locked_draft(text_id: int) -> PaperText:
    row: PaperText = PaperText.objects.select_for_update().get(pk=text_id)
    if row.state != TextState.DRAFT:
        message = f"该版本{row.get_state_display()}，不能再改。请另起草一版。"
        raise InvalidDecision([Fault("text", "state", message)])
    return row


def _block(kind: str, block: str) -> tuple[PaperKind, Block]:
    found = paper_kind(kind)
    for one in found.blocks:
        if one.code == block:
            return found, one
    raise KeyError(block)


def _faults(kind: PaperKind, block: Block, text: str, reason: str) -> list[Fault]:
    faults = [
        *text_faults("text", text, block.label, LONGEST),
        *text_faults("reason", reason, "修改理由", MAX_REASON),
    ]
    known = known_words(kind)
    for name in dict.fromkeys(PLACE.findall(text)):
        if name not in known:
            choice = "、".join("{" + one + "}" for one in known)
            message = f"没有“{{{name}}}”这个可填入项。可以使用 {choice}。"
            faults.append(Fault("text", "unknown_word", message))
    if text.count("{") != text.count("}") or text.count("{") != len(PLACE.findall(text)):
        faults.append(Fault("text", "braces", "大括号不成对。请按“{监管对象}”这样的形式书写。"))
    return faults


def _record(officer: Officer, action: str, row: PaperText, reason: str = "") -> None:
    details = {"kind": row.kind, "block": row.block, "version": row.version}
    audit.record(actor=officer, action=action, target=row, reason=reason, details=details)
