"""Where a review stands: its steps for ``.stp``, and who acts next."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from accounts.access import roles_that_may
from accounts.roles import Can
from desk.lists.steps import StepLine
from grading.models import Outcome, Review, ReviewState

APPROVERS = "、".join(roles_that_may(Can.DECIDE_REVIEW))
OFFICE = "局办公室"


def steps_of(review: Review) -> list[StepLine]:
    """The whole way, with what is done, what is now and what comes."""
    lines = list(_lines(review))
    asked = review.requests.all()
    skipped = None if asked else 1  # nobody waits for what nobody asked
    at = next((n for n, line in enumerate(lines) if not line.look and n != skipped), None)
    if at is not None:
        lines[at] = StepLine(lines[at].label, lines[at].words, "now")
    return lines


def _lines(review: Review) -> Iterator[StepLine]:
    opened = timezone.localdate(review.opened_at)
    words = f"{opened:%m-%d} {review.get_flag_display().partition('，')[0]}"
    yield StepLine("系统触发", words, "done")
    requests = list(review.requests.all())
    waiting = [one for one in requests if one.is_waiting]
    if waiting:
        yield StepLine("单位说明", f"待{waiting[0].unit.name}", "")
    elif requests:
        last = requests[-1]
        by = f" {last.answered_by.name}" if last.answered_by else "，未等答复"
        yield StepLine("单位说明", f"{last.unit.name}{by}", "done")
    else:
        yield StepLine("单位说明", "没有要求" if review.decided_by else "需要时由局办公室提出")
    proposed = review.state in (ReviewState.PROPOSED, ReviewState.DECIDED)
    if proposed and review.proposed_by and review.proposed_at:
        day = timezone.localdate(review.proposed_at)
        yield StepLine("经办人提出意见", f"{day:%m-%d} {review.proposed_by.name}", "done")
    elif review.state == ReviewState.LAPSED:
        yield StepLine("自动结束", review.closed_because, "done")
        return
    else:
        who = f"{review.handler.name}，{review.handler.unit.name}" if review.handler else OFFICE
        yield StepLine("经办人提出意见", who)
    decided = review.decided_by
    closed = timezone.localdate(review.closed_at) if review.closed_at else None
    words = f"{closed:%m-%d} {decided.name}" if decided and closed else f"{APPROVERS}，须为另一人"
    yield StepLine("复核人审批", words, "done" if decided else "")
    yield StepLine("办结", _end(review), "done" if decided else "")


def _end(review: Review) -> str:
    if not review.decided_by:
        return "维持，或转入名单程序"
    if review.outcome == Outcome.KEEP:
        return "维持现等级"
    return "已转入名单程序"
