"""Each flag opens one review; the review closes by itself when the flag goes (domain.md §3).

A flag that was looked at and left standing opens none until more is on record than was looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from django.utils import timezone

from core.bulk import create_facts, update_facts
from core.clock import today
from grading.counting import first_decision_day, rules_on
from grading.facts import rule_versions
from grading.models import Review, ReviewState, Standing
from grading.storing import Row

FLAG_IS_GONE = "标记已消失，复核自动结束。"
AT_ONCE = 5000  # reviews in memory: the first grading of a register opens many
FIGURES = ("warnings", "penalties", "breaches", "amount_fen")

Key = tuple[int, str]
Figures = tuple[int, ...]


def follow_flags(changes: Sequence[Row]) -> None:
    """Open a review for each flag that came or outgrew what was looked at, close those that went.

    Called with the standings locked and written, in the transaction of the changes, which have
    their ids. A handful of statements for any number of changes.
    """
    last = {change["subject_id"]: change for change in changes}
    moved = {
        change["subject_id"]
        for change in changes
        if change["flags"] or change["flags"] != change["old_flags"]
    }
    if not moved:
        return
    wanted = {(one, flag) for one in moved for flag in last[one]["flags"].split()}
    is_open = _open_reviews(moved)
    missing = wanted - is_open.keys()
    looked_at = _looked_at(missing)
    still = _still_enough(looked_at)
    opening = sorted(missing - still)
    for start in range(0, len(opening), AT_ONCE):
        create_facts(
            [
                Review(
                    subject_id=one,
                    flag=flag,
                    opened_by_change_id=last[one]["id"],
                    follows_id=looked_at[one, flag].pk if (one, flag) in looked_at else None,
                )
                for one, flag in opening[start : start + AT_ONCE]
            ]
        )
    gone_ids = [is_open[key] for key in sorted(is_open.keys() - wanted)]
    gone = list(Review.objects.filter(pk__among=gone_ids).order_by("subject_id", "flag"))
    now = timezone.now()
    for review in gone:
        review.closed_at, review.closed_because = now, FLAG_IS_GONE
        review.state = ReviewState.LAPSED
        review.version += 1
    update_facts(gone, ["closed_at", "closed_because", "state", "version"])


def _open_reviews(subject_ids: Collection[int]) -> dict[Key, int]:
    """The ids of the open ones; reviews in full only where one is written: there may be many."""
    rows = Review.objects.filter(subject_id__among=subject_ids, closed_at__isnull=True).order_by()
    return {(subject, flag): pk for pk, subject, flag in rows.values_list("pk", "subject", "flag")}


def exceeds(now: Sequence[int], seen: Sequence[int]) -> bool:
    """Whether one of W, P, L, M is more than what was looked at."""
    return any(new > old for new, old in zip(now, seen, strict=True))


def looked_at_since() -> date:
    """A look of this day or later still holds: before it, nothing looked at counts any more."""
    day = today()
    rules = rules_on(day, rule_versions())
    return first_decision_day(day, rules.window_months if rules else 12)


def _looked_at(missing: Collection[Key]) -> dict[Key, Review]:
    """The last decision about each of these flags."""
    if not missing:
        return {}
    subjects = {one for one, _ in missing}
    rows = Review.objects.filter(subject_id__among=subjects, state=ReviewState.DECIDED)
    found = {(row.subject_id, row.flag): row for row in rows.order_by("closed_at", "id")}
    return {key: row for key, row in found.items() if key in missing}


def _still_enough(looked_at: dict[Key, Review]) -> set[Key]:
    """Those of which no more is on record than was looked at within the counting period."""
    if not looked_at:
        return set()
    subjects = {one for one, _ in looked_at}
    rows = Standing.objects.filter(pk__among=subjects).values_list("pk", *FIGURES)
    now: dict[int, Figures] = {pk: tuple(figures) for pk, *figures in rows}
    since = looked_at_since()
    return {
        key
        for key, review in looked_at.items()
        if review.closed_at is not None
        and timezone.localdate(review.closed_at) >= since
        and not exceeds(now[key[0]], review.seen)
    }
