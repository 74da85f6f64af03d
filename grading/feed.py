"""The feed of changes: numbers given to committed rows, so that a cursor never skips one.

An id is taken when a row is inserted and seen when its transaction commits, so a reader who goes
on after the highest id it saw misses whatever commits later with a lower one. A number is given
afterwards, under a lock that is held until the numbers are committed: they become visible in their
order, and a late row gets a later number (interfaces.md, "grade-changes").
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from grading.models import FeedCounter, GradeChange
from grading.storing import OUTCOME

BATCH = 5000
BATCHES_AT_ONCE = 20  # one run of the task stays well below its time limit
DISCLOSED = tuple(f"disclosable_{name}" for name in OUTCOME)
_BLANK = GradeChange()


def number_changes(*, wait: bool = True) -> int:
    """Give the next numbers to all committed changes that have none; returns how many.

    Two that run at once have the effect of one: the second waits for the first, or with ``wait``
    False leaves the work to it.
    """
    numbered = 0
    for _ in range(BATCHES_AT_ONCE):
        # Asked outside a transaction first: mostly there is nothing, and nothing is locked.
        if not _unnumbered().exists():
            break
        given = _number_batch(wait)
        numbered += given
        if given < BATCH:
            break
    return numbered


def changes_after(cursor: int, limit: int, *, disclosable: bool) -> QuerySet[GradeChange]:
    """At most ``limit`` numbered changes after ``cursor``, in the order of the feed."""
    column = "disclosable_number" if disclosable else "feed_number"
    after = GradeChange.objects.filter(**{f"{column}__gt": cursor}).order_by(column)
    return after.select_related("subject", "rule_set")[:limit]


def _unnumbered() -> QuerySet[GradeChange]:
    return GradeChange.objects.filter(feed_number__isnull=True)


@transaction.atomic
def _number_batch(wait: bool) -> int:
    counter = _locked_counter(wait)
    if counter is None:
        return 0
    before = GradeChange.objects.filter(subject=OuterRef("subject"), pk__lt=OuterRef("pk"))
    changes = list(
        _unnumbered()
        .annotate(before_id=Subquery(before.order_by("-pk").values("pk")[:1]))
        .order_by("pk")[:BATCH]
    )
    stood = GradeChange.objects.in_bulk([change.before_id for change in changes])
    for change in changes:
        counter.last += 1
        change.feed_number = counter.last
        if _is_seen_outside(change, stood.get(change.before_id, _BLANK)):
            counter.last_disclosable += 1
            change.disclosable_number = counter.last_disclosable
    # The one update that changes know: all that they say of a grade stays as it was written.
    GradeChange.objects.bulk_update(changes, ["feed_number", "disclosable_number"], batch_size=500)
    counter.save()
    return len(changes)


def _locked_counter(wait: bool) -> FeedCounter | None:
    """The counter, locked; None where somebody else numbers and ``wait`` is False."""
    if not FeedCounter.objects.filter(pk=1).exists():
        FeedCounter.objects.get_or_create(pk=1)
    locked = FeedCounter.objects.select_for_update(skip_locked=not wait)
    return locked.filter(pk=1).first()


def _is_seen_outside(change: GradeChange, before: GradeChange) -> bool:
    """Whether anything of the disclosable evaluation differs from the change before."""
    return any(getattr(change, name) != getattr(before, name) for name in DISCLOSED)
