"""Deadlines of cases: working days that stand still while somebody else has to bring something.

Worked out from the days on record each time it is asked for, never stored: a notice of holidays
that comes later moves them (law.md, objections and repair).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from core.workdays import Deadline, calendar

ONE_DAY = timedelta(days=1)


class Wait(NamedTuple):
    """A stop from the day after ``begins`` to ``ends`` (included); None: it still runs."""

    begins: date
    ends: date | None
    words: str


def covers(waits: Iterable[Wait], day: date) -> bool:
    """Whether a stop covers ``day``: it does not count."""
    return any(one.begins < day and (one.ends is None or day <= one.ends) for one in waits)


def deadline(start: date, count: int, waits: Sequence[Wait], *, today: date) -> Deadline:
    """The ``count``-th working day after ``start`` that no stop covers.

    A stop that still runs is reckoned up to ``today``: the day named moves on with it.
    """
    closed = [one if one.ends is not None else one._replace(ends=today) for one in waits]
    works, end, left, lost = calendar(), start, count, 0
    while left > 0:
        end += ONE_DAY
        if works.works(end):
            waited = covers(closed, end)
            lost, left = lost + waited, left - (not waited)
    found = works.deadline(start, count + lost)
    if not lost:
        return found
    stops = "，".join(
        f"{one.begins} 至 {one.ends or '今'} {one.words}"
        for one in waits
        if one.begins < end and (one.ends is None or one.ends > start)
    )
    why = found.why.replace(
        f"第 {count + lost} 个工作日", f"第 {count} 个工作日，扣除等待的 {lost} 个工作日（{stops}）"
    )
    return Deadline(found.day, found.provisional, why)
