"""``grades``, ``regrade`` and ``verify_standings`` as interfaces.md describes them."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from core.models import AuditEntry
from grading import services
from grading.models import Standing
from tests import factories
from tests.grading.build import record
from tests.grading.worked_cases import RED, fine, warning

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("_in_june"),
]


@pytest.fixture
def _in_june() -> Any:
    with time_machine.travel("2026-06-01 09:00:00+08:00", tick=False):
        yield


def run(*args: str) -> tuple[str, int]:
    out = io.StringIO()
    try:
        call_command(*args, stdout=out)
    except SystemExit as stop:
        return out.getvalue(), int(stop.code or 0)
    return out.getvalue(), 0


def test_grades_gives_the_columns_of_the_expected_file() -> None:
    graded = record([warning("2026-03-01"), fine("2026-03-02", "20000.01"), RED])
    lapsed = record([fine("2020-03-02", 1)])
    factories.subject()
    out, code = run("grades", "--as-of", "2026-06-01")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert rows[0] == {
        "credit_code": graded.credit_code,
        "as_of": "2026-06-01",
        "grade": "B",
        "clauses": "3-B-1 3-B-2",
        "flags": "list_conflict",
        "warnings": "1",
        "penalties": "1",
        "breaches": "0",
        "amount": "20000.01",
        "next_change_on": "2027-03-02",
        "disclosable_grade": "B",
        "disclosable_next_change_on": "2027-03-02",
    }
    assert [row["credit_code"] for row in rows] == [graded.credit_code, lapsed.credit_code]
    assert (rows[1]["grade"], rows[1]["amount"], rows[1]["next_change_on"]) == ("", "0.00", "")


def test_grades_as_json_and_as_known_then() -> None:
    record([warning("2026-03-01")])
    out, _ = run("grades", "--as-of", "2026-06-01", "--format", "json")
    assert json.loads(out)[0]["warnings"] == 1
    out, _ = run(
        "grades", "--as-of", "2026-06-01", "--known-at", "2026-05-31T10:00", "--format", "json"
    )
    assert json.loads(out) == []
    taken = AuditEntry.objects.filter(action="grading.export", origin="command grades")
    assert [row.details for row in taken.order_by("pk")] == [
        {"asked": "2026-06-01", "rows": 1},
        {"asked": "2026-06-01，按 2026-05-31 10:00 所知", "rows": 0},
    ]


@pytest.mark.parametrize(
    "args", [["--as-of", "2026-02-30"], ["--as-of", "2026-06-01", "--known-at", "x"]]
)
def test_grades_names_what_is_wrong(args: list[str]) -> None:
    with pytest.raises(CommandError, match="不是有效"):
        run("grades", *args)


def test_regrade_one_and_all() -> None:
    one, other = record([warning("2026-03-01")]), record([warning("2026-03-01")])
    run("regrade", "--subject", one.credit_code)
    assert list(Standing.objects.values_list("pk", flat=True)) == [one.pk]
    out, _ = run("regrade", "--all")
    assert Standing.objects.get(pk=other.pk).grade == "B"
    assert "已评定" in out
    asked = AuditEntry.objects.filter(action="grading.regrade").order_by("pk")
    assert [row.details for row in asked] == [
        {"asked": one.credit_code, "count": 1},
        {"asked": "全部", "count": 1},
    ]


def test_regrade_names_an_unknown_code() -> None:
    with pytest.raises(CommandError, match="没有登记"):
        run("regrade", "--subject", factories.credit_code(5))


def test_verify_exits_with_1_on_any_difference_and_repairs_on_request() -> None:
    subject = record([warning("2026-03-01")])
    services.regrade([subject.pk])
    assert run("verify_standings") == ("全部一致\n", 0)
    Standing.objects.filter(pk=subject.pk).update(grade="A", next_change_on=date(2030, 1, 1))
    out, code = run("verify_standings")
    assert code == 1
    assert "差异 2 处" in out
    assert run("verify_standings", "--repair")[1] == 1
    assert run("verify_standings") == ("全部一致\n", 0)
