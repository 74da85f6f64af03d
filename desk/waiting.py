"""What waits for an officer: gathered from the apps below, no table of its own."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import Officer
from accounts.roles import Can
from desk.lists.cards import decidable_by
from grading.review_tasks import count_for as reviews_to_do
from violations.models import Correction, ImportRun
from violations.reviewers import confirmable_by


def reviews_are_for(officer: Officer) -> bool:
    """Whether reviews concern this officer at all."""
    return officer.may(Can.PROPOSE_REVIEW) or officer.may(Can.DECIDE_REVIEW)


def corrections_for(officer: Officer) -> QuerySet[Correction]:
    """Corrections that wait for this officer to agree; never one of their own."""
    found: QuerySet[Correction] = Correction.objects.decidable_by(officer)
    return found


def count_for(officer: Officer) -> int:
    """The number beside 工作台: what this officer has to decide; at most seven queries."""
    confirms = officer.may(Can.CONFIRM_DECISION) or officer.may(Can.CONFIRM_FOR_ANY_UNIT)
    return (
        (confirmable_by(officer).count() if confirms else 0)
        + (ImportRun.objects.waiting_for(officer).count() if confirms else 0)
        + reviews_to_do(officer)
        + decidable_by(officer)
        + corrections_for(officer).count()
    )
