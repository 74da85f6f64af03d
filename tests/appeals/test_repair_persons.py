"""Who may not decide a repair, and what the database itself refuses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Officer
from accounts.roles import Role
from appeals.repair_deciding import decide
from appeals.repair_models import Repair
from appeals.repair_steps import (
    reject,
    transfer,
)
from core.clock import today
from grading.selectors import view
from subjects.models import Subject
from tests import factories
from tests.appeals.repair_cases import (
    REASON,
    Case,
    chosen,
    decided,
    office_officer,
    proposed,
    received,
)
from violations.errors import InvalidDecision, NotAllowed
from violations.outcome_basis import repair as basis_of
from violations.outcomes import repair_violation

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def outcomes(subject: Subject) -> tuple[object, object]:
    both = view(subject.pk).both
    return both.internal.outcome, both.disclosable.outcome


def verdict_by(repair: Repair, officer: Officer) -> str:
    """The refusal of who may not decide."""
    with pytest.raises(NotAllowed) as refusal:
        decide(
            officer=officer,
            repair_id=repair.pk,
            version=repair.version,
            verdicts=chosen(repair),
        )
    return refusal.value.message


def test_who_may_not_decide() -> None:
    case = Case()
    repair = proposed(case)
    assert "不能认定。请由他人审批" in verdict_by(repair, case.office)
    assert "您的角色不能认定" in verdict_by(repair, case.reviewer)
    of_its_unit = factories.officer(Role.APPROVER, unit=case.decision.unit)
    assert "作出过其中的处理决定" in verdict_by(repair, of_its_unit)
    colleague = office_officer()
    repair = transfer(
        officer=colleague,
        repair_id=repair.pk,
        version=repair.version,
        to_number=colleague.number,
        reason="原经办人休假",
    )
    assert "请由他人审批" in verdict_by(repair, case.office)  # handled it before
    recorder = case.decision.recorded_by
    recorder.unit = factories.unit()  # moved on since: still who recorded it
    recorder.save()
    recorder.role_grants.create(role=Role.APPROVER)
    assert "录入、修改或审核过其中记录" in verdict_by(
        repair, type(recorder).objects.get(pk=recorder.pk)
    )


@pytest.mark.parametrize("name", ["handler", "proposed_by", "received_by", "accepted_by"])
def test_the_database_itself_compares_the_persons_of_a_case(name: str) -> None:
    case = Case()
    repair = decided(case)
    setattr(repair, name, case.decider)
    with pytest.raises(IntegrityError, match="repair_two_persons"), transaction.atomic():
        repair.save()


@pytest.mark.parametrize(
    ("name", "constraint"),
    [
        ("recorded_by", "repair_item_not_by_who_recorded"),
        ("confirmed_by", "repair_item_not_by_who_recorded"),
        ("unit", "repair_item_not_by_its_unit"),
    ],
)
def test_the_database_itself_compares_them_with_the_record(name: str, constraint: str) -> None:
    case = Case()
    item = decided(case).items.get()
    setattr(item, name, case.decider.unit if name == "unit" else case.decider)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        item.save()


def test_nothing_is_granted_in_the_database_without_its_conditions() -> None:
    item = decided(Case()).items.get()
    item.correction = ""
    with pytest.raises(IntegrityError, match="repair_item_granted"), transaction.atomic():
        item.save()


def test_a_repair_without_a_decided_case_is_refused() -> None:
    case = Case()
    repair = proposed(case)
    with pytest.raises(InvalidDecision, match="没有可以修复的依据"):
        repair_violation(
            officer=case.decider,
            violation_id=case.act.pk,
            on=today(),
            reason="缴清罚款，已经整改到位。",
            document="XF",
            basis=basis_of(repair.pk),
        )


def test_only_who_handles_it_acts_and_anybody_of_the_office_may_take_it_over() -> None:
    case, colleague = Case(), office_officer()
    repair = received(case)
    with pytest.raises(NotAllowed, match="先转办给自己"):
        reject(officer=colleague, repair_id=repair.pk, version=repair.version, reason=REASON)
    case.office.is_active = False  # gone: no case is left behind
    case.office.save()
    repair = transfer(
        officer=colleague,
        repair_id=repair.pk,
        version=repair.version,
        to_number=colleague.number,
        reason="原经办人调离",
    )
    assert repair.handler == colleague
    with pytest.raises(InvalidDecision, match="没有选择可以办理的民警"):
        transfer(
            officer=colleague,
            repair_id=repair.pk,
            version=repair.version,
            to_number=case.reviewer.number,
            reason="请单位办理",
        )
    reject(officer=colleague, repair_id=repair.pk, version=repair.version, reason=REASON)
