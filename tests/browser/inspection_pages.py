"""The pages of inspections for ``test_every_page``, each with something on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from accounts.models import Officer
from accounts.roles import Role
from core.clock import today
from sanctions.inspection_models import Inspection
from sanctions.inspection_plans import PlanInput, draw_plan, freeze_plan
from sanctions.inspection_results import ResultInput, record_result
from subjects.models import Subject
from tests import factories
from tests.browser.world import World


def _plan_input(world: World, name: str) -> PlanInput:
    return PlanInput(
        name=name,
        kind="routine",
        unit_code=world.officers[Role.RECORDER].unit.code,
        starts_on=today(),
        ends_on=today() + timedelta(days=30),
    )


def _visit(world: World, subject: Subject, **fields: Any) -> Inspection:
    recorder: Officer = world.officers[Role.RECORDER]
    values: dict[str, Any] = {
        "subject": subject,
        "unit": recorder.unit,
        "reason": "complaint",
        "document": "举报受理 2026-118 号",
        "grade": "B",
        "seed": "7" * 64,
        "first": recorder,
        "second": world.officers[Role.UNIT_REVIEWER],
        "ordered_by": world.officers[Role.OFFICE],
        "ordered_on": today() - timedelta(days=9),
        "due_on": today() - timedelta(days=1),
    }
    made: Inspection = Inspection.objects.create(**(values | fields))
    return made


def _done(world: World, outcome: str) -> Inspection:
    made = _visit(world, world.subjects["B"])
    by = today() + timedelta(days=7) if outcome == "order" else None
    data = ResultInput(today(), outcome, "消防通道堆放杂物，登记簿缺两页。", by)
    return record_result(
        officer=world.officers[Role.RECORDER], visit_id=made.pk, version=1, data=data
    )


def _office(world: World) -> dict[str, int]:
    office = world.officers[Role.OFFICE]
    second = factories.officer(Role.OFFICE, unit=office.unit)
    drawn = freeze_plan(officer=second, data=_plan_input(world, "第三季度日常抽查"))
    draw_plan(officer=office, plan_id=drawn.pk, version=1, word="0371-88", word_source="当场报数")
    waiting = freeze_plan(officer=second, data=_plan_input(world, "第四季度日常抽查"))
    own = freeze_plan(officer=office, data=_plan_input(world, "另一计划"))
    free = _visit(world, world.subjects["N"], second=None)
    done = _done(world, "mended")
    code = world.subjects["A"].credit_code
    return {
        "/inspections/": 200,
        "/inspections/?state=all": 200,
        "/inspections/?state=reassign": 200,
        "/inspections/?q=zzzz": 200,
        f"/inspections/new/?credit_code={code}": 200,
        f"/inspections/{free.pk}/": 200,
        f"/inspections/{done.pk}/": 200,
        "/inspections/plans/": 200,
        "/inspections/plans/new/": 200,
        f"/inspections/plans/{drawn.pk}/": 200,
        f"/inspections/plans/{waiting.pk}/": 200,
        f"/inspections/plans/{own.pk}/": 200,
        f"/inspections/plans/{drawn.pk}/file/": 200,
        "/inspections/results/": 200,
        "/inspections/statistics/": 200,
        "/inspections/statistics/?year=2001": 200,
        "/inspections/interests/": 200,
        "/": 200,
    }


def _recorder(world: World) -> dict[str, int]:
    late, followed = _visit(world, world.subjects["N"]), _done(world, "order")
    barred = _visit(world, world.subjects["A"], reason="routine", document="")
    return {
        "/inspections/?mine=1": 200,
        f"/inspections/{late.pk}/": 200,
        f"/inspections/{followed.pk}/": 200,
        f"/inspections/{barred.pk}/": 200,
        f"/violations/orders/new/?inspection={followed.pk}": 200,
        "/inspections/interests/": 200,
        "/": 200,
    }


INSPECTION_CASES: dict[str, tuple[str, Callable[[World], dict[str, int]]]] = {
    "office and inspections": (Role.OFFICE, _office),
    "recorder and inspections": (Role.RECORDER, _recorder),
}
