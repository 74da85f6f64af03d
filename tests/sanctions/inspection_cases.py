"""Organisations with a grade and what follows from it, plans, and visits for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from accounts.models import Officer, Unit
from accounts.roles import Role
from core.clock import today
from grading.models import Standing
from sanctions.inspection_models import Inspection
from sanctions.inspection_plan_models import InspectionPlan
from sanctions.inspection_plans import PlanInput, draw_plan, freeze_plan
from sanctions.measure_enums import Because, MeasureState, Sight
from sanctions.measure_models import Measure, SubjectMeasure
from subjects.models import Subject
from tests import factories

CLAUSES = {"A": "4-A-2", "B": "4-B-1", "C": "4-C-2"}
WORD = "0371-20261128"


def graded(
    grade: str, *, unit: Unit | None = None, state: str = MeasureState.IN_FORCE, **fields: Any
) -> Subject:
    """An organisation of ``grade`` whose measure about inspections stands in ``state``."""
    fields.setdefault("unit_in_charge", unit or station())
    made = factories.subject(**fields)
    Standing.objects.create(subject=made, grade=grade)
    if grade:
        SubjectMeasure.objects.create(
            subject=made,
            measure=Measure.objects.get(clause=CLAUSES[grade]),
            sight=Sight.INTERNAL,
            state=state,
            begins_on=today(),
            because=Because.GRADE,
        )
    return made


def station() -> Unit:
    return factories.unit("WG-YH", "垭口派出所")


def bureau() -> Unit:
    return factories.unit("WG-OFFICE", "局办公室", is_office=True)


def planner(**fields: Any) -> Officer:
    return factories.officer(Role.OFFICE, unit=bureau(), **fields)


def inspectors(how_many: int = 3, unit: Unit | None = None) -> list[Officer]:
    home = unit or station()
    return [factories.officer(Role.RECORDER, unit=home) for _ in range(how_many)]


def plan_input(**changes: Any) -> PlanInput:
    values: dict[str, Any] = {
        "name": "2026 年第四季度日常抽查",
        "kind": "routine",
        "unit_code": station().code,
        "starts_on": today(),
        "ends_on": today() + timedelta(days=30),
    }
    return PlanInput(**{**values, **changes})


def frozen(officer: Officer | None = None, **changes: Any) -> InspectionPlan:
    return freeze_plan(officer=officer or planner(), data=plan_input(**changes))


def drawn(plan: InspectionPlan | None = None, word: str = WORD) -> InspectionPlan:
    made = plan or frozen()
    return draw_plan(
        officer=planner(), plan_id=made.pk, version=made.version, word=word, word_source="当场报数"
    )


def visit(
    subject: Subject | None = None, two: list[Officer] | None = None, **fields: Any
) -> Inspection:
    """An open routine visit of two inspectors of the station."""
    first, second = (two or inspectors(2))[:2]
    values: dict[str, Any] = {
        "subject": subject or graded(""),
        "unit": first.unit,
        "reason": "routine",
        "due_on": today() + timedelta(days=10),
        "seed": "5" * 64,
        "first": first,
        "second": second,
        "ordered_on": today(),
    }
    values |= fields
    if "ordered_by" not in values:
        values["ordered_by"] = planner()
    made: Inspection = Inspection.objects.create(**values)
    return made
