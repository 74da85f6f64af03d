"""From 1 December the office is told, in red, that the next year's notice is missing."""

from __future__ import annotations

from core.clock import today
from core.workdays import calendar

DECEMBER = 12


def missing_year() -> int | None:
    """The year whose notice should be there by now and is not."""
    day = today()
    wanted = [day.year, day.year + 1] if day.month == DECEMBER else [day.year]
    return next((year for year in wanted if year not in calendar().years), None)
