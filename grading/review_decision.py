"""What a review ends with: proposed by one officer, decided by another.

No outcome changes the grade. A black-list entry or the removal of a red one is only proposed: the
list procedure opens, with its notice, its hearing and its own second person (3-A, 3-C).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Officer
from core import audit
from core.clock import today
from core.workdays import deadline_after
from grading.counting import last_counted_day
from grading.models import Flag, Outcome, Review, Standing
from grading.review_precedents import precedents_for
from grading.review_services import faults_of_words, taken_by
from grading.review_workflow import Step, apply, counted_decisions, figures_of, locked
from violations.checks_of_texts import text
from violations.cleaning import one_line
from violations.enums import Closing, ListKind, ListState
from violations.errors import CaseRefused, InvalidDecision, NotAllowed
from violations.inputs import Fault
from violations.list_closing import propose_closing
from violations.list_entries import ListEntryInput
from violations.list_notice import notice_days
from violations.list_proposals import Grounds, check_grounds, check_proposal, propose_list_entry
from violations.models import ListCondition, ListEntry
from violations.writing import save_as

# What each flag may end with.
OUTCOMES: dict[str, tuple[Outcome, ...]] = {
    Flag.OVER_LIMIT: (Outcome.KEEP, Outcome.BLACK_LIST),
    Flag.LIST_CONFLICT: (Outcome.KEEP, Outcome.RED_REMOVAL, Outcome.BLACK_LIST),
    Flag.OUTSIDE_SIGNAL: (Outcome.KEEP, Outcome.BLACK_LIST),
}
TERMS = (12, 24, 36)
LONGEST_EVIDENCE = 2000


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one officer proposes; the last four are for a list procedure alone."""

    outcome: str
    reason: str
    differs_reason: str = ""
    paper: str = ""
    condition: ListCondition | None = None
    legal_basis: str = ""
    term_months: int | None = None


@transaction.atomic
def propose_outcome(
    *, officer: Officer, review_id: int, version: int, proposal: Proposal
) -> Review:
    """Propose an outcome on what is on record now; it waits for a second person.

    Raises NotAllowed, CaseRefused, InvalidDecision.
    """
    review = locked(review_id)
    apply(review, Step.PROPOSE, officer=officer, version=version)
    standing = Standing.objects.get(pk=review.subject_id)
    given = _cleaned(proposal)
    must_differ = precedents_for(review, standing.exceeded).differs(given.outcome)
    faults = list(faults_of_words(given.reason, given.differs_reason, must_differ=must_differ))
    if given.outcome not in outcomes_for(review, standing.grade):
        faults.append(Fault("outcome", "missing", "没有选择处理意见。请从列出的意见中选择一项。"))
    _fill(review, given)
    if given.outcome == Outcome.BLACK_LIST:
        faults += _listing_faults(review)
    if given.outcome == Outcome.RED_REMOVAL:
        faults += text("paper", given.paper, "文书", 100)
        review.list_entry = red_entry(review)
        if review.list_entry is None:
            message = "没有有效的红名单条目可以移出。请另选处理意见。"
            faults.append(Fault("outcome", "no_entry", message))
    if faults:
        raise InvalidDecision(faults)
    (
        review.seen_warnings,
        review.seen_penalties,
        review.seen_breaches,
        review.seen_amount_fen,
    ) = figures_of(review.subject_id)
    review.seen_exceeded = standing.exceeded
    review.proposed_by, review.proposed_at = officer, timezone.now()
    review.returned_remark = ""
    taken_by(review, officer)
    save_as(officer, review, reason=f"提出意见：{review.get_outcome_display()}")
    audit.record(
        actor=officer,
        action="review.propose",
        target=review,
        reason=review.reason,
        details={"number": review.number, "outcome": review.outcome, "seen": list(review.seen)},
    )
    return review


@transaction.atomic
def decide(*, officer: Officer, review_id: int, version: int) -> Review:
    """Agree to what was proposed; where it is a list procedure, that opens with it.

    Raises NotAllowed, CaseRefused, InvalidDecision.
    """
    review = locked(review_id)
    apply(review, Step.DECIDE, officer=officer, version=version)
    proposer = review.proposed_by
    assert proposer is not None  # a constraint of the table
    review.decided_by, review.closed_at = officer, timezone.now()
    review.closed_because = f"已办结：{review.get_outcome_display()}。"
    try:
        if review.outcome == Outcome.BLACK_LIST:
            data = listing(review)
            grounds = Grounds(review.condition, evidence(review))
            review.list_entry = propose_list_entry(officer=proposer, data=data, grounds=grounds)
        elif review.outcome == Outcome.RED_REMOVAL:
            _propose_removal(review, proposer)
    except NotAllowed:
        message = f"{proposer.name}已不能提请名单。请退回，由接办人重新提出。"
        raise CaseRefused(message) from None
    save_as(officer, review, reason=f"批准：{review.get_outcome_display()}")
    audit.record(
        actor=officer,
        action="review.decide",
        target=review,
        reason=review.reason,
        details={
            "number": review.number,
            "outcome": review.outcome,
            "seen": list(review.seen),
            "list_entry": review.list_entry_id,
        },
    )
    return review


