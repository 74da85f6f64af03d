"""Who may handle a case at all: nobody of the first look a second, nobody what they decided."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from accounts.roles import Role
from appeals import objection_handing, objection_steps
from appeals.objection_filing import ask_for_second_stage
from tests import factories
from tests.appeals.objection_cases import LONG, Case, answered
from violations.errors import InvalidDecision, NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-20 09:00+08:00")]


@pytest.fixture
def case() -> Case:
    return Case()


def test_a_second_look_comes_to_nobody_of_the_first_by_any_way(case: Case) -> None:
    decided = case.decide(case.proposed("dismissed", "no_evidence"))
    answered(decided)
    again = ask_for_second_stage(
        officer=case.office, objection_id=decided.pk, received_on=date(2026, 11, 20), words=LONG
    )
    colleague = factories.officer(Role.OFFICE, unit=case.office.unit)
    known: dict[str, Any] = {"objection_id": again.pk}
    again = objection_steps.accept(officer=colleague, version=again.version, **known)
    with pytest.raises(InvalidDecision, match="办理或认定过原异议"):
        objection_steps.transfer(
            officer=colleague, version=again.version, to=case.office, reason="本人休假", **known
        )
    assert objection_handing.move(officer=colleague, leaver=colleague, to=case.office) == 0
    again.handler = case.office  # as it could be before this rule
    again.save()
    with pytest.raises(NotAllowed, match="办理或认定过原异议"):
        objection_steps.withdraw(officer=case.office, version=again.version, reason=LONG, **known)


def test_who_decided_does_not_get_the_case(case: Case) -> None:
    decided = case.decide(case.proposed("dismissed", "no_evidence"))
    both = case.decider
    both.role_grants.create(role=Role.OFFICE)
    with pytest.raises(InvalidDecision, match="认定过此异议，不能经办"):
        objection_steps.transfer(
            officer=case.office,
            objection_id=decided.pk,
            version=decided.version,
            to=both,
            reason="本人休假",
        )
