"""Reading the law catalogue: what is in force, one entry's versions, laws that nobody mapped."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from violations.enums import DecisionState
from violations.known_laws import known_laws
from violations.models import LawArticle, Violation


def in_force(day: date) -> QuerySet[LawArticle]:
    """The versions that are in force on ``day``, by law and article."""
    return (
        LawArticle.objects.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=day))
        .filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day))
        .order_by("law", "id")
    )


def versions_of(entry: LawArticle) -> list[LawArticle]:
    """All versions of an entry, the latest first."""
    rows = LawArticle.objects.filter(law_key=entry.law_key).select_related("recorded_by")
    by_id = {row.pk: row for row in rows}
    later = {row.replaces_id: row for row in by_id.values() if row.replaces_id}
    latest = by_id[entry.pk]
    while latest.pk in later:
        latest = later[latest.pk]
    found = [latest]
    while found[-1].replaces_id in by_id:
        found.append(by_id[found[-1].replaces_id])
    return found


@dataclass(frozen=True, slots=True)
class UnmappedLaw:
    """A law by its normalised name and the number of acts recorded under it."""

    name: str
    acts: int


def unmapped_laws_in_use() -> list[UnmappedLaw]:
    """Laws of recorded acts that the rule set does not map, the most used first.

    Their records stay sealed until it does (law.md, "sealed records").
    """
    known, acts = known_laws(), Counter[str]()
    rows = (
        Violation.objects.exclude(decision__state=DecisionState.WITHDRAWN)
        .order_by()
        .values_list("law_key")
        .annotate(n=Count("pk"))
    )
    for key, count in rows:
        for name in set(key.split("|")) - known:
            acts[name] += count
    return [UnmappedLaw(name, count) for name, count in acts.most_common()]
