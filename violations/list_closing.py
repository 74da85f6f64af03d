"""The end of an entry before its term: proposed by one, approved by another, with a paper.

Removal ends it on a day; revocation says that it should never have been, and it counts on no day.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import Officer
from core import audit
from core.clock import today
from violations.checks_of_texts import text
from violations.cleaning import one_line
from violations.enums import Closing, ListState
from violations.errors import InvalidDecision
from violations.inputs import Fault
from violations.list_approval import tell_of
from violations.list_workflow import Step, apply, locked
from violations.models import ListEntry
from violations.writing import save_as


@transaction.atomic
def propose_closing(
    *,
    officer: Officer,
    entry_id: int,
    version: int,
    closing: str,
    on: date | None,
    reason: str,
    document: str,
) -> ListEntry:
    """Propose removal (on a day) or revocation; the entry counts on until a second person agrees.

    Raises NotAllowed, CaseChanged, CaseRefused, InvalidDecision, as all services here do.
    """
    entry = locked(entry_id)
    apply(entry, Step.CLOSE, officer=officer, version=version)
    reason, document = reason.strip(), one_line(document)
    faults = [*text("reason", reason, "理由", 2000), *text("document", document, "文书", 100)]
    if closing not in Closing.values:
        faults.append(Fault("closing", "missing", "没有选择移出或撤销。请从两者中选择。"))
    elif closing == Closing.REMOVAL:
        faults += _removal_day(entry, on)
    if faults:
        raise InvalidDecision(faults)
    entry.closing = closing
    entry.closing_on = on if closing == Closing.REMOVAL else None
    entry.closing_reason, entry.closing_document = reason, document
    entry.closing_proposed_by = officer
    save_as(officer, entry, reason="提请移出或撤销")
    audit.record(
        actor=officer,
        action="list_entry.propose_closing",
        target=entry,
        reason=reason,
        details={"closing": closing, "on": str(entry.closing_on or "")},
    )
    return entry


def removal_day(entry: ListEntry) -> date:
    """The day on which a removal agreed to today takes effect.

    The day proposed; what burdens the party (it leaves the red list) never lies in the past.
    """
    assert entry.closing_on is not None  # a removal has its day
    return max(entry.closing_on, today()) if entry.is_red else entry.closing_on


@transaction.atomic
def agree_to_closing(*, officer: Officer, entry_id: int, version: int) -> ListEntry:
    """Remove or revoke as proposed; the grade is worked out anew at once."""
    entry = locked(entry_id)
    apply(entry, Step.AGREE_CLOSING, officer=officer, version=version)
    entry.closing_approved_by = officer
    words = entry.get_closing_display()
    if entry.closing == Closing.REVOCATION:
        entry.state = ListState.REVOKED
    else:
        entry.removed_on = removal_day(entry)
    save_as(officer, entry, reason=f"批准{words}")
    audit.record(
        actor=officer,
        action="list_entry.agree_closing",
        target=entry,
        reason=entry.closing_reason,
        details={"closing": entry.closing, "on": str(entry.removed_on or "")},
    )
    tell_of(entry, f"{words}{entry}")
    return entry


@transaction.atomic
def refuse_closing(*, officer: Officer, entry_id: int, version: int, remark: str) -> ListEntry:
    """Leave the entry as it is; what was proposed stays in the history."""
    entry = locked(entry_id)
    apply(entry, Step.REFUSE_CLOSING, officer=officer, version=version)
    remark = remark.strip()
    faults = list(text("remark", remark, "退回意见", 1000))
    if faults:
        raise InvalidDecision(faults)
    entry.closing = entry.closing_reason = entry.closing_document = ""
    entry.closing_on, entry.closing_proposed_by = None, None
    entry.returned_remark = remark
    save_as(officer, entry, reason="退回移出或撤销")
    audit.record(actor=officer, action="list_entry.refuse_closing", target=entry, reason=remark)
    return entry


def _removal_day(entry: ListEntry, on: date | None) -> list[Fault]:
    if on is None:
        message = "没有填写移出日期。请写成 2026-11-20 这样的形式。"
        return [Fault("on", "missing", message)]
    if on < entry.listed_on:
        message = f"移出日期不能早于列入日期 {entry.listed_on}。请核对日期。"
        return [Fault("on", "before_listed", message)]
    if on > entry.expires_on:
        message = f"移出日期不能晚于有效期 {entry.expires_on}，到期自行失效。请核对日期。"
        return [Fault("on", "after_term", message)]
    return []
