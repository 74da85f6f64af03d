"""A proposal on its way, step by step through the services, for tests that begin at one of them."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import time_machine

from accounts.models import Officer
from accounts.roles import Role
from subjects.models import Subject
from tests import factories
from violations.enums import Hearing
from violations.list_approval import approve_list_entry
from violations.list_entries import ListEntryInput
from violations.list_hearing import record_hearing, record_notice, record_waiver
from violations.list_proposals import Grounds, propose_list_entry
from violations.models import ListCondition, ListEntry

SERVED = date(2026, 9, 28)  # a Monday; 5 working days end on Saturday 10 October, worked
LAST_OF_FIVE = date(2026, 10, 10)
FIRST_AFTER = date(2026, 10, 11)


def on(day: date) -> AbstractContextManager[Any]:
    """Nine in the morning of ``day`` in Asia/Shanghai."""
    return time_machine.travel(f"{day} 09:00+08:00", tick=False)


def condition(list: str = "black", **fields: Any) -> ListCondition:
    given = {
        "words": "拒不履行行政处罚决定，情节严重的",
        "legal_basis": "河南省社会信用条例 第二十八条",
        "document": "舞公〔2026〕1号",
        "valid_from": date(2026, 1, 1),
    }
    made: ListCondition = ListCondition.objects.create(list=list, **{**given, **fields})
    return made


class Case:
    """One proposal; each method is a step taken by ``office`` on its day."""

    def __init__(self, list: str = "black", subject: Subject | None = None) -> None:
        self.list = list
        self.office = factories.officer(Role.OFFICE)
        self.approver = factories.officer(Role.APPROVER)
        self.subject = subject or factories.subject()
        self.condition = condition(list)
        with on(SERVED):
            self.entry = propose_list_entry(
                officer=self.office, data=self.data(), grounds=Grounds(self.condition, "样例证据")
            )

    def data(self, **changes: Any) -> ListEntryInput:
        given: dict[str, Any] = {
            "list": self.list,
            "credit_code": self.subject.credit_code,
            "name": self.subject.name,
            "listed_on": date(2026, 10, 12),
            "expires_on": date(2027, 10, 11),
            "document": "舞公信拟〔2026〕1号",
            "legal_basis": "河南省社会信用条例 第二十八条",
            "reason": "拒不履行处罚决定",
            "notified_on": None,
        }
        return ListEntryInput(**{**given, **changes})

    def read(self) -> ListEntry:
        """The entry as it stands now."""
        self.entry = ListEntry.objects.get(pk=self.entry.pk)
        return self.entry

    @property
    def at(self) -> dict[str, Any]:
        """What every step is told: which entry, in which version."""
        entry = self.read()
        return {"entry_id": entry.pk, "version": entry.version}

    def notify(self, day: date = SERVED) -> Case:
        with on(day):
            record_notice(officer=self.office, on=day, document="舞公信告〔2026〕1号", **self.at)
        return self

    def waive(self, day: date) -> Case:
        with on(day):
            record_waiver(officer=self.office, on=day, document="放弃声明 1 份", **self.at)
        return self

    def hear(self, hearing: str = Hearing.REJECTED, day: date = date(2026, 9, 30)) -> Case:
        said: dict[str, Any] = {"on": day, "statement": "已履行", "reason": "查无"}
        if hearing == Hearing.NONE:
            said = {}
        with on(day):
            record_hearing(officer=self.office, hearing=hearing, **said, **self.at)
        return self

    def approve(self, day: date, officer: Officer | None = None, **fields: Any) -> ListEntry:
        with on(day):
            return approve_list_entry(
                officer=officer or self.approver,
                **{"document": "舞公信〔2026〕1号", **self.at, **fields},
            )


def published(list: str = "black", subject: Subject | None = None) -> Case:
    """An entry that went the whole way."""
    case = Case(list, subject).notify()
    if list == "black":
        case.hear()
        case.approve(FIRST_AFTER)
    else:
        case.approve(date(2026, 10, 20))
    case.read()
    return case
