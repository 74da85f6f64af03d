"""Proposing an entry of the red or black list; it counts for nothing until somebody approves it.

A machine never puts anyone on a list (3-C): what comes in here waits for a second person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import Officer
from accounts.roles import Can
from core import audit
from core.clock import today
from subjects.models import Subject
from violations.checks_of_texts import text
from violations.enums import GONE, ListKind, ListState
from violations.errors import InvalidDecision, NotAllowed
from violations.inputs import Fault
from violations.list_entries import ListEntryInput, check_list_entry
from violations.list_notice import notice_days
from violations.list_workflow import Step, apply, locked
from violations.models import ListCondition, ListEntry, ListEntryHand
from violations.organisations import entered, known
from violations.writing import save_as

# What approval looks at, and a proposal need not have yet: notice is given after it was proposed.
_NOT_YET = frozenset(
    {
        ("listed_on", "future"),
        ("notified_on", "missing"),
        ("notified_on", "notice_too_short"),
    }
)
LONGEST_EVIDENCE = 2000


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a proposal made in the office rests on, beside the entry itself."""

    condition: ListCondition | None = None
    evidence: str = ""
    renews: ListEntry | None = None


@transaction.atomic
def propose_list_entry(
    *, officer: Officer, data: ListEntryInput, grounds: Grounds | None = None
) -> ListEntry:
    """Propose an entry; ``listed_on`` may lie ahead, and the notice need not have run.

    An unknown organisation is registered. Raises NotAllowed, InvalidDecision, and DuplicateSubject
    where somebody else registers it at this moment: they may be proposing the same entry.
    """
    if not officer.may(Can.PROPOSE_LIST_ENTRY):
        raise NotAllowed("您的角色不能提出名单条目。需要提出的，请联系局办公室。")
    data = data.cleaned()
    subject = known(data.credit_code)
    faults = [*check_proposal(data, known_code=subject is not None), *check_grounds(data, grounds)]
    if faults:
        raise InvalidDecision(faults)
    entry = ListEntry(
        list=data.list,
        subject=subject or entered(officer=officer, credit_code=data.credit_code, name=data.name),
        state=ListState.PROPOSED,
        notified_on=data.notified_on,
        notice_days=notice_days(data.list, data.notified_on) if data.notified_on else None,
        proposed_by=officer,
    )
    _fill(entry, data, grounds)
    save_as(officer, entry, reason="提出名单条目")
    note_hand(entry, officer)
    audit.record(
        actor=officer,
        action="list_entry.propose",
        target=entry,
        details={"list": entry.list, "credit_code": entry.subject.credit_code},
    )
    return entry


@transaction.atomic
def edit_list_entry(
    *, officer: Officer, entry_id: int, version: int, data: ListEntryInput, grounds: Grounds
) -> ListEntry:
    """Change what is proposed; list and organisation stay.

    The party was told something else then: notice, waiver and statement have to be repeated.
    Raises NotAllowed, CaseChanged, CaseRefused, InvalidDecision.
    """
    entry = locked(entry_id)
    apply(entry, Step.EDIT, officer=officer, version=version)
    data = data.cleaned()
    faults = [*check_proposal(data, known_code=True), *check_grounds(data, grounds)]
    if faults:
        raise InvalidDecision(faults)
    _fill(entry, data, grounds)
    had_notice = entry.notified_on is not None
    _forget_notice(entry)
    save_as(officer, entry, reason="修改")
    note_hand(entry, officer)
    audit.record(
        actor=officer,
        action="list_entry.edit",
        target=entry,
        details={"notice_to_repeat": had_notice},
    )
    return entry


@transaction.atomic
def withdraw_list_entry(*, officer: Officer, entry_id: int, version: int, reason: str) -> ListEntry:
    """Give a proposal up. Raises NotAllowed, CaseChanged, CaseRefused, InvalidDecision."""
    entry = locked(entry_id)
    apply(entry, Step.WITHDRAW, officer=officer, version=version)
    reason = reason.strip()
    faults = list(text("reason", reason, "撤回理由", 2000))
    if faults:
        raise InvalidDecision(faults)
    entry.closing_reason = reason
    save_as(officer, entry, reason="撤回")
    note_hand(entry, officer)
    audit.record(actor=officer, action="list_entry.withdraw", target=entry, reason=reason)
    return entry


def note_hand(entry: ListEntry, officer: Officer) -> None:
    """Remember that this officer prepared the entry: they never approve it."""
    ListEntryHand.objects.get_or_create(entry=entry, officer=officer)


