"""What a credit file says of its reviews: those under way, and what was decided lately."""

from __future__ import annotations

from django.db.models import Q

from accounts.models import Officer
from desk.reviews.index import READS
from grading.models import Review, ReviewState
from subjects.models import Subject

SHOWN = 4


def reviews_of(subject: Subject, officer: Officer) -> dict[str, object]:
    """For ``desk/_subject_next.html``: the latest first, and whether they may be opened."""
    rows = Review.objects.filter(subject=subject).filter(
        Q(closed_at__isnull=True) | Q(state=ReviewState.DECIDED)
    )
    return {
        "rows": list(rows.order_by("-id")[:SHOWN]),
        "may_open": any(officer.may(what) for what in READS),
    }
