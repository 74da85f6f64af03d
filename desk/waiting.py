"""What waits for an officer: gathered from the apps below, no table of its own."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Officer
from accounts.roles import ROLE_TABLE, Can
from grading.models import Review
from violations.enums import DecisionState
from violations.models import Decision, DecisionEditor
from violations.visibility import DecisionQuerySet

_REVIEWER_ROLES = [role for role, may in ROLE_TABLE.items() if Can.CONFIRM_DECISION in may]


def confirmable_by(officer: Officer) -> DecisionQuerySet:
    """Submitted decisions that this officer may confirm or return, the longest waiting first.

    Never one that they recorded or edited in any version (2-1). A unit's own reviewers come first;
    the office confirms where the unit has no free reviewer (domain.md §5).
    """
    whose = Q(pk__in=[])
    if officer.may(Can.CONFIRM_DECISION):
        whose |= Q(unit=officer.unit_id)
    if officer.may(Can.CONFIRM_FOR_ANY_UNIT):
        whose |= Q(~Exists(_free_reviewers()))
    return (
        Decision.objects.filter(whose, state=DecisionState.SUBMITTED)
        .exclude(recorded_by=officer)
        .exclude(Exists(_edited_by(officer.pk)))
        .order_by("submitted_at", "id")
    )


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


def _edited_by(officer_id: int) -> QuerySet[DecisionEditor]:
    return DecisionEditor.objects.filter(decision=OuterRef("pk"), officer=officer_id)


def _free_reviewers() -> QuerySet[Officer]:
    """Active reviewers of the decision's unit who neither recorded nor edited it."""
    edited = DecisionEditor.objects.filter(
        decision=OuterRef(OuterRef("pk")), officer=OuterRef("pk")
    )
    return (
        Officer.objects.filter(
            is_active=True, unit=OuterRef("unit"), role_grants__role__in=_REVIEWER_ROLES
        )
        .exclude(pk=OuterRef("recorded_by"))
        .exclude(Exists(edited))
    )
