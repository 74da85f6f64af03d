"""Plans are published to who sees the register; visits are of their unit; the office arranges."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from accounts.models import Officer, Unit
from accounts.roles import Can, Role
from core.clock import today
from sanctions.inspection_models import Inspection, OfficerInterest
from sanctions.inspection_plan_models import InspectionPlan
from tests import factories
from tests.permission_table import Row, World, who_may

READS = who_may(Can.RECORD_INSPECTION, Can.SEE_ALL_DECISIONS)
SEES = who_may(Can.SEE_REGISTER)
PLANS = who_may(Can.PLAN_INSPECTION)
RECORDS = who_may(Can.RECORD_INSPECTION)


def _visit(world: World, unit: Unit) -> dict[str, Any]:
    first: Officer = world.officers[Role.RECORDER]
    if unit != world.home:
        first = factories.officer(Role.RECORDER, unit=unit)
    made = Inspection.objects.create(
        subject=world.subject,
        unit=unit,
        reason="complaint",
        document="举报受理 1 号",
        due_on=today() + timedelta(days=5),
        seed="1" * 64,
        first=first,
        second=factories.officer(Role.RECORDER, unit=unit),
        ordered_by=factories.officer(Role.OFFICE),
        ordered_on=today(),
    )
    return {"pk": made.pk}


def _own(world: World, **more: Any) -> dict[str, Any]:
    return _visit(world, world.home) | more


def _foreign(world: World) -> dict[str, Any]:
    return _visit(world, world.other)


def _plan(world: World) -> dict[str, Any]:
    made = InspectionPlan.objects.create(
        name="季度抽查",
        kind="routine",
        unit=world.home,
        starts_on=today(),
        ends_on=today() + timedelta(days=30),
        pool_sha256="0" * 64,
        commitment="0" * 64,
        secret="1" * 64,
        planned_by=factories.officer(Role.OFFICE),
    )
    return {"pk": made.pk}


def _interest(world: World) -> dict[str, Any]:
    made = OfficerInterest.objects.create(
        officer=world.officers[Role.RECORDER],
        subject=world.subject,
        ground="relative",
        recorded_by=world.officers[Role.RECORDER],
        recorded_on=today(),
    )
    return {"pk": made.pk}


ROWS: dict[str, Row] = {
    "desk:inspections": Row(get=READS),
    "desk:inspection-new": Row(get=PLANS, post=PLANS),
    "desk:inspection": Row(get=READS, kwargs=_own, foreign=_foreign),
    "desk:inspection-result": Row(
        get=None,
        post=frozenset({Role.RECORDER.value}),  # one of the two who were drawn, and nobody else
        kwargs=_own,
        foreign=_foreign,
        data={"version": "1", "outcome": "clean", "visited_on": f"{today():%Y-%m-%d}"},
    ),
    "desk:inspection-act": Row(
        get=None,
        post=PLANS,
        kwargs=lambda world: _own(world, step="excuse"),
        data={"excuse-version": "1", "excuse-reason": "该单位已经注销"},
    ),
    "desk:inspection-leaver": Row(get=None, post=PLANS),
    "desk:inspection-plans": Row(get=SEES),
    "desk:inspection-plan-new": Row(get=PLANS, post=PLANS),
    "desk:inspection-plan": Row(get=SEES, kwargs=_plan),
    "desk:inspection-plan-draw": Row(get=None, post=PLANS, kwargs=_plan),
    "desk:inspection-plan-cancel": Row(
        get=None,
        post=PLANS,
        kwargs=_plan,
        data={"cancel-version": "1", "cancel-reason": "范围有误"},
    ),
    "desk:inspection-plan-file": Row(
        get=who_may(Can.EXPORT_REGISTER, Can.READ_AUDIT),
        post=who_may(Can.EXPORT_REGISTER, Can.READ_AUDIT),
        kwargs=_plan,
        data={"purpose": "复算季度抽查"},
    ),
    "desk:inspection-results": Row(get=SEES),
    "desk:inspection-statistics": Row(get=READS),
    "desk:inspection-interests": Row(get=RECORDS, post=RECORDS),
    "desk:inspection-interest-end": Row(get=None, post=PLANS, kwargs=_interest),
}
