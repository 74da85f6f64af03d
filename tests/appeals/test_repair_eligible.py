"""Which records become repairable in a span: the query and the clocks agree on every day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from appeals.repair_eligible import becoming_eligible, decision_days, read
from core.clock import today
from grading.counting import ONE_DAY, last_counted_day
from grading.record_clocks import clocks
from tests import factories
from tests.appeals.repair_cases import Case, received
from violations.models import Violation

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("months", [0, 3, 12])
def test_the_days_of_decisions_are_the_exact_inverse(months: int) -> None:
    """Over a leap day and month ends, for spans of one day and of thirty."""
    day, end = date(2023, 11, 1), date(2024, 7, 1)
    while day < end:
        for length in (0, 29):
            begins, ends = decision_days(day, day + timedelta(days=length), months)
            for decided in (begins - ONE_DAY, begins, ends, ends + ONE_DAY):
                first = last_counted_day(decided, months) + ONE_DAY if months else decided
                inside = day <= first <= day + timedelta(days=length)
                assert inside == (begins <= decided <= ends)
        day += ONE_DAY


ACTS: list[list[factories.Treatment]] = [
    [("fine", 600)],
    [("fine", 500_000)],
    ["warning"],
    ["warning", "close_down"],
    [("confiscate_gains", 600_000)],
    [("fine", 300_000), ("fine", 200_000)],
]


def test_the_query_finds_what_the_clocks_say() -> None:
    day = today()
    for back in (0, 1, 61, 75, 91, 92, 93, 120, 340, 366, 370):
        factories.decision(decided_on=day - timedelta(days=back), acts=ACTS)
        factories.decision(decided_on=day - timedelta(days=back), procedure="summary")
    first, last = day + ONE_DAY, day + timedelta(days=30)
    every = clocks(Violation.objects.all(), day)
    expected = {
        pk for pk, one in every.items() if one.repair_from and first <= one.repair_from <= last
    }
    found = read(becoming_eligible(first, last, day), day)
    assert {one.violation.pk for one in found} == expected
    assert expected
    assert {one.clocks.tier for one in found} == {"general", "serious"}
    now = read(becoming_eligible(day, day, day), day)
    assert "light" in {one.clocks.tier for one in now}


def test_what_is_no_longer_to_be_repaired_is_left_out() -> None:
    day, old = today(), today() - timedelta(days=75)
    case = Case(factories.decision(decided_on=old))
    received(case)
    factories.contest(factories.decision(decided_on=old), old)
    gone = factories.decision(decided_on=old).violations.get()
    gone.revoked_on = day
    gone.save()
    factories.decision(decided_on=old, state="draft")
    kept = factories.decision(decided_on=old).violations.get()
    rows = becoming_eligible(day, day + timedelta(days=30), day)
    assert [one.pk for one in rows] == [kept.pk]