def outcomes_for(review: Review, grade: str) -> tuple[Outcome, ...]:
    """What may be proposed: who is on the black list already is not proposed for it."""
    found = OUTCOMES[review.flag]
    return tuple(one for one in found if one != Outcome.BLACK_LIST or grade != "C")


def red_entry(review: Review) -> ListEntry | None:
    """The red-list entry in force that a removal would end; the latest of several."""
    day = today()
    rows = ListEntry.objects.filter(
        subject=review.subject_id,
        list=ListKind.RED,
        state=ListState.PUBLISHED,
        listed_on__lte=day,
        expires_on__gte=day,
        removed_on__isnull=True,
        closing="",
    )
    found: ListEntry | None = rows.order_by("-listed_on", "-pk").first()
    return found


def listing(review: Review) -> ListEntryInput:
    """The black-list entry that is proposed, from the first day on which it might begin."""
    begins = deadline_after(today(), notice_days(ListKind.BLACK) + 1).day
    return ListEntryInput(
        list=ListKind.BLACK.value,
        credit_code=review.subject.credit_code,
        name=review.subject.name,
        listed_on=begins,
        expires_on=_ends(begins, review.term_months),
        document=review.paper,
        legal_basis=review.legal_basis,
        reason=review.reason,
        notified_on=None,
    )


def evidence(review: Review) -> str:
    """The decisions that were looked at, by number."""
    rows = counted_decisions(review).order_by("decided_on", "pk")
    numbers = [f"{row.number}（{row.decided_on}）" for row in rows[:40]]
    return f"等级复核 {review.number}；{'、'.join(numbers) or '见复核材料'}"[:LONGEST_EVIDENCE]


def _propose_removal(review: Review, proposer: Officer) -> None:
    entry = review.list_entry
    assert entry is not None  # proposed with it
    entry.refresh_from_db()
    propose_closing(
        officer=proposer,
        entry_id=entry.pk,
        version=entry.version,
        closing=Closing.REMOVAL,
        on=today(),
        reason=review.reason,
        document=review.paper,
    )


def _cleaned(given: Proposal) -> Proposal:
    condition = given.condition
    basis = one_line(given.legal_basis) or (condition.legal_basis if condition else "")
    lists = given.outcome in (Outcome.BLACK_LIST, Outcome.RED_REMOVAL)
    black = given.outcome == Outcome.BLACK_LIST
    return Proposal(
        outcome=given.outcome,
        reason=given.reason.strip(),
        differs_reason=given.differs_reason.strip(),
        paper=one_line(given.paper) if lists else "",
        condition=condition if black else None,
        legal_basis=basis if black else "",
        term_months=given.term_months if black else None,
    )


def _fill(review: Review, given: Proposal) -> None:
    review.outcome, review.reason = given.outcome, given.reason
    review.differs_reason, review.paper = given.differs_reason, given.paper
    review.condition, review.legal_basis = given.condition, given.legal_basis
    review.term_months, review.list_entry = given.term_months, None


def _listing_faults(review: Review) -> list[Fault]:
    """What the list procedure would refuse is said before anybody decides, all of it at once."""
    data, grounds = listing(review), Grounds(review.condition, evidence(review))
    found = [*check_grounds(data, grounds), *check_proposal(data.cleaned(), known_code=True)]
    places = {"document": "paper", "evidence": "reason", "expires_on": "term_months"}
    faults = [Fault(places.get(one.path, one.path), one.code, one.message) for one in found]
    if review.term_months not in TERMS:
        faults = [one for one in faults if one.path != "term_months"]
        message = "没有选择列入期限。请从列出的期限中选择。"
        faults.append(Fault("term_months", "missing", message))
    if review.condition is None and not review.legal_basis:  # it comes with the condition
        faults = [one for one in faults if one.path != "legal_basis"]
    return faults


def _ends(begins: date, months: int | None) -> date:
    """The last day of a term of ``months``."""
    return last_counted_day(begins, months or TERMS[0]) - timedelta(days=1)
