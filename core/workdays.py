"""Working days between two days.

Provisional: Monday to Friday, without the State Council's yearly notice of holidays and of weekends
worked instead. Callers get days that may be off around holidays, and say so where it matters.
"""

from datetime import date, timedelta


def working_days_between(start: date, end: date) -> int:
    """How many working days lie wholly between ``start`` and ``end``, neither of them included.

    A period that begins with an event is counted from the day after it (Civil Code, art. 201), and
    has run when this many days have passed before ``end``. 0 where ``end`` is not after ``start``.
    """
    return sum(1 for day in _days(start + timedelta(days=1), end) if day.weekday() < 5)


def working_day_after(start: date, count: int) -> date:
    """The ``count``-th working day after ``start`` (1 or more), on which such a period ends."""
    day = start
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def _days(first: date, end: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((end - first).days)]
