"""The other inputs of 1-3: recorded by units and the office, listed for whoever sees all."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import Unit
from accounts.roles import Can
from tests import factories
from tests.permission_table import Row, World, who_may
from violations.models import Factor, FactorRun

RECORDS = who_may(Can.RECORD_FACTOR)
READS = who_may(Can.RECORD_FACTOR, Can.SEE_ALL_DECISIONS)


def _factor(world: World, unit: Unit) -> dict[str, Any]:
    made = Factor.objects.filter(unit=unit).first() or Factor.objects.create(
        subject=world.subject,
        unit=unit,
        kind="quantified",
        scheme="旅馆业量化分级",
        value="三级",
        source="治安管理大队",
        in_force_from=date(2026, 1, 1),
        recorded_by=factories.officer(unit=unit),
    )
    return {"pk": made.pk}


def _run(unit: Unit) -> dict[str, Any]:
    made = FactorRun.objects.filter(unit=unit).first() or FactorRun.objects.create(
        unit=unit,
        officer=factories.officer(unit=unit),
        kind="quantified",
        scheme="旅馆业量化分级",
        source="治安管理大队",
        file_name="a.xlsx",
        sha256="0" * 64,
    )
    return {"pk": made.pk}


def _own(world: World) -> dict[str, Any]:
    return _factor(world, world.home)


def _foreign(world: World) -> dict[str, Any]:
    return _factor(world, world.other)


def _own_run(world: World) -> dict[str, Any]:
    return _run(world.home)


def _foreign_run(world: World) -> dict[str, Any]:
    return _run(world.other)


ROWS: dict[str, Row] = {
    "desk:factors": Row(get=READS),
    "desk:factor-add": Row(get=RECORDS, post=RECORDS),
    "desk:factor": Row(get=READS, kwargs=_own, foreign=_foreign),
    "desk:factor-revoke": Row(get=None, post=RECORDS, kwargs=_own, foreign=_foreign),
    "desk:factor-end": Row(get=None, post=RECORDS, kwargs=_own, foreign=_foreign),
    "desk:factor-sheets": Row(get=READS),
    "desk:factor-sheet-add": Row(get=RECORDS, post=RECORDS),
    "desk:factor-sheet": Row(get=READS, kwargs=_own_run, foreign=_foreign_run),
    "desk:factor-sheet-settle": Row(
        get=None,
        post=frozenset({"recorder"}),
        kwargs=_own_run,
        foreign=_foreign_run,
        data={"do": "rest"},
    ),
}
