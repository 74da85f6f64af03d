"""A flagged organisation and the two officers who look at it, for tests of reviews."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from accounts.models import Officer
from accounts.roles import Role
from grading.models import Outcome, Review
from grading.review_decision import Proposal, decide, propose_outcome
from grading.services import regrade
from subjects.models import Subject
from tests import factories
from tests.violations.list_cases import condition
from violations.enums import ListKind

REASON = "三次均已按期整改，维持等级并增加检查频次。"
DAY = date(2026, 11, 20)


def proposal(outcome: str = Outcome.KEEP, **fields: Any) -> Proposal:
    if outcome == Outcome.BLACK_LIST:
        fields.setdefault("condition", condition())
        fields.setdefault("paper", "舞公信提〔2026〕8号")
        fields.setdefault("legal_basis", "河南省社会信用条例 第二十八条")
        fields.setdefault("term_months", 12)
    if outcome == Outcome.RED_REMOVAL:
        fields.setdefault("paper", "舞公信移〔2026〕3号")
    return Proposal(outcome=outcome, reason=fields.pop("reason", REASON), **fields)


def warn(subject: Subject, day: date = date(2026, 6, 1), **fields: Any) -> None:
    factories.decision(subject, decided_on=day, kind="order", **fields)


def three_warnings(subject: Subject | None = None) -> Review:
    """W = 3, M = 0: over the limit."""
    flagged = subject or factories.subject()
    for month in (3, 4, 5):
        warn(flagged, date(2026, month, 1))
    regrade([flagged.pk])
    return Review.objects.get(subject=flagged, flag="over_limit")


def red_listed_with_a_penalty() -> Review:
    entry = factories.list_entry(list=ListKind.RED, listed_on=date(2026, 1, 10))
    factories.decision(entry.subject, decided_on=date(2026, 6, 1))
    regrade([entry.subject_id])
    return Review.objects.get(subject=entry.subject, flag="list_conflict")


@dataclass
class Desk:
    """Who proposes, who decides, and the review as it stands."""

    review: Review
    office: Officer = field(default_factory=lambda: factories.officer(Role.OFFICE))
    approver: Officer = field(default_factory=lambda: factories.officer(Role.APPROVER))

    def propose(self, outcome: str = Outcome.KEEP, **fields: Any) -> Review:
        self.review.refresh_from_db()
        self.review = propose_outcome(
            officer=self.office,
            review_id=self.review.pk,
            version=self.review.version,
            proposal=proposal(outcome, **fields),
        )
        return self.review

    def decide(self, officer: Officer | None = None) -> Review:
        self.review.refresh_from_db()
        self.review = decide(
            officer=officer or self.approver,
            review_id=self.review.pk,
            version=self.review.version,
        )
        return self.review


def kept(review: Review) -> Review:
    """Looked at by two and left as it is."""
    desk = Desk(review)
    desk.propose()
    return desk.decide()
