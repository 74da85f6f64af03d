"""The demonstration: who is in it, and a register whose grades are the right ones on any day."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import override_settings

from accounts.models import Officer, Unit
from accounts.roles import Role
from core import settings_table
from desk.demo.cases import CASES
from desk.demo.names import TRADES, credit_code, name_of
from grading.models import RegradeRequest, Standing
from subjects import credit_codes
from subjects.models import Subject
from violations.models import Decision

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _var_dir(tmp_path: Path, settings: Any) -> None:
    settings.VAR_DIR = tmp_path


def demo(**options: Any) -> str:
    out = io.StringIO()
    call_command("demo", stdout=out, **options)
    return out.getvalue()


def table(text: str) -> dict[str, dict[str, str]]:
    return {row["credit_code"]: row for row in csv.DictReader(io.StringIO(text))}


def expected(folder: Path) -> dict[str, dict[str, str]]:
    return table((folder / "demo-expected-grades.csv").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "day",
    ["2026-11-20", "2028-02-29", "2029-02-28", "2025-02-28", "2025-03-01", "2026-12-31"],
)
def test_grades_are_the_right_answers(tmp_path: Path, day: str) -> None:
    with time_machine.travel(f"{day} 09:00+08:00", tick=False):
        demo(subjects=len(CASES) + 30, seed=3)
        out = io.StringIO()
        call_command("grades", as_of=day, stdout=out)
    found, right = table(out.getvalue()), expected(tmp_path)
    assert len(right) >= len(CASES)
    assert found.keys() >= right.keys()
    wrong = {
        code: (found[code], row)
        for code, row in right.items()
        if any(found[code][column] != value for column, value in row.items())
    }
    assert wrong == {}
    assert all(row["grade"] == "" for code, row in found.items() if code not in right)


def test_standings_say_what_grades_say(tmp_path: Path) -> None:
    with time_machine.travel("2026-11-20 09:00+08:00", tick=False):
        demo(subjects=len(CASES))
        right = expected(tmp_path)
        for standing in Standing.objects.select_related("subject"):
            row = right[standing.subject.credit_code]
            assert (standing.grade, standing.clauses, standing.flags) == (
                row["grade"],
                row["clauses"],
                row["flags"],
            )
            assert standing.disclosable_grade == row["disclosable_grade"]
        assert Standing.objects.count() == len(right)
        assert not RegradeRequest.objects.filter(done_at__isnull=True).exists()
        call_command("verify_standings", stdout=io.StringIO())


def test_one_officer_a_role_with_the_published_passwords() -> None:
    demo(subjects=0)
    wanted = {
        "410001": (Role.RECORDER, "WG-ZA"),
        "410002": (Role.UNIT_REVIEWER, "WG-ZA"),
        "410003": (Role.OFFICE, "WG-OFFICE"),
        "410004": (Role.APPROVER, "WG-OFFICE"),
        "410005": (Role.TIP_HANDLER, "WG-OFFICE"),
        "410006": (Role.AUDITOR, "WG-OFFICE"),
        "410007": (Role.ADMINISTRATOR, "WG-OFFICE"),
        "410008": (Role.RECORDER, "WG-YH"),
        "410009": (Role.OFFICE, "WG-OFFICE"),
        "410010": (Role.ADMINISTRATOR, "WG-OFFICE"),
        "410011": (Role.UNIT_REVIEWER, "WG-YH"),
        "410012": (Role.WINDOW, "WG-ZA"),
    }
    officers = {one.number: one for one in Officer.objects.all()}
    assert officers.keys() == wanted.keys()
    for number, (role, unit) in wanted.items():
        assert officers[number].roles == {role}
        assert officers[number].unit_code == unit
        assert officers[number].check_password(f"demo-{number}")
    assert Unit.objects.count() == 10
    assert Unit.objects.get(is_office=True).code == "WG-OFFICE"
    assert str(settings_table.day("takeover_until")) == "2099-12-31"
    assert not Subject.objects.exists()


def test_a_second_run_changes_nothing() -> None:
    demo(subjects=20)
    before = Decision.objects.count(), Subject.objects.count(), Officer.objects.count()
    out = demo(subjects=20)
    assert "没有改动" in out
    assert "没有生成样例" in out
    assert before == (Decision.objects.count(), Subject.objects.count(), Officer.objects.count())


def test_officers_first_and_the_register_later() -> None:
    demo(subjects=0)
    demo(subjects=12)
    assert Subject.objects.count() == 12


def test_there_is_work_on_the_workbench() -> None:
    demo(subjects=20)
    waiting = Decision.objects.filter(state="submitted")
    assert waiting.filter(unit__code="WG-ZA").count() == 4
    assert waiting.filter(unit__code="WG-YH").count() == 2
    returned = Decision.objects.filter(state="draft").exclude(returned_remark="")
    assert set(returned.values_list("recorded_by__number", flat=True)) == {"410001", "410008"}


def test_the_production_profile_refuses() -> None:
    with override_settings(PRODUCTION=True), pytest.raises(CommandError, match="production"):
        demo(subjects=0)
    assert not Officer.objects.exists()


def test_the_same_seed_gives_the_same_register() -> None:
    demo(subjects=60, seed=7)
    codes = set(Subject.objects.values_list("credit_code", flat=True))
    assert len(codes) == 60
    assert all(credit_codes.check(code) is None for code in codes)
    assert len(set(Subject.objects.values_list("name", flat=True))) == 60


def test_no_two_of_many_have_the_same_name() -> None:
    names = {name_of(TRADES[0], n) for n in range(50_000)}
    assert len(names) == 50_000
    assert 1 < sum("云栖" in name for name in names) < 100


def test_codes_are_right_and_all_different() -> None:
    registers = sorted({trade.register for trade in TRADES})
    codes = [credit_code(registers[n % len(registers)], n) for n in range(50_000)]
    assert len({code[8:17] for code in codes}) == len(codes)
    assert all(credit_codes.check(code) is None for code in codes[::50])
