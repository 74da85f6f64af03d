"""By when a review is to be decided, and by when a unit is to answer; worked out, never stored."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from core.case_clock import deadline
from core.clock import today
from core.settings_table import integer
from core.workdays import Deadline, deadline_after
from grading.models import RequestKind, Review, ReviewRequest

_DAYS = {
    RequestKind.STATEMENT: "review_statement_working_days",
    RequestKind.MATERIAL: "review_material_working_days",
}


def decide_by(review: Review, days: int | None = None) -> Deadline:
    """``review_working_days`` after it began; what waits for a unit does not count.

    ``days`` is the setting, for who asks for many with their requests prefetched.
    """
    begun = timezone.localdate(review.opened_at)
    limit = integer("review_working_days") if days is None else days
    return deadline(begun, limit, review.waits(), today=today())


def answer_by(request: ReviewRequest, days: dict[str, int] | None = None) -> Deadline:
    """The unit's own deadline, from the day on which it was asked."""
    asked = timezone.localdate(request.asked_at)
    limit = days[request.kind] if days else answer_days(asked)[request.kind]
    return deadline_after(asked, limit)


def answer_days(on: date | None = None) -> dict[str, int]:
    """Both settings, in force on ``on``."""
    return {kind.value: integer(key, on) for kind, key in _DAYS.items()}
