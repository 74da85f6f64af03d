"""One year (Civil Code, arts. 201 and 203): the corresponding day, or that month's last."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.counting import first_decision_day, last_counted_day

DAY = timedelta(days=1)
days = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 12, 31))


@pytest.mark.parametrize(
    ("decided_on", "last"),
    [
        ("2025-03-05", "2026-03-05"),
        ("2024-02-29", "2025-02-28"),
        ("2023-02-28", "2024-02-28"),
        ("2023-12-31", "2024-12-31"),
        ("2027-02-28", "2028-02-28"),
        ("2023-03-01", "2024-03-01"),
    ],
)
def test_the_last_day_that_counts(decided_on: str, last: str) -> None:
    assert last_counted_day(date.fromisoformat(decided_on)) == date.fromisoformat(last)


def plain_last_day(decided_on: date) -> date:
    """The rule in the words of the Civil Code, apart from the code under test."""
    try:
        return decided_on.replace(year=decided_on.year + 1)
    except ValueError:
        return date(decided_on.year + 1, 2, monthrange(decided_on.year + 1, 2)[1])


def test_every_decision_day_of_fifteen_years() -> None:
    day = date(2019, 1, 1)
    while day < date(2034, 1, 1):
        assert last_counted_day(day) == plain_last_day(day)
        day += DAY


def test_the_first_decision_day_is_the_exact_inverse_on_every_day_of_fifteen_years() -> None:
    """Every pair of days gives the same answer both ways: the bound moves by whole days only."""
    day = date(2019, 1, 1)
    while day < date(2034, 1, 1):
        first = first_decision_day(day)
        assert plain_last_day(first) >= day
        assert plain_last_day(first - DAY) < day
        day += DAY


@given(days, days)
def test_both_ways_of_asking_agree(decided_on: date, day: date) -> None:
    assert (last_counted_day(decided_on) >= day) == (decided_on >= first_decision_day(day))


@given(days, st.integers(min_value=1, max_value=36))
def test_any_window_of_months(decided_on: date, months: int) -> None:
    last = last_counted_day(decided_on, months)
    assert (last.year - decided_on.year) * 12 + last.month - decided_on.month == months
    assert last.day == min(decided_on.day, monthrange(last.year, last.month)[1])
