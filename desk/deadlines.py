"""By when something has to be done: the day, and how many working days are left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from core.clock import today
from core.settings_table import integer
from core.workdays import working_day_after, working_days_between


@dataclass(frozen=True, slots=True)
class Due:
    """The last day, and the words beside it; ``kind`` is "over", "soon" or empty (STYLE.md §5)."""

    on: date
    words: str
    kind: str = ""


def due(last_day: date) -> Due:
    """How a last day looks today."""
    day = today()
    if day > last_day:
        late = max(working_days_between(last_day, day) + (day.weekday() < 5), 1)
        return Due(last_day, f"逾期 {late} 天", "over")
    if day == last_day:
        return Due(last_day, "今天到期", "soon")
    left = working_days_between(day, last_day) + 1
    return Due(last_day, f"剩 {left} 天", "soon" if left == 1 else "")


def confirm_by(submitted_at: datetime | None, *, days: int | None = None) -> Due | None:
    """The last day on which a submitted decision is to be confirmed or returned (2-1).

    ``days`` is the setting ``confirm_working_days``, for who asks for many rows.
    """
    if submitted_at is None:
        return None
    limit = integer("confirm_working_days") if days is None else days
    return due(working_day_after(timezone.localdate(submitted_at), limit))
