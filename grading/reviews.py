"""Each flag opens one review; the review closes by itself when the flag goes (domain.md §3)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from core.bulk import create_facts, update_facts
from grading.models import Review
from grading.storing import Row

FLAG_IS_GONE = "标记已消失，复核自动结束。"


def follow_flags(changes: Sequence[Row]) -> None:
    """Open a review for each flag that came with these changes, close those whose flag went.

    Called with the standings locked, in the transaction of the changes, which have their ids.
    """
    last = {change["subject_id"]: change for change in changes}
    moved = {change["subject_id"] for change in changes if change["flags"] != change["old_flags"]}
    if not moved:
        return
    wanted = {(one, flag) for one in moved for flag in last[one]["flags"].split()}
    is_open = {
        (review.subject_id, review.flag): review
        for review in Review.objects.filter(subject_id__in=moved, closed_at__isnull=True)
    }
    create_facts(
        [
            Review(subject_id=one, flag=flag, opened_by_change_id=last[one]["id"])
            for one, flag in sorted(wanted - is_open.keys())
        ]
    )
    gone = [is_open[key] for key in sorted(is_open.keys() - wanted)]
    now = timezone.now()
    for review in gone:
        review.closed_at, review.closed_because = now, FLAG_IS_GONE
    update_facts(gone, ["closed_at", "closed_because"])
