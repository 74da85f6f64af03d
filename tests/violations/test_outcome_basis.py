"""Nothing of a record in force falls or is repaired without what stands behind it (5-9)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from accounts.models import Officer
from accounts.roles import Role
from tests import factories
from violations import outcome_basis
from violations.errors import InvalidDecision, NotAllowed
from violations.models import Decision, Violation
from violations.outcome_basis import Outcome
from violations.services import repair_violation, revoke_violation, withdraw_in_force

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
SAID: dict[str, Any] = {
    "on": date(2026, 10, 1),
    "reason": "经复核，原决定认定事实不清，予以撤销。",
    "document": "舞公撤〔2026〕1号",
}


@pytest.fixture
def office() -> Officer:
    return factories.officer(Role.OFFICE, unit=factories.unit("WG-OFFICE", "局办公室"))


@pytest.fixture
def decision() -> Decision:
    return factories.decision(decided_on=date(2026, 3, 1), acts=[[("fine", 100)], ["warning"]])


@pytest.fixture
def vouched(decision: Decision) -> Iterator[set[tuple[int, int, Outcome]]]:
    """What the cases of a floor above would answer for."""
    known: set[tuple[int, int, Outcome]] = set()
    before = dict(outcome_basis._vouchers)
    outcome_basis.vouch("objection", lambda case, act, outcome: (case, act, outcome) in known)
    outcome_basis.vouch("repair", lambda case, act, outcome: (case, act, outcome) in known)
    yield known
    outcome_basis._vouchers.clear()
    outcome_basis._vouchers.update(before)


def first(decision: Decision) -> Violation:
    found: Violation = decision.violations.all()[0]
    return found


@pytest.mark.usefixtures("vouched")
@pytest.mark.parametrize("basis", ["", "office", "objection", "objection:7", "objection:x", "x:1"])
def test_what_nobody_decided_stands(office: Officer, decision: Decision, basis: str) -> None:
    act = first(decision)
    with pytest.raises(InvalidDecision, match="没有可以撤销的依据"):
        revoke_violation(officer=office, violation_id=act.pk, basis=basis, **SAID)
    with pytest.raises(InvalidDecision, match="没有可以修复的依据"):
        repair_violation(officer=office, violation_id=act.pk, basis=basis, **SAID)
    with pytest.raises(InvalidDecision, match="没有可以撤销的依据"):
        withdraw_in_force(officer=office, decision_id=decision.pk, version=1, basis=basis, **SAID)
    act.refresh_from_db()
    assert (act.revoked_on, act.repaired_on) == (None, None)


def test_a_decided_case_lets_its_own_act_fall_and_no_other(
    office: Officer, decision: Decision, vouched: set[tuple[int, int, Outcome]]
) -> None:
    one, two = decision.violations.all()
    vouched.add((7, one.pk, Outcome.REVOKED))
    basis = outcome_basis.objection(7)
    revoked = revoke_violation(officer=office, violation_id=one.pk, basis=basis, **SAID)
    assert revoked.revoked_basis == "objection:7"
    with pytest.raises(InvalidDecision, match="依据"):
        revoke_violation(officer=office, violation_id=two.pk, basis=basis, **SAID)
    with pytest.raises(InvalidDecision, match="依据"):
        repair_violation(officer=office, violation_id=two.pk, basis="repair:7", **SAID)


def test_a_platform_repairs_and_sets_nothing_aside(office: Officer, decision: Decision) -> None:
    act = first(decision)
    basis = outcome_basis.elsewhere("credit_platform", " 信用中国 （河南）")
    with pytest.raises(InvalidDecision, match="信用平台只办理信用修复"):
        revoke_violation(officer=office, violation_id=act.pk, basis=basis, **SAID)
    done = repair_violation(officer=office, violation_id=act.pk, basis=basis, **SAID)
    assert done.repaired_basis == "credit_platform:信用中国 （河南）"


def test_who_registers_outcomes_and_who_decides_cases_are_two_rights(
    decision: Decision, vouched: set[tuple[int, int, Outcome]]
) -> None:
    act = first(decision)
    vouched.add((7, act.pk, Outcome.REVOKED))
    approver = factories.officer(Role.APPROVER)
    with pytest.raises(NotAllowed):
        revoke_violation(officer=approver, violation_id=act.pk, basis="court", **SAID)
    done = revoke_violation(officer=approver, violation_id=act.pk, basis="objection:7", **SAID)
    assert done.is_revoked
