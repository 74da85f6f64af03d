"""Each flag opens one review; the review closes by itself when the flag goes (domain.md §3)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from core.bulk import create_facts
from grading.models import Flag, GradeChange, Review, Standing

FLAG_IS_GONE = "标记已消失，复核自动结束。"


def follow_flags(standings: Sequence[Standing], changes: Sequence[GradeChange]) -> None:
    """Open a review for each new flag of these standings, close those whose flag is gone.

    Called with the standings locked, in the transaction of the changes.
    """
    if not any(change.flags != change.old_flags for change in changes):
        return
    last_change = {change.subject_id: change for change in changes}
    wanted = {
        (standing.subject_id, flag)
        for standing in standings
        if standing.subject_id in last_change
        for flag in standing.flags.split()
    }
    is_open = {
        (review.subject_id, review.flag): review
        for review in Review.objects.filter(
            subject_id__in=last_change.keys(), closed_at__isnull=True
        )
    }
    create_facts(
        [
            Review(
                subject_id=subject_id,
                flag=Flag(flag),
                opened_by_change=last_change[subject_id],
            )
            for subject_id, flag in sorted(wanted - is_open.keys())
        ]
    )
    for key in sorted(is_open.keys() - wanted):
        review = is_open[key]
        review.closed_at, review.closed_because = timezone.now(), FLAG_IS_GONE
        review.save()
