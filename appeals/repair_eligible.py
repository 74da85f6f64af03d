"""Which records become repairable in a span of days: one query, whatever stands on record.

A record's first day follows from the day of its decision and its tier, so a span of first days is
a span of decision days for each tier; what is left is looked at by the clocks themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from appeals.repair_models import RepairItem
from grading.clocks import Clocks
from grading.counting import ONE_DAY, first_decision_day
from grading.record_clocks import clocks, figures_on
from grading.tiers import LIGHT, SERIOUS, TIERS, TierMap
from violations.enums import DecisionState, DispositionKind
from violations.models import Contest, Disposition, Violation


@dataclass(frozen=True, slots=True)
class Eligible:
    """One record with its clocks; ``first`` is its first day."""

    violation: Violation
    clocks: Clocks
    first: date


def decision_days(first: date, last: date, months: int) -> tuple[date, date]:
    """The decisions whose minimum period of ``months`` ends so that they begin in that span."""
    if months == 0:
        return first, last
    return first_decision_day(first - ONE_DAY, months), first_decision_day(last, months) - ONE_DAY


def becoming_eligible(first: date, last: date, day: date) -> QuerySet[Violation]:
    """Acts whose repair becomes possible from ``first`` to ``last``, by decision day.

    In force, not revoked, not repaired, not contested on ``day``, and not applied for already.
    """
    figures = figures_on(day)
    if figures is None:
        return Violation.objects.none()
    tiers, wanted = figures.tiers, Q()
    for tier in TIERS:
        begins, ends = decision_days(first, last, tiers.terms[tier].min_months)
        span = Q(decision__decided_on__gte=begins, decision__decided_on__lte=ends)
        wanted |= span & _of_tier(tier, tiers)
    contested = Contest.objects.filter(
        Q(contested_until__isnull=True) | Q(contested_until__gt=day),
        decision=OuterRef("decision"),
        contested_from__lte=day,
    )
    open_case = RepairItem.objects.filter(violation=OuterRef("pk"), verdict="")
    rows: QuerySet[Violation] = Violation.objects.filter(
        wanted,
        _any_span(first, last, tiers),
        ~Exists(contested),
        ~Exists(open_case),
        decision__state=DecisionState.IN_FORCE,
        revoked_on__isnull=True,
        repaired_on__isnull=True,
    )
    return rows.order_by("decision__decided_on", "pk")


def read(rows: QuerySet[Violation], day: date) -> list[Eligible]:
    """These acts with their clocks, in their order; a fixed number of queries."""
    acts: list[Violation] = list(
        rows.select_related("decision__subject__merged_into", "decision__unit").prefetch_related(
            "dispositions"
        )
    )
    found = clocks(acts, day)
    return [
        Eligible(act, found[act.pk], found[act.pk].repair_from or day)
        for act in acts
        if act.pk in found
    ]


def _any_span(first: date, last: date, tiers: TierMap) -> Q:
    """The same spans without the tiers: what an index on the day can answer by itself."""
    wanted = Q()
    for term in tiers.terms.values():
        begins, ends = decision_days(first, last, term.min_months)
        wanted |= Q(decision__decided_on__gte=begins, decision__decided_on__lte=ends)
    return wanted


def _of_tier(tier: str, tiers: TierMap) -> Q:
    """``TierMap.tier`` as conditions on rows; a test compares the two."""
    serious = _serious(tiers)
    if tier == SERIOUS:
        return serious
    light = _light(tiers)
    return ~serious & light if tier == LIGHT else ~serious & ~light


def _serious(tiers: TierMap) -> Q:
    own = Disposition.objects.filter(violation=OuterRef("pk"))
    found = Q(Exists(own.filter(kind__in=sorted(tiers.serious_kinds))))
    if tiers.serious_fine_fen is None:
        return found
    fines = (
        own.filter(kind=DispositionKind.FINE)
        .order_by()
        .values("violation")
        .annotate(total=Sum("amount"))
        .filter(total__gte=Decimal(tiers.serious_fine_fen) / 100)
    )
    return found | Q(Exists(fines))


def _light(tiers: TierMap) -> Q:
    heavier = Disposition.objects.filter(violation=OuterRef("pk")).exclude(
        kind__in=sorted(tiers.light_kinds)
    )
    return Q(decision__procedure__in=sorted(tiers.light_procedures)) | ~Q(Exists(heavier))