def check_grounds(data: ListEntryInput, grounds: Grounds | None) -> list[Fault]:
    """What is wrong with condition, evidence and renewal; the paths are their names."""
    if grounds is None:
        return []
    faults = list(text("evidence", grounds.evidence.strip(), "证据材料", LONGEST_EVIDENCE))
    condition, renews = grounds.condition, grounds.renews
    if condition is None:
        faults.append(Fault("condition", "missing", "没有选择列入条件。请从公布的条件中选择。"))
    elif condition.list != data.list or not _in_force(condition):
        message = "该条件不属于此名单，或者今天已不在有效期内。请另选公布的条件。"
        faults.append(Fault("condition", "not_in_force", message))
    if renews is not None and not _may_renew(renews, data):
        message = f"续列须接在红名单原条目之后：拟列入日期应晚于 {renews.expires_on}。请核对日期。"
        faults.append(Fault("listed_on", "not_after", message))
    return faults


def first_day_of_renewal(entry: ListEntry) -> date:
    """The day on which an entry that follows on begins."""
    return entry.expires_on + timedelta(days=1)


def _may_renew(renews: ListEntry, data: ListEntryInput) -> bool:
    return (
        renews.list == data.list == ListKind.RED
        and renews.state == ListState.PUBLISHED
        and (data.listed_on is None or data.listed_on > renews.expires_on)
    )


def _in_force(condition: ListCondition) -> bool:
    return bool(ListCondition.objects.valid_on(today()).filter(pk=condition.pk).exists())


def check_proposal(data: ListEntryInput, *, known_code: bool) -> list[Fault]:
    """What is wrong with the entry itself; notice comes later."""
    found = check_list_entry(
        data, today=today(), notice_days=notice_days(data.list), known_code=known_code
    )
    return [fault for fault in found if (fault.path, fault.code) not in _NOT_YET]


def _fill(entry: ListEntry, data: ListEntryInput, grounds: Grounds | None) -> None:
    assert data.listed_on is not None  # checked, as is the next
    assert data.expires_on is not None
    entry.listed_on = entry.planned_on = data.listed_on
    entry.expires_on = data.expires_on
    entry.document = data.document
    entry.legal_basis = data.legal_basis
    entry.reason = data.reason
    if grounds is not None:
        entry.condition = grounds.condition
        entry.evidence = grounds.evidence.strip()
        entry.renews = grounds.renews


def _forget_notice(entry: ListEntry) -> None:
    entry.notified_on = entry.notice_days = entry.waived_on = entry.statement_on = None
    entry.notice_document = entry.waiver_document = entry.statement = ""
    entry.hearing = entry.hearing_reason = ""
    entry.returned_remark = ""


def standing_entry(data: ListEntryInput) -> ListEntry | None:
    """The entry of the same list, organisation, document and day that is not revoked.

    The organisation is locked until the end of the transaction, so that two callers who hand in
    the same entry at once see each other's.
    """
    data = data.cleaned()
    subject = known(data.credit_code)
    if subject is None or data.listed_on is None:
        return None
    Subject.objects.select_for_update().get(pk=subject.pk)
    return _standing(data, subject).select_related("subject").first()


def made_twice(entry: ListEntry, data: ListEntryInput) -> bool:
    """Whether somebody handed in the same while there was no organisation yet that one could lock.

    Asked once ``entry`` is made, under a lock that those who have made one as well can wait for.
    """
    Subject.objects.select_for_update(no_key=True).get(pk=entry.subject_id)
    return _standing(data.cleaned(), entry.subject).exclude(pk=entry.pk).exists()


def _standing(data: ListEntryInput, subject: Subject) -> QuerySet[ListEntry]:
    same = Q(listed_on=data.listed_on) | Q(planned_on=data.listed_on)
    rows: QuerySet[ListEntry] = ListEntry.objects.filter(
        same, subject=subject, list=data.list, document=data.document
    ).exclude(state__in=GONE)
    return rows


def says_the_same(entry: ListEntry, data: ListEntryInput) -> bool:
    """Whether ``data``, handed in again, says what ``entry`` says.

    Notice is given after a proposal: one that came without it says the same still.
    """
    data = data.cleaned()
    names = ["expires_on", "legal_basis", "reason"]
    if entry.taken_over or data.notified_on is not None:
        names.append("notified_on")
    return all(getattr(entry, name) == getattr(data, name) for name in names)
