"""Counting working days between two days, provisionally Monday to Friday."""

from datetime import date

import pytest

from core.workdays import working_day_after, working_days_between

MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (MONDAY, MONDAY, 0),
        (MONDAY, date(2026, 3, 3), 0),
        (MONDAY, date(2026, 3, 4), 1),
        (date(2026, 2, 27), MONDAY, 0),
        (date(2026, 2, 20), MONDAY, 5),
        (MONDAY, date(2026, 2, 20), 0),
        (date(2025, 12, 31), date(2027, 1, 1), 261),
    ],
)
def test_neither_end_is_counted(start: date, end: date, days: int) -> None:
    assert working_days_between(start, end) == days


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (MONDAY, 1, date(2026, 3, 3)),
        (MONDAY, 2, date(2026, 3, 4)),
        (date(2026, 2, 27), 1, MONDAY),
        (date(2026, 2, 28), 2, date(2026, 3, 3)),
    ],
)
def test_a_period_ends_on_a_working_day(start: date, count: int, end: date) -> None:
    assert working_day_after(start, count) == end
