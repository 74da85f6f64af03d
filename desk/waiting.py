"""What waits for an officer: gathered from the apps below, no table of its own."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import Officer
from accounts.roles import Can
from grading.models import Review
from violations.enums import ListState
from violations.models import Correction, ImportRun, ListEntry
from violations.reviewers import confirmable_by


def reviews_for(officer: Officer) -> QuerySet[Review]:
    """Open reviews, for the office that holds them and for the approver who decides with it."""
    if not (officer.may(Can.CONFIRM_FOR_ANY_UNIT) or officer.may(Can.APPROVE_LIST_ENTRY)):
        return Review.objects.none()
    return Review.objects.filter(closed_at__isnull=True)


def proposals_for(officer: Officer) -> QuerySet[ListEntry]:
    """Proposed list entries that wait for this approver; never one of their own (3-A, 3-C)."""
    if not officer.may(Can.APPROVE_LIST_ENTRY):
        return ListEntry.objects.none()
    return ListEntry.objects.filter(state=ListState.PROPOSED).exclude(proposed_by=officer)


def corrections_for(officer: Officer) -> QuerySet[Correction]:
    """Corrections that wait for this officer to agree; never one of their own."""
    found: QuerySet[Correction] = Correction.objects.decidable_by(officer)
    return found


def count_for(officer: Officer) -> int:
    """The number beside 工作台: what this officer has to decide; at most five queries."""
    confirms = officer.may(Can.CONFIRM_DECISION) or officer.may(Can.CONFIRM_FOR_ANY_UNIT)
    holds = officer.may(Can.CONFIRM_FOR_ANY_UNIT)
    return (
        (confirmable_by(officer).count() if confirms else 0)
        + (ImportRun.objects.waiting_for(officer).count() if confirms else 0)
        + (reviews_for(officer).count() if holds else 0)
        + (proposals_for(officer).count() if officer.may(Can.APPROVE_LIST_ENTRY) else 0)
        + corrections_for(officer).count()
    )
