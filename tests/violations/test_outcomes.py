"""Contest, revocation and repair: who may, what is kept, who is told (5-9)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry
from tests import factories
from tests.violations.inputs import decision_input
from violations.enums import DecisionState
from violations.errors import InvalidDecision, NotAllowed, StaleVersion, WrongState
from violations.models import Contest, Decision, Violation
from violations.services import (
    contest_decision,
    end_contest,
    record_decision,
    repair_violation,
    revoke_violation,
    withdraw_in_force,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

Told = list[tuple[str, list[int]]]
REASON = "经复核，原决定认定事实不清，予以撤销。"
ON = date(2026, 10, 1)


@pytest.fixture
def office() -> Officer:
    return factories.officer(Role.OFFICE, unit=factories.unit("WG-OFFICE", "局办公室"))


@pytest.fixture
def decision() -> Decision:
    return factories.decision(decided_on=date(2026, 3, 1), acts=[[("fine", 100)], ["warning"]])


def revoke(officer: Officer, violation: Violation, **changes: Any) -> Violation:
    given: dict[str, Any] = {
        "on": ON,
        "reason": REASON,
        "document": "舞公撤〔2026〕1号",
        "basis": "court",
    }
    return revoke_violation(officer=officer, violation_id=violation.pk, **(given | changes))


def repair(officer: Officer, violation: Violation, **changes: Any) -> Violation:
    given: dict[str, Any] = {
        "on": ON,
        "reason": REASON,
        "document": "舞公修〔2026〕1号",
        "basis": "court",
    }
    return repair_violation(officer=officer, violation_id=violation.pk, **(given | changes))


def contest(officer: Officer, decision: Decision, **changes: Any) -> Contest:
    given: dict[str, Any] = {
        "contested_from": ON,
        "contested_until": None,
        "document": "舞政复〔2026〕1号",
    }
    return contest_decision(officer=officer, decision_id=decision.pk, **(given | changes))


def revoke_first(officer: Officer, decision: Decision) -> object:
    return revoke(officer, decision.violations.all()[0])


def repair_first(officer: Officer, decision: Decision) -> object:
    return repair(officer, decision.violations.all()[0])


def withdraw(officer: Officer, decision: Decision) -> object:
    return withdraw_in_force(
        officer=officer,
        decision_id=decision.pk,
        version=decision.version,
        on=ON,
        reason=REASON,
        document="舞公撤〔2026〕2号",
        basis="court",
    )


OUTCOMES: list[Callable[[Officer, Decision], object]] = [
    contest,
    revoke_first,
    repair_first,
    withdraw,
]


def test_a_revoked_act_keeps_reason_and_paper(
    office: Officer, decision: Decision, told: Told
) -> None:
    first, second = decision.violations.all()
    revoked = revoke(office, first)
    assert (revoked.revoked_on, revoked.revoked_reason) == (ON, REASON)
    second.refresh_from_db()
    assert second.revoked_on is None
    assert told == [("revocation", [decision.subject_id])]
    assert first.history.first().history_user == office
    entry = AuditEntry.objects.get(action="violation.revoke")
    assert (entry.actor, entry.reason, entry.target_id) == (office.number, REASON, str(first.pk))


def test_a_repaired_act_keeps_reason_and_paper(
    office: Officer, decision: Decision, told: Told
) -> None:
    first = decision.violations.all()[0]
    repaired = repair(office, first)
    assert (repaired.repaired_on, repaired.revoked_on) == (ON, None)
    assert told == [("repair", [decision.subject_id])]
    assert AuditEntry.objects.filter(action="violation.repair").count() == 1
    with pytest.raises(InvalidDecision, match="已于 2026-10-01 修复"):
        repair(office, first)
    revoke(office, first)
    with pytest.raises(InvalidDecision, match="已于 2026-10-01 撤销"):
        revoke(office, first)


def test_a_contest_begins_and_ends(office: Officer, decision: Decision, told: Told) -> None:
    row = contest(office, decision)
    assert (row.contested_from, row.contested_until) == (ON, None)
    with pytest.raises(InvalidDecision, match="已登记"):
        contest(office, decision)
    ended = end_contest(
        officer=office, contest_id=row.pk, until=date(2026, 11, 1), outcome="维持原决定。"
    )
    assert (ended.contested_until, ended.outcome) == (date(2026, 11, 1), "维持原决定。")
    assert told == [("contest", [decision.subject_id])] * 2
    with pytest.raises(InvalidDecision, match="结果已登记"):
        end_contest(officer=office, contest_id=row.pk, until=ON, outcome="再次。")


def test_a_contest_ends_after_it_began(office: Officer, decision: Decision) -> None:
    with pytest.raises(InvalidDecision, match="须晚于 2026-10-01"):
        contest(office, decision, contested_until=ON)
    row = contest(office, decision)
    with pytest.raises(InvalidDecision, match="须晚于 2026-10-01"):
        end_contest(officer=office, contest_id=row.pk, until=ON, outcome="维持原决定。")


def test_a_wrong_entry_falls_as_a_whole_and_is_recorded_anew(office: Officer, told: Told) -> None:
    recorder = factories.officer(Role.RECORDER)
    number = decision_input().number
    wrong = factories.decision(recorded_by=recorder, number=number, acts=[["warning"]] * 2)
    first = wrong.violations.all()[0]
    revoke(office, first, on=date(2026, 11, 20))
    fallen = withdraw_in_force(
        officer=office,
        decision_id=wrong.pk,
        version=1,
        on=date(2026, 11, 20),
        reason=REASON,
        document="舞公撤〔2026〕2号",
        basis="court",
    )
    assert fallen.state == DecisionState.WITHDRAWN
    assert {v.revoked_on for v in fallen.violations.all()} == {date(2026, 11, 20)}
    assert [cause for cause, _ in told] == ["revocation"] * 2
    anew = record_decision(officer=recorder, data=decision_input(), replaces=fallen)
    assert anew.replaces == fallen


def test_a_stale_page_withdraws_nothing(office: Officer, decision: Decision) -> None:
    with pytest.raises(StaleVersion):
        withdraw_in_force(
            officer=office,
            decision_id=decision.pk,
            version=7,
            on=ON,
            reason=REASON,
            document="号",
            basis="court",
        )


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_whoever_had_a_hand_in_it_decides_no_outcome(
    outcome: Callable[[Officer, Decision], object], told: Told
) -> None:
    recorded = factories.officer(Role.RECORDER, Role.OFFICE)
    confirmed = factories.officer(Role.UNIT_REVIEWER, Role.OFFICE)
    decision = factories.decision(
        decided_on=date(2026, 3, 1), recorded_by=recorded, confirmed_by=confirmed
    )
    for officer in (recorded, confirmed):
        with pytest.raises(NotAllowed, match="请由他人办理"):
            outcome(officer, decision)
    assert told == []


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("role", [role for role in Role if role != Role.OFFICE])
def test_no_other_role_decides_an_outcome(
    outcome: Callable[[Officer, Decision], object], role: str, decision: Decision
) -> None:
    with pytest.raises(NotAllowed, match="您的角色不能"):
        outcome(factories.officer(role), decision)


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize(
    "state", [DecisionState.DRAFT, DecisionState.SUBMITTED, DecisionState.WITHDRAWN]
)
def test_only_what_is_in_force_has_an_outcome(
    outcome: Callable[[Officer, Decision], object], state: str, office: Officer
) -> None:
    with pytest.raises(WrongState):
        outcome(office, factories.decision(state=state, decided_on=date(2026, 3, 1)))


@pytest.mark.parametrize("service", [revoke, repair])
@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"on": date(2026, 11, 21)}, "on", "future"),
        ({"on": date(2026, 2, 28)}, "on", "before_decision"),
        ({"reason": "事实不清"}, "reason", "too_short"),
        ({"reason": " "}, "reason", "missing"),
        ({"reason": f"{REASON}当事人 110101199003070011"}, "reason", "person"),
        ({"document": ""}, "document", "missing"),
        ({"document": "号" * 101}, "document", "too_long"),
    ],
)
def test_an_outcome_has_a_day_a_reason_and_a_paper(
    service: Callable[..., Violation],
    changes: dict[str, Any],
    path: str,
    code: str,
    office: Officer,
    decision: Decision,
    told: Told,
) -> None:
    with pytest.raises(InvalidDecision) as refused:
        service(office, decision.violations.all()[0], **changes)
    assert [(f.path, f.code) for f in refused.value.faults] == [(path, code)]
    assert told == []
    assert not Violation.objects.exclude(revoked_on=None, repaired_on=None).exists()
