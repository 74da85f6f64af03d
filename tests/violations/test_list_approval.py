"""Approval of a list entry: never before the period ran, never by who prepared it (3-A, 3-C)."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.roles import Can, Role
from core.models import AuditEntry, Holiday, OfficeSetting
from grading.models import RegradeRequest
from tests import factories
from tests.violations.list_cases import FIRST_AFTER, LAST_OF_FIVE, SERVED, Case, on, published
from violations.enums import Hearing, ListState, Settlement
from violations.errors import CaseChanged, CaseRefused, InvalidDecision, NotAllowed
from violations.list_approval import return_list_entry
from violations.list_hearing import record_hearing, record_objection, settle_objection
from violations.list_notice import period
from violations.list_proposals import Grounds, edit_list_entry, propose_list_entry
from violations.list_workflow import Step, steps

pytestmark = pytest.mark.django_db


def test_the_period_runs_over_national_day_and_the_make_up_saturday() -> None:
    case = Case().notify().hear()
    ends = period(case.entry)
    assert ends is not None
    assert ends.day == LAST_OF_FIVE
    assert "10-01 至 10-07 国庆节放假，10-10 上班" in ends.why


@pytest.mark.parametrize("day", [SERVED, date(2026, 9, 29), date(2026, 10, 9), LAST_OF_FIVE])
def test_approval_before_the_period_has_run_is_refused(day: date) -> None:
    case = Case().notify().hear(day=SERVED)
    with pytest.raises(CaseRefused, match="告知期未满：2026-10-10 期满"):
        case.approve(day)
    assert case.read().state == ListState.PROPOSED


def test_the_day_after_the_period_it_takes_effect(told: list[tuple[str, list[int]]]) -> None:
    case = Case().notify().hear()
    entry = case.approve(FIRST_AFTER)
    assert (entry.state, entry.approved_by) == (ListState.PUBLISHED, case.approver)
    assert (entry.notice_ends_on, entry.listed_on) == (LAST_OF_FIVE, date(2026, 10, 12))
    assert told == [("list_entry", [entry.subject_id])]
    assert RegradeRequest.objects.filter(subject=entry.subject).exists()
    row = AuditEntry.objects.get(action="list_entry.approve")
    assert (row.actor, row.details["notice_ends_on"]) == (case.approver.number, "2026-10-10")
    assert entry.history.latest().history_user == case.approver


def test_a_waiver_on_file_stands_in_for_the_period() -> None:
    case = Case().notify().hear(day=SERVED).waive(date(2026, 9, 29))
    assert case.approve(date(2026, 9, 29), listed_on=date(2026, 9, 29)).notice_ends_on


def test_a_waiver_does_not_make_the_listing_begin_on_the_day_of_the_notice() -> None:
    case = Case().notify().waive(SERVED).hear(day=SERVED)
    with pytest.raises(InvalidDecision, match="列入日期不能早于 2026-09-29"):
        case.approve(SERVED, listed_on=SERVED)


def test_without_notice_nothing_is_approved() -> None:
    with pytest.raises(CaseRefused, match="尚未登记告知"):
        Case().approve(FIRST_AFTER)


def test_the_period_that_the_notice_named_counts_whatever_the_setting_says_since() -> None:
    case = Case().notify().hear()
    OfficeSetting.objects.create(
        key="black_notice_working_days", value="1", effective_from=date(2026, 9, 29)
    )
    with pytest.raises(CaseRefused, match="期未满"):
        case.approve(date(2026, 10, 9))


def test_a_make_up_day_entered_meanwhile_moves_the_end() -> None:
    case = Case().notify().hear()
    Holiday.objects.create(day=date(2026, 10, 9), kind="off", name="样例", year=2026, notice="样例")
    with pytest.raises(CaseRefused, match="2026-10-12 期满"):
        case.approve(FIRST_AFTER)


def test_a_party_not_heard_is_not_listed() -> None:
    case = Case().notify()
    with pytest.raises(CaseRefused, match="尚未登记当事人的陈述申辩"):
        case.approve(FIRST_AFTER)


def test_a_statement_that_was_adopted_ends_it() -> None:
    case = Case().notify().hear(Hearing.ADOPTED)
    with pytest.raises(CaseRefused, match="已采纳，不得列入"):
        case.approve(FIRST_AFTER)


def test_that_nobody_stated_anything_is_known_only_after_the_period() -> None:
    case = Case().notify()
    with pytest.raises(CaseRefused, match="期满前不能登记"):
        case.hear(Hearing.NONE, LAST_OF_FIVE)
    assert case.hear(Hearing.NONE, FIRST_AFTER).approve(FIRST_AFTER).hearing == Hearing.NONE


def test_the_proposer_never_approves() -> None:
    both = factories.officer(Role.OFFICE, Role.APPROVER)
    case = Case()
    with on(SERVED):
        case.entry = propose_list_entry(officer=both, data=case.data(document="另一号"))
    case.notify().hear()
    with pytest.raises(NotAllowed, match="提出、修改或经办过此条目的人不能审批"):
        case.approve(FIRST_AFTER, both)


def grounds_of(case: Case) -> Grounds:
    return Grounds(case.condition, "样例证据")


@pytest.mark.parametrize("step", ["notify", "hear", "edit"])
def test_who_prepared_it_in_any_version_never_approves(step: str) -> None:
    both = factories.officer(Role.OFFICE, Role.APPROVER)
    case = Case().notify()
    first, case.office = case.office, both
    if step == "edit":
        with on(SERVED):
            edit_list_entry(
                officer=both,
                data=case.data(reason="改过的事由"),
                grounds=grounds_of(case),
                **case.at,
            )
    elif step == "notify":
        case.notify()
    else:
        case.hear()
    case.office = first
    case.notify().hear()
    with pytest.raises(NotAllowed, match="不能审批"):
        case.approve(FIRST_AFTER, both)
    assert not steps.allows(case.read(), Step.APPROVE, both)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.APPROVER])
def test_only_the_approver_s_role_approves(role: str) -> None:
    case = Case().notify().hear()
    with pytest.raises(NotAllowed, match="您的角色不能批准列入"):
        case.approve(FIRST_AFTER, factories.officer(role))
    assert Can.APPROVE_LIST_ENTRY not in factories.officer(role).permissions


def test_what_was_read_is_what_is_approved() -> None:
    case = Case().notify().hear()
    version = case.read().version
    case.hear(Hearing.PARTLY)
    with pytest.raises(CaseChanged, match="已办理过此条目"):
        case.approve(FIRST_AFTER, version=version)


def test_an_edit_makes_the_notice_worthless() -> None:
    case = Case().notify().hear()
    with on(date(2026, 10, 9)):
        edit_list_entry(
            officer=case.office,
            data=case.data(expires_on=date(2028, 10, 11)),
            grounds=grounds_of(case),
            **case.at,
        )
    entry = case.read()
    assert (entry.notified_on, entry.hearing, entry.notice_document) == (None, "", "")
    with pytest.raises(CaseRefused, match="尚未登记告知"):
        case.approve(FIRST_AFTER)


def test_nobody_is_listed_for_days_gone_by() -> None:
    case = Case().notify().hear()
    entry = case.approve(date(2026, 10, 20))
    assert (entry.planned_on, entry.listed_on) == (date(2026, 10, 12), date(2026, 10, 20))
    assert entry.expires_on == date(2027, 10, 11)


def test_a_term_that_is_over_is_not_approved() -> None:
    case = Case().notify().hear()
    with pytest.raises(InvalidDecision, match="列入日期不能晚于有效期"):
        case.approve(date(2027, 10, 12))


def test_a_publication_document_is_asked_for() -> None:
    case = Case().notify().hear()
    with pytest.raises(InvalidDecision, match="没有填写发布文书"):
        case.approve(FIRST_AFTER, document=" ")


def test_twice_is_refused() -> None:
    case = published()
    with pytest.raises(CaseRefused, match="已发布，不能批准列入"):
        case.approve(date(2026, 10, 13))


def test_returned_it_waits_for_the_office_with_the_remark() -> None:
    case = Case().notify().hear()
    with on(FIRST_AFTER):
        return_list_entry(officer=case.approver, remark="请补充证据", **case.at)
    assert (case.read().state, case.entry.returned_remark) == (ListState.PROPOSED, "请补充证据")
    with on(FIRST_AFTER), pytest.raises(NotAllowed):
        return_list_entry(officer=case.office, remark="不行", **case.at)


# red list


def test_seven_working_days_of_announcement() -> None:
    case = Case("red").notify()
    with pytest.raises(CaseRefused, match="公示期未满：2026-10-13 期满"):
        case.approve(date(2026, 10, 13))
    assert case.approve(date(2026, 10, 14)).state == ListState.PUBLISHED


def object_to(case: Case) -> int:
    with on(date(2026, 9, 29)):
        return record_objection(
            officer=case.office,
            received_on=date(2026, 9, 29),
            content="该单位有未结处罚",
            **case.at,
        ).pk


def settle(case: Case, objection: int, how: str) -> None:
    with on(date(2026, 10, 9)):
        settle_objection(
            officer=case.office, objection_id=objection, settlement=how, reason="查证", **case.at
        )


def test_an_objection_holds_the_approval_up_until_it_is_settled() -> None:
    case = Case("red").notify()
    objection = object_to(case)
    with pytest.raises(CaseRefused, match="还有 1 项公示异议没有处理"):
        case.approve(date(2026, 10, 14))
    settle(case, objection, Settlement.DISMISSED)
    assert case.approve(date(2026, 10, 14)).state == ListState.PUBLISHED


def test_an_objection_that_holds_ends_it() -> None:
    case = Case("red").notify()
    settle(case, object_to(case), Settlement.SUSTAINED)
    with pytest.raises(CaseRefused, match="公示异议成立，不得列入"):
        case.approve(date(2026, 10, 14))


def test_an_objection_is_settled_once() -> None:
    case = Case("red").notify()
    objection = object_to(case)
    settle(case, objection, Settlement.SUSTAINED)
    with pytest.raises(CaseRefused, match="已于 2026-10-09 处理"):
        settle(case, objection, Settlement.DISMISSED)


def test_red_has_no_statement_and_no_waiver_black_no_objection() -> None:
    with pytest.raises(CaseRefused, match="请登记异议"):
        Case("red").notify().hear()
    with pytest.raises(CaseRefused, match="请登记异议"):
        Case("red").notify().waive(SERVED)
    with pytest.raises(CaseRefused, match="请登记陈述申辩"):
        object_to(Case().notify())


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OFFICE])
def test_only_the_office_prepares(role: str) -> None:
    case = Case().notify()
    with on(SERVED), pytest.raises(NotAllowed, match="您的角色不能"):
        record_hearing(officer=factories.officer(role), hearing="none", **case.at)
