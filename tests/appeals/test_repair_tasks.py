"""Open repairs in the queue: the office, the unit, who decides; and how they are handed over."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Officer
from appeals import objection_answers, objection_handing, objection_steps
from appeals.case_marks import owed_by_others
from appeals.objection_models import Objection
from appeals.repair_answers import answer
from appeals.repair_handing import held_by, move
from appeals.repair_models import Repair
from appeals.repair_steps import ask_material, mark, transfer
from appeals.repair_tasks import open_repairs
from appeals.repair_workflow import Step, hindrance
from core.clock import today
from core.open_tasks import OpenTask
from core.workdays import deadline_after
from tests import factories
from tests.appeals.objection_cases import Case as ObjectionCase
from tests.appeals.repair_cases import Case, accepted, decided, office_officer, proposed, received
from violations.errors import CaseRefused, InvalidDecision

pytestmark = pytest.mark.django_db


def tasks(officer: Officer) -> list[OpenTask]:
    return list(open_repairs(officer, today()))


def test_each_meets_what_is_theirs() -> None:
    case = Case()
    repair = accepted(case)
    (office,) = tasks(case.office)
    assert (office.officer_id, office.waits_for) == (
        case.office.pk,
        f"{case.decision.unit.name}核实",
    )
    (unit,) = tasks(case.reviewer)
    assert (unit.kind, unit.unit_id, unit.waits_for) == ("repair.state", case.decision.unit_id, "")
    assert office.deadline is not None
    assert unit.deadline is not None
    assert unit.deadline.day < office.deadline.day
    assert tasks(case.decider) == []
    assert repair.number in office.title
    other = Case()
    proposed(other)
    (decider,) = tasks(other.decider)
    assert (decider.kind, decider.officer_id) == ("repair.proposed", None)
    assert (decider.waits_for, decider.waiting_since) == ("", None)
    assert "审批认定意见" in decider.title
    (handler,) = (one for one in tasks(other.office) if one.kind == "repair.proposed")
    assert (handler.waits_for, handler.waiting_since) == ("复核人审批", today())
    of_its_unit = factories.officer("approver", unit=other.decision.unit)
    (barred,) = tasks(of_its_unit)  # reads it, but may not decide what the own unit recorded
    assert barred.waits_for == "复核人审批"
    assert tasks(factories.officer("recorder")) == []


def test_what_waits_for_the_applicant_says_so() -> None:
    case = Case()
    repair = received(case)
    ask_material(
        officer=case.office, repair_id=repair.pk, version=repair.version, wanted="缺少缴款凭证"
    )
    (task,) = tasks(case.office)
    assert (task.waits_for, task.waiting_since) == ("申请人补正材料", today())


def test_an_officer_who_left_holds_nothing_and_cases_are_handed_over() -> None:
    case, colleague = Case(), office_officer()
    repair = decided(case)
    assert held_by([case.office.pk, colleague.pk]) == {case.office.pk: 1}
    case.office.is_active = False
    case.office.save()
    assert tasks(colleague)[0].officer_id is None
    assert move(officer=colleague, leaver=case.office, to=colleague) == 1
    assert Repair.objects.get(pk=repair.pk).handler == colleague


def test_what_is_owed_after_the_answer_is_handed_over_and_transferred_too() -> None:
    case, colleague = Case(), office_officer()
    repair = decided(case)
    repair = answer(officer=case.office, repair_id=repair.pk, version=repair.version)
    assert held_by([case.office.pk]) == {case.office.pk: 1}
    assert hindrance(repair, Step.TRANSFER, colleague) is None
    known: dict[str, Any] = {"officer": colleague, "repair_id": repair.pk}
    given: dict[str, Any] = {"to_number": colleague.number, "reason": "原经办人调离"}
    repair = transfer(version=repair.version, **known, **given)
    assert (repair.handler, repair.state) == (colleague, "answered")
    assert move(officer=colleague, leaver=colleague, to=case.office) == 1
    repair = Repair.objects.get(pk=repair.pk)
    for kind in ("shared", "published"):
        repair = mark(version=repair.version, kind=kind, done_on=today(), words="未共享", **known)
    assert held_by([case.office.pk, colleague.pk]) == {}
    with pytest.raises(CaseRefused, match="已经办结"):
        transfer(version=repair.version, **known, **given)


def test_a_decided_case_is_not_given_to_who_decided_it() -> None:
    case = Case(decider=office_officer())
    repair = decided(case)
    assert move(officer=case.office, leaver=case.office, to=case.decider) == 0
    with pytest.raises(InvalidDecision, match="认定了此案，不能经办"):
        transfer(
            officer=case.office,
            repair_id=repair.pk,
            version=repair.version,
            to_number=case.decider.number,
            reason="原经办人休假",
        )


def test_objections_are_handed_over_while_something_is_owed() -> None:
    case = ObjectionCase()
    colleague = factories.officer("office", unit=case.office.unit)
    objection = case.decide(case.proposed())
    objection = case.step(objection, objection_answers.answer)
    assert objection.state == "answered"
    assert objection_handing.held_by([case.office.pk]) == {case.office.pk: 1}
    known: dict[str, Any] = {"to": colleague, "reason": "原经办人调离"}
    objection = case.step(objection, objection_steps.transfer, by=colleague, **known)
    assert objection_handing.move(officer=colleague, leaver=colleague, to=case.office) == 1
    objection = Objection.objects.get(pk=objection.pk)
    for kind in ("shared", "published"):
        made: dict[str, Any] = {"kind": kind, "done_on": today(), "words": "未共享"}
        objection = case.step(objection, objection_steps.mark, **made)
    assert objection_handing.held_by([case.office.pk]) == {}
    with pytest.raises(CaseRefused, match="已经办结"):
        case.step(objection, objection_steps.transfer, **known)


def test_others_are_told_of_a_repair_within_their_days() -> None:
    case = Case()
    repair = decided(case)
    refused = decided(Case(), verdict="refused")
    tasks = list(owed_by_others(case.office, today()))
    assert [(one.kind, one.officer_id) for one in tasks] == [
        ("repair.shared", case.office.pk),
        ("repair.published", case.office.pk),
    ]
    assert all(repair.number in one.title for one in tasks)
    assert refused.number not in tasks[0].title
    days = [one.deadline.day for one in tasks if one.deadline]
    assert days == [deadline_after(today(), count).day for count in (1, 3)]
    known: dict[str, Any] = {
        "officer": case.office,
        "repair_id": repair.pk,
        "done_on": today(),
        "words": "未共享",
    }
    repair = mark(version=repair.version, kind="shared", **known)
    assert [one.kind for one in owed_by_others(case.office, today())] == ["repair.published"]
    mark(version=repair.version, kind="published", **known)
    assert list(owed_by_others(case.office, today())) == []
    assert list(owed_by_others(case.decider, today())) == []
