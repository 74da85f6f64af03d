"""Telling the party what became of a review: a numbered paper, once a review."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Officer, Unit
from accounts.roles import Can
from grading.explanations import money
from grading.models import Flag, Outcome, Review, ReviewState
from grading.review_workflow import locked
from sanctions.paper_content import chinese_day
from sanctions.paper_models import Paper
from sanctions.papers import issue
from violations.errors import CaseRefused, NotAllowed

KIND = "review_outcome"
_CAUSES = {
    Flag.OVER_LIMIT: "你单位一年内的计数达到B级条件的上限，且未列入黑名单",
    Flag.LIST_CONFLICT: "你单位在红名单有效期内又有计入的记录",
    Flag.OUTSIDE_SIGNAL: "收到其他部门有关你单位的信用信息",
}
_RESULTS = {
    Outcome.KEEP: "维持现有信用等级。本次复核不改变你单位的信用等级。",
    Outcome.BLACK_LIST: "提请列入黑名单。列入前将书面告知你单位，并听取陈述申辩；"
    "在黑名单发布前，你单位的信用等级不变。",
    Outcome.RED_REMOVAL: "提请移出红名单。是否移出，另行审批后告知你单位。",
}


@transaction.atomic
def issue_letter(*, officer: Officer, review_id: int) -> Paper:
    """Raises Review.DoesNotExist, NotAllowed, CaseRefused, InvalidDecision."""
    if not officer.may(Can.PROPOSE_REVIEW):
        raise NotAllowed("您的角色不能出具复核结果告知书。请联系局办公室。")
    review = locked(review_id)
    if review.state != ReviewState.DECIDED:
        raise CaseRefused("复核办结后才能出具告知书。请打开复核查看现在的状态。")
    if (done := letter_of(review)) is not None:
        raise CaseRefused(f"已出具告知书 {done.number}，不再出具。请打开文书登记送达。")
    return issue(
        kind=KIND,
        unit=Unit.objects.get(is_office=True),
        subject=review.subject,
        content=content_of(review),
        officer=officer,
    )


def letter_of(review: Review) -> Paper | None:
    """The paper that stands."""
    rows = Paper.objects.filter(kind=KIND, subject=review.subject_id, superseded_by__isnull=True)
    found: Paper | None = rows.filter(content__review=review.number).order_by("-pk").first()
    return found


def content_of(review: Review) -> dict[str, Any]:
    opened = timezone.localdate(review.opened_at)
    figures = (
        f"警告、责令改正{review.seen_warnings}次，行政处罚{review.seen_penalties}件，"
        f"违反许可承诺{review.seen_breaches}次，罚没款{money(review.seen_amount_fen or 0)}元"
    )
    return {
        "review": review.number,
        "opened": chinese_day(opened),
        "cause": _CAUSES[Flag(review.flag)],
        "figures": figures,
        "result": _RESULTS[Outcome(review.outcome)],
        "reason": review.reason,
    }
