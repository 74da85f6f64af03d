"""The office's files give exactly the grades that the office worked out (interfaces.md)."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
import time_machine
from django.core.management import call_command

from accounts.roles import Role
from core.models import OfficeSetting
from tests import factories
from tests.violations.sheets import DATA, needs_data, table, units


@needs_data
@pytest.mark.django_db
def test_the_files_of_the_office_give_the_expected_grades() -> None:
    with time_machine.travel("2026-11-20 10:00+08:00", tick=False):
        OfficeSetting.objects.create(
            key="takeover_until", value="2099-12-31", effective_from=date(2026, 1, 1)
        )
        officer = factories.officer(Role.OFFICE, unit=units()["WG-OFFICE"])
        who = {"officer": officer.number, "stdout": io.StringIO()}
        for name in ("penalties.xlsx", "orders-and-breaches.xlsx"):
            call_command(
                "import_decisions", str(DATA / name), unit="WG-OFFICE", in_force=True, **who
            )
        call_command("import_list_entries", str(DATA / "list-entries.csv"), **who)
        out = io.StringIO()
        call_command("grades", as_of="2026-11-20", stdout=out)
    found = {row["credit_code"]: row for row in csv.DictReader(io.StringIO(out.getvalue()))}
    expected = {row["credit_code"]: row for row in table(DATA / "expected-grades.csv")}
    assert {code: row for code, row in found.items() if row != expected.get(code)} == {}
    assert found.keys() == expected.keys()
