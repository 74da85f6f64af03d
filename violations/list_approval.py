"""The second person: an entry takes effect, or goes back to the office (3-A, 3-C)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from accounts.models import Officer
from core import audit
from core.clock import today
from violations.checks_of_texts import text
from violations.cleaning import one_line
from violations.errors import InvalidDecision
from violations.inputs import Fault
from violations.list_notice import is_waived, period
from violations.list_workflow import Step, apply, locked
from violations.models import ListEntry
from violations.signals import facts_written
from violations.writing import SOURCE_LENGTH, save_as


@transaction.atomic
def approve_list_entry(
    *, officer: Officer, entry_id: int, version: int, document: str, listed_on: date | None = None
) -> ListEntry:
    """Publish an entry under ``document``; its grade is worked out anew at once.

    It begins on ``listed_on``, by default the day proposed or the earliest possible, and never
    before today: nobody is listed for days gone by. The end of the period is written down here.
    Raises NotAllowed, CaseChanged, CaseRefused (above all before the period has run and without
    a waiver on file), InvalidDecision.
    """
    entry = locked(entry_id)
    apply(entry, Step.APPROVE, officer=officer, version=version)
    document, first = one_line(document), earliest_listing(entry)
    begins = listed_on or max(entry.listed_on, first)
    faults = list(text("document", document, "发布文书", 100))
    if begins < first:
        message = f"列入日期不能早于 {first}。请填写批准当日或以后的日期。"
        faults.append(Fault("listed_on", "too_early", message))
    if begins > entry.expires_on:
        message = f"列入日期不能晚于有效期 {entry.expires_on}。有效期已过的，请退回重新提出。"
        faults.append(Fault("listed_on", "after_term", message))
    if faults:
        raise InvalidDecision(faults)
    ends = period(entry)
    assert ends is not None  # notice was served: a guard says so
    entry.notice_ends_on = ends.day
    entry.listed_on, entry.published_document = begins, document
    entry.approved_by, entry.approved_on = officer, today()
    entry.returned_remark = ""
    save_as(officer, entry, reason="批准列入")
    audit.record(
        actor=officer,
        action="list_entry.approve",
        target=entry,
        details={
            "list": entry.list,
            "credit_code": entry.subject.credit_code,
            "listed_on": str(begins),
            "notice_ends_on": str(ends.day),
            "waived": is_waived(entry),
        },
    )
    tell_of(entry, f"批准{entry}")
    return entry


def earliest_listing(entry: ListEntry) -> date:
    """The first day on which an entry approved today may begin: after the day of its notice."""
    day = today()
    return day if entry.notified_on is None else max(day, entry.notified_on + timedelta(days=1))


@transaction.atomic
def return_list_entry(*, officer: Officer, entry_id: int, version: int, remark: str) -> ListEntry:
    """Send a proposal back to the office with what is to be mended; it stays proposed.

    Raises NotAllowed, CaseChanged, CaseRefused, InvalidDecision.
    """
    entry = locked(entry_id)
    apply(entry, Step.RETURN, officer=officer, version=version)
    remark = remark.strip()
    faults = list(text("remark", remark, "退回意见", 1000))
    if faults:
        raise InvalidDecision(faults)
    entry.returned_remark = remark
    save_as(officer, entry, reason="退回")
    audit.record(actor=officer, action="list_entry.return", target=entry, reason=remark)
    return entry


def tell_of(entry: ListEntry, source: str) -> None:
    """Say that a published entry came, went or fell; within the transaction."""
    facts_written.send(
        sender=ListEntry,
        subject_ids=[entry.subject_id],
        cause="list_entry",
        source=source[:SOURCE_LENGTH],
    )
