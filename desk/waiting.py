"""What waits for an officer: gathered from the apps below, no table of its own."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import Officer
from accounts.roles import Can
from grading.models import Review
from violations.reviewers import confirmable_by


def reviews_for(officer: Officer) -> QuerySet[Review]:
    """Open reviews that wait for the office; none for who does not hold any."""
    if not officer.may(Can.CONFIRM_FOR_ANY_UNIT):
        return Review.objects.none()
    return Review.objects.filter(closed_at__isnull=True)


def open_reviews_for(officer: Officer) -> int:
    """How many of them there are."""
    return reviews_for(officer).count()


def count_for(officer: Officer) -> int:
    """The number beside 工作台: decisions to confirm and reviews to hold; at most two queries."""
    confirms = officer.may(Can.CONFIRM_DECISION) or officer.may(Can.CONFIRM_FOR_ANY_UNIT)
    return (confirmable_by(officer).count() if confirms else 0) + open_reviews_for(officer)
