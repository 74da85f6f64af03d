"""Who reads measures, who keeps their catalogue, who writes down what was done under them."""

from __future__ import annotations

from typing import Any

from accounts.roles import Can, Role
from sanctions.models import Measure
from tests.permission_table import Row, World, who_may
from tests.sanctions.measure_cases import improved, of_grade

READS = who_may(Can.SEE_REGISTER)
KEEPS = who_may(Can.KEEP_MEASURES)
HANDLES = who_may(Can.RECORD_HANDLING)
WORKS = who_may(Can.RECORD_HANDLING, Can.KEEP_MEASURES)
STEP = {"told": "治安管理大队", "way": "内网通知", "done_on": "2026-11-23"}


def _measure(world: World) -> dict[str, Any]:
    return {"pk": Measure.objects.get(clause="4-B-1").pk}


def _subject(world: World) -> dict[str, Any]:
    return {"pk": world.subject.pk}


def _graded(world: World) -> dict[str, Any]:
    return {"pk": of_grade("B").pk}


def _better(world: World, **more: Any) -> dict[str, Any]:
    return {"pk": improved(unit_in_charge=world.home).pk, **more}


def _foreign(world: World, **more: Any) -> dict[str, Any]:
    return {"pk": improved(unit_in_charge=world.other).pk, **more}


ROWS: dict[str, Row] = {
    "desk:measures": Row(get=READS),
    "desk:measure": Row(get=READS, kwargs=_measure),
    "desk:measure-change": Row(get=KEEPS, post=KEEPS, kwargs=_measure),
    "desk:measure-checked": Row(get=None, post=KEEPS, kwargs=_measure, data={"version": "1"}),
    "desk:subject-measures": Row(get=READS, kwargs=_subject),
    "desk:handling-new": Row(
        get=HANDLES,
        post=HANDLES,
        kwargs=_graded,
        data={
            "kind": "guidance",
            "done_on": "2026-11-23",
            "matter": "上门宣讲",
            "reason": "宣讲保安服务管理条例并答疑。",
        },
    ),
    "desk:improvements": Row(get=WORKS),
    "desk:improvement": Row(get=WORKS, kwargs=_better, foreign=_foreign),
    "desk:improvement-tell": Row(
        get=None,
        post=WORKS,
        kwargs=lambda world: _better(world, kind="units"),
        foreign=lambda world: _foreign(world, kind="units"),
        data=STEP,
    ),
    "desk:improvement-letter": Row(
        get=None,
        post=who_may(Can.ISSUE_PAPER),
        kwargs=_better,
        foreign=_foreign,
    ),
}
assert Role.WINDOW not in READS
