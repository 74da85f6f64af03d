"""Who confirms: a second person of the unit, or the office where the unit has none free (2-1)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Officer, Unit
from accounts.roles import ROLE_TABLE, Can
from violations.enums import DecisionState
from violations.models import Decision, DecisionEditor
from violations.visibility import DecisionQuerySet

REVIEWING_ROLES = sorted(role for role, may in ROLE_TABLE.items() if Can.CONFIRM_DECISION in may)


def confirmable_by(officer: Officer) -> DecisionQuerySet:
    """Submitted decisions that this officer may confirm or return.

    Never one that they recorded or edited in any version. A unit's own reviewers come first; the
    office confirms where the unit has no free reviewer (domain.md §5).
    """
    whose = Q(pk__in=[])
    if officer.may(Can.CONFIRM_DECISION):
        whose |= Q(unit=officer.unit_id)
    if officer.may(Can.CONFIRM_FOR_ANY_UNIT):
        whose |= Q(~Exists(_free_reviewers_of_outer_decision()))
    return (
        Decision.objects.filter(whose, state=DecisionState.SUBMITTED)
        .exclude(recorded_by=officer)
        .exclude(Exists(DecisionEditor.objects.filter(decision=OuterRef("pk"), officer=officer)))
    )


def free_reviewers(unit: Unit, decision: Decision | None = None) -> QuerySet[Officer]:
    """Active reviewers of ``unit`` who had no hand in ``decision``, by police number."""
    free = Officer.objects.filter(
        is_active=True, unit=unit, role_grants__role__in=REVIEWING_ROLES
    ).distinct()
    if decision is not None:
        free = free.exclude(pk=decision.recorded_by_id).exclude(edited_decisions__decision=decision)
    return free.order_by("number")


def had_a_hand_in(officer: Officer, decision: Decision) -> bool:
    """Whether the officer recorded, edited, submitted or confirmed the decision in any version."""
    return (
        officer.pk in (decision.recorded_by_id, decision.confirmed_by_id)
        or decision.editors.filter(officer=officer).exists()
    )


def _free_reviewers_of_outer_decision() -> QuerySet[Officer]:
    edited = DecisionEditor.objects.filter(
        decision=OuterRef(OuterRef("pk")), officer=OuterRef("pk")
    )
    return (
        Officer.objects.filter(
            is_active=True, unit=OuterRef("unit"), role_grants__role__in=REVIEWING_ROLES
        )
        .exclude(pk=OuterRef("recorded_by"))
        .exclude(Exists(edited))
    )
