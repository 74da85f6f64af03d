"""Working days: Monday to Friday, overridden by the State Council's yearly notice (``Holiday``).

A year whose notice has not come is counted Monday to Friday and said to be provisional; as
deadlines are worked out and not stored, they follow the notice the moment it is entered. Every
deadline says why it falls on its day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta

from core.holiday_models import DayKind, Holiday

ONE_DAY = timedelta(days=1)
FRIDAY = 4


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a period; ``why`` says in Chinese how it was counted.

    ``provisional``: it reaches into a year without a notice, and may move when the notice comes.
    """

    day: date
    provisional: bool
    why: str


@dataclass(frozen=True, slots=True)
class Special:
    """A day that the notice moves: ``works`` or is off, and the holiday it belongs to."""

    works: bool
    name: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """The notices as they stand at one moment."""

    special: Mapping[date, Special]
    years: frozenset[int]

    def works(self, day: date) -> bool:
        """Whether ``day`` is a working day."""
        found = self.special.get(day)
        return day.weekday() <= FRIDAY if found is None else found.works

    def between(self, start: date, end: date) -> int:
        """See ``working_days_between``."""
        return sum(1 for day in _days(start + ONE_DAY, end) if self.works(day))

    def after(self, start: date, count: int) -> date:
        """See ``working_day_after``."""
        day = start
        while count > 0:
            day += ONE_DAY
            count -= self.works(day)
        return day

    def deadline(self, start: date, count: int) -> Deadline:
        """The ``count``-th working day after ``start``, with its reasons."""
        end = self.after(start, count)
        missing = sorted({start.year, end.year} - self.years)
        said = [self._moved(start, end) or "周六、周日不计"]
        if missing:
            years = "、".join(str(year) for year in missing)
            said.append(f"{years} 年放假安排尚未录入，暂按周一至周五计算，录入后重新计算")
        why = "；".join([f"自 {start} 起第 {count} 个工作日", *said])
        return Deadline(end, bool(missing), why)

    def _moved(self, start: date, end: date) -> str:
        """Holidays and make-up days from ``start`` (not included) to ``end``, in words."""
        runs: list[tuple[date, date, Special]] = []
        for day in _days(start + ONE_DAY, end + ONE_DAY):
            found = self.special.get(day)
            if found is None:
                continue
            if runs and runs[-1][1] + ONE_DAY == day and runs[-1][2] == found and not found.works:
                runs[-1] = (runs[-1][0], day, found)
            else:
                runs.append((day, day, found))
        return "，".join(_run(*run) for run in runs)


def _run(first: date, last: date, special: Special) -> str:
    days = f"{first:%m-%d}" if first == last else f"{first:%m-%d} 至 {last:%m-%d}"
    return f"{days} 上班" if special.works else f"{days} {special.name}放假"


class _Kept:
    """What ``one_calendar`` has read, once somebody asked."""

    calendar: Calendar | None = None


_kept: ContextVar[_Kept | None] = ContextVar("workdays_calendar", default=None)


@contextmanager
def one_calendar() -> Iterator[None]:
    """Within the block the notices are read once, at the first question.

    A request does so: the next one, in whatever process, sees what was entered meanwhile.
    """
    if _kept.get() is not None:
        yield
        return
    token = _kept.set(_Kept())
    try:
        yield
    finally:
        _kept.reset(token)


def forget() -> None:
    """The notices have changed: read them anew."""
    kept = _kept.get()
    if kept is not None:
        kept.calendar = None


def calendar() -> Calendar:
    """The notices as they stand; one query, or none within ``one_calendar`` after the first."""
    kept = _kept.get()
    if kept is None:
        return _read()
    if kept.calendar is None:
        kept.calendar = _read()
    return kept.calendar


def working_days_between(start: date, end: date) -> int:
    """How many working days lie wholly between ``start`` and ``end``, neither of them included.

    A period that begins with an event is counted from the day after it (Civil Code, art. 201), and
    has run when this many days have passed before ``end``. 0 where ``end`` is not after ``start``.
    """
    return calendar().between(start, end)


def working_day_after(start: date, count: int) -> date:
    """The ``count``-th working day after ``start`` (1 or more), on which such a period ends."""
    return calendar().after(start, count)


def deadline_after(start: date, count: int) -> Deadline:
    """The same with its reasons, and whether it may still move."""
    return calendar().deadline(start, count)


def _read() -> Calendar:
    rows = Holiday.objects.order_by("day").values_list("day", "kind", "name", "year")
    special, years = {}, set()
    for day, kind, name, year in rows:
        years.add(year)
        if kind != DayKind.PLAIN:
            special[day] = Special(kind == DayKind.WORK, name)
    return Calendar(special, frozenset(years))


def _days(first: date, end: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((end - first).days)]
