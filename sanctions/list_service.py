"""When the decision to put an organisation on a list was served on it.

Nothing that burdens the party begins before (domain.md §2): neither measures of C nor a reminder.
An entry that was taken over was published, and its party notified, before this system knew it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from sanctions.paper_models import Paper
from violations.models import ListEntry

LIST_DECISION = "list_decision"
# Entries whose party has the decision in its hands.
SERVED = Q(taken_over=True) | Q(papers__kind=LIST_DECISION, papers__served_on__isnull=False)


def with_served_on(entries: QuerySet[ListEntry]) -> QuerySet[Any]:
    """Each with ``decision_served_on``: the first day on which its list decision was served."""
    served = Paper.objects.filter(
        list_entry=OuterRef("pk"), kind=LIST_DECISION, served_on__isnull=False
    )
    first = served.order_by("served_on").values("served_on")[:1]
    return entries.annotate(decision_served_on=Subquery(first))


def served_on(entry: ListEntry) -> date | None:
    """The day on which what burdens may begin, or None where the decision was not served yet."""
    if entry.taken_over:
        return entry.listed_on
    found = with_served_on(ListEntry.objects.filter(pk=entry.pk))
    day: date | None = found.values_list("decision_served_on", flat=True).first()
    return None if day is None else max(day, entry.listed_on)


def without_decision(entries: QuerySet[ListEntry]) -> QuerySet[ListEntry]:
    """Those of which no list decision was issued that still stands; not those taken over."""
    issued = Paper.objects.standing().filter(list_entry=OuterRef("pk"), kind=LIST_DECISION)
    return entries.filter(~Exists(issued), taken_over=False)
