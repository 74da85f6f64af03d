"""Removal and revocation of a list entry: proposed by one, agreed to by another; and renewal."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from accounts.roles import Role
from core.models import AuditEntry
from tests import factories
from tests.violations.list_cases import Case, condition, on, published
from violations.enums import ListState
from violations.errors import CaseChanged, CaseRefused, InvalidDecision, NotAllowed
from violations.list_closing import agree_to_closing, propose_closing, refuse_closing
from violations.list_proposals import Grounds, propose_list_entry, withdraw_list_entry

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


def propose(case: Case, **changes: Any) -> Case:
    given = {
        "closing": "removal",
        "on": date(2026, 11, 25),
        "reason": "已履行义务",
        "document": "舞公信移〔2026〕1号",
    }
    with on(DAY):
        propose_closing(**{"officer": case.office, **given, **case.at, **changes})
    return case


def test_a_removal_takes_two_persons(told: list[tuple[str, list[int]]]) -> None:
    case = propose(published())
    told.clear()
    assert case.read().removed_on is None
    with on(DAY):
        entry = agree_to_closing(officer=case.approver, **case.at)
    assert (entry.removed_on, entry.state) == (date(2026, 11, 25), ListState.PUBLISHED)
    assert (entry.closing_proposed_by, entry.closing_approved_by) == (case.office, case.approver)
    assert told == [("list_entry", [entry.subject_id])]
    assert AuditEntry.objects.get(action="list_entry.agree_closing").reason == "已履行义务"


def test_who_proposed_it_never_agrees() -> None:
    both = factories.officer(Role.OFFICE, Role.APPROVER)
    case = propose(published(), officer=both)
    with on(DAY), pytest.raises(NotAllowed, match="提请移出或撤销的人不能审批"):
        agree_to_closing(officer=both, **case.at)
    assert case.read().removed_on is None


@pytest.mark.parametrize("role", [role for role in Role if role != Role.APPROVER])
def test_other_roles_do_not_agree(role: str) -> None:
    case = propose(published())
    with on(DAY), pytest.raises(NotAllowed):
        agree_to_closing(officer=factories.officer(role), **case.at)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OFFICE])
def test_other_roles_do_not_propose(role: str) -> None:
    with pytest.raises(NotAllowed):
        propose(published(), officer=factories.officer(role))


def test_a_revocation_counts_on_no_day() -> None:
    case = propose(published(), closing="revocation", on=None)
    with on(DAY):
        agree_to_closing(officer=case.approver, **case.at)
    assert (case.read().state, case.entry.removed_on) == (ListState.REVOKED, None)


def test_nothing_to_agree_to_is_said() -> None:
    case = published()
    with on(DAY), pytest.raises(CaseRefused, match="没有待审批的移出或撤销"):
        agree_to_closing(officer=case.approver, **case.at)


def test_a_second_proposal_waits_for_the_first() -> None:
    case = propose(published())
    with pytest.raises(CaseRefused, match="不能重复提请"):
        propose(case)


def test_what_was_read_is_what_is_agreed_to() -> None:
    case = published()
    version = case.entry.version
    propose(case)
    with on(DAY), pytest.raises(CaseChanged):
        agree_to_closing(officer=case.approver, entry_id=case.entry.pk, version=version)


def test_refused_the_entry_stands_as_it_was() -> None:
    case = propose(published())
    with on(DAY):
        refuse_closing(officer=case.approver, remark="材料不全", **case.at)
    entry = case.read()
    assert (entry.closing, entry.closing_proposed_by, entry.removed_on) == ("", None, None)
    assert entry.returned_remark == "材料不全"
    propose(case)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reason": ""}, "没有填写理由"),
        ({"document": ""}, "没有填写文书"),
        ({"closing": "away"}, "没有选择移出或撤销"),
        ({"on": None}, "没有填写移出日期"),
        ({"on": date(2026, 10, 11)}, "不能早于列入日期"),
        ({"on": date(2027, 10, 12)}, "不能晚于有效期"),
    ],
)
def test_what_is_missing_is_said(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidDecision, match=said):
        propose(published(), **changes)


def test_leaving_the_red_list_never_begins_in_the_past_leaving_the_black_list_may() -> None:
    for list, expected in (("red", date(2026, 12, 1)), ("black", date(2026, 11, 25))):
        case = propose(published(list))
        with on(date(2026, 12, 1)):
            assert agree_to_closing(officer=case.approver, **case.at).removed_on == expected


def test_a_renewal_follows_on_by_the_same_procedure() -> None:
    case = published("red")
    data = case.data(
        document="舞公信拟〔2027〕2号",
        listed_on=date(2027, 10, 12),
        expires_on=date(2028, 10, 11),
    )
    grounds = Grounds(case.condition, "年度复核合格", renews=case.entry)
    with on(date(2027, 9, 1)):
        renewal = propose_list_entry(officer=case.office, data=data, grounds=grounds)
    assert (renewal.renews, renewal.state) == (case.entry, ListState.PROPOSED)
    again = Case.__new__(Case)
    again.__dict__ = {**case.__dict__, "entry": renewal}
    with pytest.raises(CaseRefused, match="尚未登记公示"):
        again.approve(date(2027, 10, 8))


@pytest.mark.parametrize("list", ["red", "black"])
def test_a_renewal_neither_overlaps_nor_concerns_the_black_list(list: str) -> None:
    case = published(list)
    day = date(2027, 10, 11) if list == "red" else date(2027, 10, 12)
    data = case.data(document="另一号", listed_on=day, expires_on=date(2028, 1, 1))
    with on(date(2027, 9, 1)), pytest.raises(InvalidDecision, match="续列须接在红名单原条目之后"):
        propose_list_entry(
            officer=case.office,
            data=data,
            grounds=Grounds(case.condition, "年度复核合格", case.entry),
        )


def test_a_proposal_names_a_condition_in_force_of_its_own_list() -> None:
    case = Case()
    over = condition(valid_until=date(2026, 9, 1), valid_from=date(2026, 1, 1))
    for wrong in (None, condition("red"), over):
        with on(DAY), pytest.raises(InvalidDecision, match="条件"):
            propose_list_entry(
                officer=case.office, data=case.data(document="另一号"), grounds=Grounds(wrong)
            )


def test_a_proposal_given_up_says_why_and_stands_in_nobody_s_way() -> None:
    case = Case()
    with on(DAY):
        withdraw_list_entry(officer=case.office, reason="陈述申辩已采纳", **case.at)
        assert case.read().state == ListState.WITHDRAWN
        propose_list_entry(officer=case.office, data=case.data())
    with on(DAY), pytest.raises(CaseRefused, match="未列入，不能撤回"):
        withdraw_list_entry(officer=case.office, reason="再撤", **case.at)
