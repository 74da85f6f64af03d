"""Whatever stands in a sheet, the import answers with faults and never breaks."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Officer
from accounts.roles import Role
from core.spreadsheets import Sheet
from tests import factories
from tests.violations.sheets import OTHERS_HEADER, PENALTY_HEADER, order, penalty, units
from violations import imports
from violations.models import Decision

pytestmark = pytest.mark.django_db

PERSON = "410481199003070011"
CELLS: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.text(max_size=30),
    st.sampled_from(
        ["罚款", "警告;罚款", "暂扣或者吊销", "2026-13-01", "1e9", "-0", "NaN", "∞", "一万", PERSON]
    ),
    st.integers(),
    st.floats(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.just("\ud800"),
    st.just(math.inf),
)
ROWS = st.lists(
    st.dictionaries(st.sampled_from(PENALTY_HEADER + OTHERS_HEADER), CELLS, max_size=5),
    min_size=1,
    max_size=8,
)


@pytest.fixture
def recorder() -> Iterator[Officer]:
    with time_machine.travel("2026-11-20 10:00+08:00", tick=False):
        yield factories.officer(Role.RECORDER, unit=units()["WG-ZA"])


@pytest.mark.parametrize(("make", "header"), [(penalty, PENALTY_HEADER), (order, OTHERS_HEADER)])
@given(rows=ROWS)
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_cells_give_faults_and_no_error(
    monkeypatch: pytest.MonkeyPatch,
    recorder: Officer,
    make: Any,
    header: list[str],
    rows: list[dict[str, Any]],
) -> None:
    lines = [(at, make(at, **cells)) for at, cells in enumerate(rows, start=2)]
    sheet = Sheet(
        "a",
        header,
        iter([(at, [row.get(label, "") for label in header]) for at, row in lines]),
        frozenset({(2, 3)}),
    )
    monkeypatch.setattr(imports, "open_sheet", lambda path: sheet)
    report = imports.import_sheet(
        path=Path("a.xlsx"), unit=recorder.unit, officer=recorder, dry_run=True
    )
    assert report.rows == len(rows)
    assert not Decision.objects.exists()
    for fault in [*report.faults, *report.warnings]:
        assert 2 <= fault.row <= len(rows) + 1
        assert fault.column in header or not fault.key
        assert fault.message
        assert PERSON not in fault.message
