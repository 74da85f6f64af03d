"""From draft to force: who may, who may not, and what is told and kept on the way (2-1)."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Officer
from accounts.roles import Can, Role
from core.models import AuditEntry
from tests import factories
from tests.violations.inputs import decision_input
from violations.enums import DecisionState
from violations.errors import InvalidDecision, NotAllowed, StaleVersion, WrongState
from violations.models import Decision
from violations.reviewers import free_reviewers
from violations.selectors import awaiting_confirmation, in_full, returned_to
from violations.services import (
    confirm_decision,
    edit_decision,
    record_decision,
    return_decision,
    submit_decision,
    withdraw_decision,
)
from violations.workflow import TABLE, Action, allows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

Told = list[tuple[str, list[int]]]


@pytest.fixture
def recorder() -> Officer:
    return factories.officer(Role.RECORDER)


@pytest.fixture
def reviewer() -> Officer:
    return factories.officer(Role.UNIT_REVIEWER)


@pytest.fixture
def submitted(recorder: Officer) -> Decision:
    return record_decision(officer=recorder, data=decision_input(), submit=True)


def confirm(officer: Officer, decision: Decision) -> Decision:
    return confirm_decision(officer=officer, decision_id=decision.pk, version=decision.version)


def test_a_second_person_of_the_unit_puts_it_in_force(
    reviewer: Officer, submitted: Decision, told: Told
) -> None:
    confirmed = confirm(reviewer, submitted)
    assert (confirmed.state, confirmed.confirmed_by) == (DecisionState.IN_FORCE, reviewer)
    assert confirmed.confirmed_at is not None
    assert told == [("decision", [submitted.subject_id])]
    latest = Decision.history.first()
    assert (latest.history_user, latest.history_change_reason) == (reviewer, "审核通过")
    entry = AuditEntry.objects.get(action="decision.confirm")
    assert (entry.actor, entry.target_id) == (reviewer.number, str(submitted.pk))


def test_what_is_not_in_force_tells_nobody(
    recorder: Officer, reviewer: Officer, told: Told
) -> None:
    decision = record_decision(officer=recorder, data=decision_input())
    submit_decision(officer=recorder, decision_id=decision.pk, version=1)
    return_decision(officer=reviewer, decision_id=decision.pk, version=2, remark="请补充事实。")
    withdraw_decision(officer=recorder, decision_id=decision.pk, version=3)
    assert told == []
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True))[-4:] == [
        "decision.record",
        "decision.submit",
        "decision.return",
        "decision.withdraw",
    ]


def test_editors_of_any_version_never_confirm(recorder: Officer, submitted: Decision) -> None:
    """Recorder, editor and submitter hold both roles, and none of them is the second person."""
    both = factories.officer(Role.RECORDER, Role.UNIT_REVIEWER)
    submitter = factories.officer(Role.RECORDER, Role.UNIT_REVIEWER)
    factories.officer(Role.UNIT_REVIEWER)
    edit_decision(officer=both, decision_id=submitted.pk, version=1, data=decision_input())
    edit_decision(officer=recorder, decision_id=submitted.pk, version=2, data=decision_input())
    again = submit_decision(officer=submitter, decision_id=submitted.pk, version=3)
    for officer in (both, submitter):
        with pytest.raises(NotAllowed, match="不能审核"):
            confirm(officer, again)
        assert not awaiting_confirmation(officer).exists()


def test_a_recorder_who_is_reviewer_as_well_does_not_confirm_the_own() -> None:
    both = factories.officer(Role.RECORDER, Role.UNIT_REVIEWER)
    factories.officer(Role.UNIT_REVIEWER)
    decision = record_decision(officer=both, data=decision_input(), submit=True)
    with pytest.raises(NotAllowed):
        confirm(both, decision)
    with pytest.raises(NotAllowed):
        return_decision(officer=both, decision_id=decision.pk, version=1, remark="自己退回自己。")


def test_the_office_confirms_only_where_the_unit_has_no_free_reviewer(
    reviewer: Officer, submitted: Decision
) -> None:
    office = factories.officer(Role.OFFICE, unit=factories.unit("WG-OFFICE", "局办公室"))
    with pytest.raises(NotAllowed, match="由治安管理大队的审核人审核"):
        confirm(office, submitted)
    assert not awaiting_confirmation(office).exists()
    reviewer.is_active = False
    reviewer.save()
    assert list(awaiting_confirmation(office)) == [submitted]
    assert confirm(office, submitted).confirmed_by == office


def test_the_only_reviewer_who_edited_it_is_not_free(submitted: Decision) -> None:
    both = factories.officer(Role.RECORDER, Role.UNIT_REVIEWER)
    office = factories.officer(Role.OFFICE, unit=factories.unit("WG-OFFICE", "局办公室"))
    edit_decision(officer=both, decision_id=submitted.pk, version=1, data=decision_input())
    again = submit_decision(officer=both, decision_id=submitted.pk, version=2)
    assert not free_reviewers(again.unit, again).exists()
    assert confirm(office, again).state == DecisionState.IN_FORCE


def test_a_reviewer_of_another_unit_confirms_nothing(
    reviewer: Officer, submitted: Decision
) -> None:
    stranger = factories.officer(Role.UNIT_REVIEWER, unit=factories.unit("WG-JD"))
    assert not awaiting_confirmation(stranger).exists()
    with pytest.raises(NotAllowed):
        confirm(stranger, submitted)


@pytest.mark.parametrize(
    "role", [Role.RECORDER, Role.APPROVER, Role.TIP_HANDLER, Role.AUDITOR, Role.ADMINISTRATOR]
)
def test_no_other_role_confirms(role: str, submitted: Decision) -> None:
    with pytest.raises(NotAllowed, match="您的角色不能审核通过"):
        confirm(factories.officer(role), submitted)


def test_a_disabled_reviewer_confirms_nothing(submitted: Decision) -> None:
    with pytest.raises(NotAllowed):
        confirm(factories.officer(Role.UNIT_REVIEWER, is_active=False), submitted)


def test_what_changed_since_it_was_read_is_not_confirmed(
    recorder: Officer, reviewer: Officer, submitted: Decision
) -> None:
    edit_decision(officer=recorder, decision_id=submitted.pk, version=1, data=decision_input())
    submit_decision(officer=recorder, decision_id=submitted.pk, version=2)
    with pytest.raises(StaleVersion) as stale:
        confirm(reviewer, submitted)
    assert stale.value.decision.version == 3


def test_a_return_goes_back_to_those_who_entered_it(
    recorder: Officer, reviewer: Officer, submitted: Decision
) -> None:
    returned = return_decision(
        officer=reviewer, decision_id=submitted.pk, version=1, remark=" 请补充违法事实。\r\n"
    )
    assert (returned.state, returned.returned_remark) == (DecisionState.DRAFT, "请补充违法事实。")
    assert not returned.truth_stated
    assert list(returned_to(recorder)) == [submitted]
    assert not returned_to(factories.officer(Role.RECORDER)).exists()
    assert not returned_to(reviewer).exists()
    with pytest.raises(InvalidDecision, match="真实性声明"):
        submit_decision(officer=recorder, decision_id=submitted.pk, version=2)
    again = submit_decision(
        officer=recorder, decision_id=submitted.pk, version=2, truth_stated=True
    )
    assert not returned_to(recorder).exists()
    assert confirm(reviewer, again).returned_remark == ""


@pytest.mark.parametrize(
    ("remark", "code"), [("不行", "too_short"), ("  ", "too_short"), ("字" * 1001, "too_long")]
)
def test_a_return_says_why(reviewer: Officer, submitted: Decision, remark: str, code: str) -> None:
    with pytest.raises(InvalidDecision) as refused:
        return_decision(officer=reviewer, decision_id=submitted.pk, version=1, remark=remark)
    assert [(f.path, f.code) for f in refused.value.faults] == [("remark", code)]


def test_withdrawing_frees_the_number(recorder: Officer, submitted: Decision) -> None:
    gone = withdraw_decision(
        officer=recorder, decision_id=submitted.pk, version=1, reason="录错单位"
    )
    assert gone.state == DecisionState.WITHDRAWN
    assert record_decision(officer=recorder, data=decision_input()).number == gone.number


def test_a_unit_withdraws_nothing_in_force_and_nothing_of_others(
    recorder: Officer, submitted: Decision
) -> None:
    in_force = factories.decision(recorded_by=recorder)
    with pytest.raises(WrongState, match="已生效，不能作废"):
        withdraw_decision(officer=recorder, decision_id=in_force.pk, version=1)
    stranger = factories.officer(Role.RECORDER, unit=factories.unit("WG-JD"))
    with pytest.raises(NotAllowed, match="归口"):
        withdraw_decision(officer=stranger, decision_id=submitted.pk, version=1)


_CALLS: dict[Action, Any] = {
    Action.SUBMIT: submit_decision,
    Action.CONFIRM: confirm_decision,
    Action.RETURN: lambda **kw: return_decision(remark="请更正日期。", **kw),
    Action.WITHDRAW: withdraw_decision,
}


@pytest.mark.parametrize("state", list(DecisionState))
@pytest.mark.parametrize("action", list(_CALLS))
def test_every_state_refuses_what_the_table_does_not_name(
    state: DecisionState, action: Action
) -> None:
    """With an officer who may do all of it, so that only the state can be in the way."""
    recorder = factories.officer(Role.RECORDER)
    officer = factories.officer(Role.RECORDER, Role.UNIT_REVIEWER)
    decision = factories.decision(state=state, recorded_by=recorder)
    call = {"officer": officer, "decision_id": decision.pk, "version": 1}
    if (state, action) in TABLE:
        assert _CALLS[action](**call).state == TABLE[state, action].to
    else:
        with pytest.raises(WrongState, match="请打开记录"):
            _CALLS[action](**call)
        decision.refresh_from_db()
        assert (decision.state, decision.version) == (state, 1)


def test_buttons_follow_the_table(
    recorder: Officer, reviewer: Officer, submitted: Decision
) -> None:
    assert allows(submitted, Action.CONFIRM, reviewer)
    assert not allows(submitted, Action.CONFIRM, recorder)
    assert allows(submitted, Action.WITHDRAW, recorder)
    assert not allows(submitted, Action.SUBMIT, recorder)
    assert not reviewer.may(Can.RECORD_OUTCOME)


def test_a_decision_in_full_is_read_by_its_unit_alone(
    recorder: Officer, submitted: Decision, django_assert_num_queries: Any
) -> None:
    recorder.roles  # noqa: B018 - read once a request, not a matter of this selector
    with django_assert_num_queries(4):
        read = in_full(Decision.objects.visible_to(recorder)).get(pk=submitted.pk)
        assert [d.kind for v in read.violations.all() for d in v.dispositions.all()] == ["fine"]
        assert (read.recorded_by.unit, list(read.contests.all())) == (recorder.unit, [])
    stranger = factories.officer(Role.RECORDER, unit=factories.unit("WG-JD"))
    with pytest.raises(Decision.DoesNotExist):
        in_full(Decision.objects.visible_to(stranger)).get(pk=submitted.pk)


def test_the_list_to_confirm_takes_one_query(
    reviewer: Officer, submitted: Decision, django_assert_num_queries: Any
) -> None:
    record_decision(officer=submitted.recorded_by, data=decision_input(number="号2"), submit=True)
    reviewer.roles  # noqa: B018
    with django_assert_num_queries(1):
        rows = [
            (d.unit.name, d.subject.name, d.recorded_by.name)
            for d in awaiting_confirmation(reviewer)
        ]
    assert len(rows) == 2
