"""Red-list entries that stand beside a counted act or a black-list entry, read from the facts.

The review opens with the flag once the grade is worked out (domain.md §3, ``list_conflict``); this
is what the workbench shows in the very second, before any worker has run.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from core.clock import today
from grading.counting import Evaluation, Facts, evaluate
from grading.facts import load, rule_versions, scope_of
from grading.models import Flag, RegradeRequest, Review
from grading.rules import LIST_CONFLICT
from violations.enums import ListKind, ListState
from violations.models import ListEntry

MOST = 200  # more conflicts at once are shown when the first are settled


@dataclass(frozen=True, slots=True)
class Conflict:
    """A red-list entry and the evaluation that contradicts it."""

    entry: ListEntry
    now: Evaluation


def red_list_conflicts() -> list[Conflict]:
    """Every red-list entry in conflict today, the oldest first.

    Asked of those whose review is open or whose re-grading is: nobody else can have a conflict that
    is not settled. The rules themselves say of these whether they have.
    """
    day, versions = today(), rule_versions()
    concerned = list(_concerned(day)[:MOST])
    if not concerned:
        return []
    facts = load(scope_of([entry.subject_id for entry in concerned]), day, versions)
    found = []
    for entry in concerned:
        now = evaluate(facts.get(entry.subject.survivor_id, Facts()), day, versions)
        if LIST_CONFLICT in now.decided.flags:
            found.append(Conflict(entry, now))
    return found


def _concerned(day: date) -> QuerySet[ListEntry]:
    reviews = Review.objects.filter(flag=Flag.LIST_CONFLICT, closed_at__isnull=True)
    requests = RegradeRequest.objects.filter(done_at__isnull=True)
    in_force: QuerySet[ListEntry] = ListEntry.objects.filter(
        Q(removed_on__isnull=True) | Q(removed_on__gt=day),
        list=ListKind.RED,
        state=ListState.PUBLISHED,
        listed_on__lte=day,
        expires_on__gte=day,
    )
    return (
        in_force.annotate(survivor=Coalesce("subject__merged_into_id", "subject_id"))
        .filter(
            Q(survivor__in=reviews.order_by().values("subject_id"))
            | Q(survivor__in=requests.order_by().values("subject_id"))
        )
        .select_related("subject")
        .order_by("listed_on", "id")
    )
