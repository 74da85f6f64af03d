"""The steps of a review: one table says from which state, who may, and what must hold.

Every service locks the standing and the review first, then asks here, then acts. One officer
proposes, another decides, and nobody decides about a record of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q

from accounts.models import Officer
from accounts.roles import Can
from grading import selectors
from grading.models import Review, ReviewState, Standing
from grading.reviews import FIGURES, exceeds
from violations.models import Decision, DecisionEditor
from violations.steps import Rule, Steps
from violations.visibility import DecisionQuerySet


class Step(StrEnum):
    ASK = "ask"
    END_WAIT = "end-wait"
    TRANSFER = "transfer"
    PROPOSE = "propose"
    WITHDRAW = "withdraw"
    RETURN = "return"
    DECIDE = "decide"


LABELS = {
    Step.ASK: "要求单位说明",
    Step.END_WAIT: "不再等待",
    Step.TRANSFER: "转办",
    Step.PROPOSE: "提出意见",
    Step.WITHDRAW: "撤回意见",
    Step.RETURN: "退回经办人",
    Step.DECIDE: "批准意见",
}

# Says why the step is not open to this officer or not now, or None.
Guard = Callable[[Officer, Review], str | None]


def second_person(officer: Officer, review: Review) -> str | None:
    if officer.pk == review.proposed_by_id:
        return "经办人不能担任复核人。请由他人审批。"
    return None


def no_own_record(officer: Officer, review: Review) -> str | None:
    """Nobody decides about a decision that they recorded, edited or confirmed (2-1)."""
    if counted_decisions(review).filter(_had_a_hand(officer)).exists():
        return "您录入、修改或审核过计入的处理决定，不能担任复核人。请由他人审批。"
    return None


def nothing_awaited(officer: Officer, review: Review) -> str | None:
    names = "、".join(one.unit.name for one in review.requests.all() if one.is_waiting)
    return f"还在等待{names}答复。请等答复，或者登记不再等待。" if names else None


def something_awaited(officer: Officer, review: Review) -> str | None:
    return None if review.waiting() else "没有在等待的要求。请打开复核查看现在的状态。"


def same_figures(officer: Officer, review: Review) -> str | None:
    """What was proposed looked at all that is on record today."""
    if selectors.is_being_regraded(review.subject_id):
        return "该监管对象正在重新评定。请稍后刷新再批准。"
    if exceeds(figures_of(review.subject_id), review.seen):
        return "提出意见后计数又有增加。请退回，由经办人按现在的计数重新提出。"
    return None


def _had_a_hand(officer: Officer) -> Q:
    edited = DecisionEditor.objects.filter(decision=OuterRef("pk"), officer=officer)
    return Q(recorded_by=officer) | Q(confirmed_by=officer) | Q(Exists(edited))


def counted_decisions(review: Review) -> DecisionQuerySet:
    """The decisions with at least one act that counts today."""
    counted = selectors.view(review.subject_id).now.counted
    return Decision.objects.filter(violations__in=counted).distinct()


def figures_of(subject_id: int) -> tuple[int, ...]:
    """W, P, L, M of the standing."""
    row = Standing.objects.filter(pk=subject_id).values_list(*FIGURES).first()
    return tuple(row) if row else (0, 0, 0, 0)


_OPEN, _PROPOSED = ReviewState.OPEN, ReviewState.PROPOSED
_PROPOSES, _DECIDES = Can.PROPOSE_REVIEW, Can.DECIDE_REVIEW

TABLE: dict[Step, Rule[Review]] = {
    Step.ASK: Rule((_OPEN,), _OPEN, _PROPOSES),
    Step.END_WAIT: Rule((_OPEN,), _OPEN, _PROPOSES, guards=(something_awaited,)),
    Step.TRANSFER: Rule((_OPEN,), _OPEN, _PROPOSES),
    Step.PROPOSE: Rule((_OPEN,), _PROPOSED, _PROPOSES, guards=(nothing_awaited,)),
    Step.WITHDRAW: Rule((_PROPOSED,), _OPEN, _PROPOSES),
    Step.RETURN: Rule((_PROPOSED,), _OPEN, _DECIDES, persons=(second_person,)),
    Step.DECIDE: Rule(
        (_PROPOSED,),
        ReviewState.DECIDED,
        _DECIDES,
        persons=(second_person, no_own_record),
        guards=(same_figures,),
    ),
}

steps = Steps(TABLE, LABELS, "复核")
apply, hindrance = steps.apply, steps.hindrance


def locked(review_id: int) -> Review:
    """The review with its standing, locked in the order in which grading locks them.

    Raises Review.DoesNotExist.
    """
    subject_id = Review.objects.values_list("subject_id", flat=True).get(pk=review_id)
    list(Standing.objects.select_for_update().filter(pk=subject_id).values_list("pk"))
    return (
        Review.objects.select_for_update(of=("self",)).select_related("subject").get(pk=review_id)
    )
