"""What was decided in cases like this one: like is decided alike, or it is said why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from grading.models import Outcome, Review, ReviewState

MOST = 20
YEARS = 2
DAYS = 365 * YEARS + 1


@dataclass(frozen=True, slots=True)
class Precedents:
    """The last decided reviews of the same flag and the same exceeded clauses, the latest first."""

    cases: Sequence[Review]

    @property
    def usual(self) -> str:
        """The outcome that most of them had; empty without any, or where two are as frequent."""
        counts = Counter(case.outcome for case in self.cases).most_common(2)
        if not counts or (len(counts) > 1 and counts[0][1] == counts[1][1]):
            return ""
        return counts[0][0]

    @property
    def usual_words(self) -> str:
        return str(Outcome(self.usual).label) if self.usual else ""

    def differs(self, outcome: str) -> bool:
        """Whether ``outcome`` is another than the usual one."""
        return bool(self.usual) and outcome != self.usual


def precedents_for(review: Review, exceeded: str) -> Precedents:
    """``exceeded`` are the clauses as the standing keeps them."""
    since = timezone.now() - timedelta(days=DAYS)
    rows = (
        Review.objects.filter(
            flag=review.flag,
            state=ReviewState.DECIDED,
            seen_exceeded=exceeded,
            closed_at__gte=since,
        )
        .exclude(pk=review.pk)
        .select_related("subject__standing")
        .order_by("-closed_at", "-id")
    )
    return Precedents(list(rows[:MOST]))
