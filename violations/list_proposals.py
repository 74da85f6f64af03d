"""Proposing an entry of the red or black list; it counts for nothing until somebody approves it.

A machine never puts anyone on a list (3-C): what comes in here waits for a second person.
"""

from __future__ import annotations

from django.db import transaction

from accounts.models import Officer
from accounts.roles import Can
from core import audit
from core.clock import today
from subjects.models import Subject
from violations.enums import ListState
from violations.errors import InvalidDecision, NotAllowed
from violations.list_entries import ListEntryInput, check_list_entry, notice_days
from violations.models import ListEntry
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


@transaction.atomic
def propose_list_entry(*, officer: Officer, data: ListEntryInput) -> ListEntry:
    """Propose an entry; ``listed_on`` may lie ahead, and the notice need not have run.

    An unknown organisation is registered. Raises NotAllowed, InvalidDecision, and DuplicateSubject
    where somebody else registers it at this moment: they may be proposing the same entry.
    """
    if not officer.may(Can.PROPOSE_LIST_ENTRY):
        raise NotAllowed("您的角色不能提出名单条目。需要提出的，请联系局办公室。")
    data = data.cleaned()
    subject = known(data.credit_code)
    faults = [
        fault
        for fault in check_list_entry(
            data,
            today=today(),
            notice_days=notice_days(data.list),
            known_code=subject is not None,
        )
        if (fault.path, fault.code) not in _NOT_YET
    ]
    if faults:
        raise InvalidDecision(faults)
    assert data.listed_on is not None  # checked, as is the next
    assert data.expires_on is not None
    entry = ListEntry(
        list=data.list,
        subject=subject or entered(officer=officer, credit_code=data.credit_code, name=data.name),
        state=ListState.PROPOSED,
        notified_on=data.notified_on,
        listed_on=data.listed_on,
        expires_on=data.expires_on,
        document=data.document,
        legal_basis=data.legal_basis,
        reason=data.reason,
        proposed_by=officer,
    )
    save_as(officer, entry, reason="提出名单条目")
    audit.record(
        actor=officer,
        action="list_entry.propose",
        target=entry,
        details={"list": entry.list, "credit_code": entry.subject.credit_code},
    )
    return entry


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
    found: ListEntry | None = (
        ListEntry.objects.filter(
            subject=subject, list=data.list, document=data.document, listed_on=data.listed_on
        )
        .exclude(state=ListState.REVOKED)
        .select_related("subject")
        .first()
    )
    return found


def says_the_same(entry: ListEntry, data: ListEntryInput) -> bool:
    """Whether ``data``, handed in again, says what ``entry`` says."""
    data = data.cleaned()
    names = ("expires_on", "legal_basis", "reason", "notified_on")
    return all(getattr(entry, name) == getattr(data, name) for name in names)
