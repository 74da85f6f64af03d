"""By when something has to be done: the day, and how many working days are left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from core.clock import today
from core.settings_table import integer
from core.workdays import Deadline, calendar, deadline_after


@dataclass(frozen=True, slots=True)
class Due:
    """The last day, and the words beside it; ``kind`` is "over", "soon" or empty (STYLE.md §5).

    ``why`` says how the day was counted; ``provisional``: a year's notice is still missing.
    """

    on: date
    words: str
    kind: str = ""
    why: str = ""
    provisional: bool = False


def due(last: date | Deadline) -> Due:
    """How a last day looks today; a ``Deadline`` brings its reasons along."""
    if isinstance(last, Deadline):
        words, kind = _looks(last.day)
        return Due(last.day, words, kind, last.why, last.provisional)
    return Due(last, *_looks(last))


def _looks(last_day: date) -> tuple[str, str]:
    day, days = today(), calendar()
    if day > last_day:
        return f"逾期 {max(days.between(last_day, day) + days.works(day), 1)} 天", "over"
    if day == last_day:
        return "今天到期", "soon"
    left = max(days.between(day, last_day) + days.works(last_day), 1)
    return f"剩 {left} 天", "soon" if left == 1 else ""


def confirm_by(submitted_at: datetime | None, *, days: int | None = None) -> Due | None:
    """The last day on which a submitted decision is to be confirmed or returned (2-1).

    ``days`` is the setting ``confirm_working_days``, for who asks for many rows.
    """
    if submitted_at is None:
        return None
    limit = integer("confirm_working_days") if days is None else days
    return due(deadline_after(timezone.localdate(submitted_at), limit))
