"""Taking over published list entries: only while allowed, only after due notice (3-A, 3-C)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry, OfficeSetting
from tests import factories
from violations.enums import ListState
from violations.errors import InvalidDecision, NotAllowed
from violations.list_entries import ListEntryInput, take_over_list_entry
from violations.models import ListEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

RIGHT = ListEntryInput(
    list="black",
    credit_code=factories.credit_code(1),
    name="舞钢市样例保安服务有限公司",
    listed_on=date(2026, 3, 2),  # a Monday
    expires_on=date(2027, 3, 1),
    document="舞公信〔2026〕1号",
    legal_basis="河南省社会信用条例 第二十八条",
    reason="样例事由",
    notified_on=date(2026, 2, 20),  # five working days before: the 24th to Saturday the 28th
)


@pytest.fixture
def office() -> Officer:
    return factories.officer(Role.OFFICE)


@pytest.fixture
def _open() -> None:
    OfficeSetting.objects.create(
        key="takeover_until", value="2026-11-20", effective_from=date(2026, 1, 1)
    )


@pytest.mark.usefixtures("_open")
def test_an_entry_is_in_force_marked_and_told(
    office: Officer, told: list[tuple[str, list[int]]]
) -> None:
    entry = take_over_list_entry(officer=office, data=RIGHT)
    assert (entry.state, entry.taken_over) == (ListState.PUBLISHED, True)
    assert entry.approved_by == entry.proposed_by == office
    assert entry.subject.credit_code == RIGHT.credit_code
    assert told == [("takeover", [entry.subject_id])]
    assert entry.history.get().history_user == office
    assert AuditEntry.objects.get(action="list_entry.take_over").actor == office.number


@pytest.mark.usefixtures("_open")
def test_the_same_entry_is_taken_over_once(office: Officer) -> None:
    take_over_list_entry(officer=office, data=RIGHT)
    with pytest.raises(InvalidDecision, match="已登记"):
        take_over_list_entry(officer=office, data=RIGHT)
    assert ListEntry.objects.count() == 1


@pytest.mark.parametrize("value", ["", "2026-11-19"])
def test_nothing_is_taken_over_when_the_office_closed_it(office: Officer, value: str) -> None:
    OfficeSetting.objects.create(key="takeover_until", value=value, effective_from=date(2026, 1, 1))
    with pytest.raises(NotAllowed, match="历史记录接收未开放"):
        take_over_list_entry(officer=office, data=RIGHT)


def test_it_is_closed_by_default(office: Officer) -> None:
    with pytest.raises(NotAllowed, match="历史记录接收未开放"):
        take_over_list_entry(officer=office, data=RIGHT)


@pytest.mark.usefixtures("_open")
@pytest.mark.parametrize("role", [role for role in Role if role != Role.OFFICE])
def test_only_the_office_takes_over(role: str) -> None:
    with pytest.raises(NotAllowed, match="请联系局办公室"):
        take_over_list_entry(officer=factories.officer(role), data=RIGHT)


@pytest.mark.usefixtures("_open")
@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"list": "grey"}, "list", "unknown"),
        ({"credit_code": "110101199003070011"}, "credit_code", "person"),
        ({"credit_code": ""}, "credit_code", "missing"),
        ({"name": ""}, "name", "missing"),
        ({"document": ""}, "document", "missing"),
        ({"legal_basis": ""}, "legal_basis", "missing"),
        ({"reason": ""}, "reason", "missing"),
        ({"listed_on": None}, "listed_on", "missing"),
        ({"listed_on": date(2026, 11, 23)}, "listed_on", "future"),
        ({"expires_on": None}, "expires_on", "missing"),
        ({"expires_on": date(2026, 3, 1)}, "expires_on", "before_listed"),
        ({"notified_on": None}, "notified_on", "missing"),
        ({"notified_on": date(2026, 3, 2)}, "notified_on", "not_before_listed"),
        ({"notified_on": date(2026, 2, 24)}, "notified_on", "notice_too_short"),
        ({"list": "red"}, "notified_on", "notice_too_short"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    office: Officer, changes: dict[str, Any], path: str, code: str
) -> None:
    with pytest.raises(InvalidDecision) as refused:
        take_over_list_entry(officer=office, data=replace(RIGHT, **changes))
    assert [(f.path, f.code) for f in refused.value.faults] == [(path, code)]
    assert not ListEntry.objects.exists()


@pytest.mark.usefixtures("_open")
def test_the_red_list_is_announced_for_seven_working_days(office: Officer) -> None:
    data = replace(RIGHT, list="red", notified_on=date(2026, 2, 12))
    assert take_over_list_entry(officer=office, data=data).list == "red"


@pytest.mark.usefixtures("_open")
def test_the_last_day_of_an_entry_may_be_its_first(office: Officer) -> None:
    assert take_over_list_entry(officer=office, data=replace(RIGHT, expires_on=RIGHT.listed_on))
