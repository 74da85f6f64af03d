"""Reviews and what units are asked about them, as tasks of the queue."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from accounts.models import Officer
from accounts.roles import Can
from core.open_tasks import MOST, OpenTask
from core.settings_table import integer
from grading.explanations import money
from grading.models import Flag, Review, ReviewRequest, ReviewState
from grading.review_clock import answer_by, answer_days, decide_by
from violations.writing import save_as

LABELS = {
    Flag.OVER_LIMIT: "等级复核",
    Flag.LIST_CONFLICT: "名单冲突",
    Flag.OUTSIDE_SIGNAL: "外部信号",
}
APPROVERS = "复核人审批"


def open_reviews(officer: Officer, day: date) -> Iterator[OpenTask]:
    """All that is open for the office; for approvers what others proposed."""
    proposes, decides = officer.may(Can.PROPOSE_REVIEW), officer.may(Can.DECIDE_REVIEW)
    if not (proposes or decides):
        return
    rows = Review.objects.filter(closed_at__isnull=True)
    if not proposes:
        rows = rows.filter(state=ReviewState.PROPOSED).exclude(proposed_by=officer)
    days = integer("review_working_days")
    rows = rows.select_related("subject__standing").prefetch_related("requests__unit")
    for row in rows.order_by("opened_at", "id")[: MOST + 1]:
        yield _task(row, officer, days)


def _task(row: Review, officer: Officer, days: int) -> OpenTask:
    proposed = row.state == ReviewState.PROPOSED
    mine_to_decide = (
        proposed and officer.may(Can.DECIDE_REVIEW) and row.proposed_by_id != officer.pk
    )
    waiting = row.waiting()
    waits_for, since = "", None
    if waiting:
        names = "、".join(sorted({one.unit.name for one in waiting}))
        waits_for = f"{names}{waiting[0].get_kind_display()}"
        since = min(timezone.localdate(one.asked_at) for one in waiting)
    elif proposed and not mine_to_decide:
        waits_for = APPROVERS
        since = timezone.localdate(row.proposed_at) if row.proposed_at else None
    what = row.get_outcome_display() if proposed else _tally(row)
    remark = f"；退回意见：{row.returned_remark}" if row.returned_remark and not proposed else ""
    return OpenTask(
        kind=f"review.{'decide' if mine_to_decide else row.flag}",
        label="复核待审批" if mine_to_decide else LABELS[Flag(row.flag)],
        title=f"{row.number}：{what}{remark}",
        url=reverse("desk:review", args=[row.pk]),
        since=timezone.localdate(row.opened_at),
        deadline=decide_by(row, days),
        subject_id=row.subject_id,
        subject_name=row.subject.name,
        officer_id=None if mine_to_decide else row.handler_id,
        waits_for=waits_for,
        waiting_since=since,
    )


def _tally(row: Review) -> str:
    standing = getattr(row.subject, "standing", None)
    if standing is None:
        return str(row.get_flag_display())
    counts = [
        (standing.penalties, "处罚 {} 件"),
        (standing.warnings, "警告、责令改正 {} 次"),
        (standing.breaches, "违反许可承诺 {} 次"),
    ]
    told = [words.format(count) for count, words in counts if count]
    if standing.amount_fen:
        told.append(f"罚没款 {money(standing.amount_fen)} 元")
    return "、".join(told) or str(row.get_flag_display())


def unit_statements(officer: Officer, day: date) -> Iterator[OpenTask]:
    """What the officer's unit was asked and has not answered."""
    if not officer.may(Can.STATE_FOR_UNIT):
        return
    days = answer_days()
    rows = ReviewRequest.objects.filter(
        unit=officer.unit_id, ended_at__isnull=True, review__closed_at__isnull=True
    )
    for row in rows.select_related("review__subject")[: MOST + 1]:
        yield OpenTask(
            kind=f"review.{row.kind}",
            label=row.get_kind_display(),
            title=f"{row.review.number}：{row.question}",
            url=reverse("desk:review-statement", args=[row.pk]),
            since=timezone.localdate(row.asked_at),
            deadline=answer_by(row, days),
            subject_id=row.review.subject_id,
            subject_name=row.review.subject.name,
            unit_id=row.unit_id,
        )


def count_for(officer: Officer) -> int:
    """The number beside 等级复核: what this officer could take up now; one query."""
    rows = Review.objects.filter(closed_at__isnull=True)
    if officer.may(Can.PROPOSE_REVIEW):
        waiting = ReviewRequest.objects.filter(review=OuterRef("pk"), ended_at__isnull=True)
        return rows.filter(~Exists(waiting), state=ReviewState.OPEN).count()
    if officer.may(Can.DECIDE_REVIEW):
        return rows.filter(state=ReviewState.PROPOSED).exclude(proposed_by=officer).count()
    return 0


def held_by(officer_ids: Collection[int]) -> dict[int, int]:
    """How many open reviews each of them has in hand."""
    rows = Review.objects.filter(handler__in=officer_ids, closed_at__isnull=True)
    return dict(rows.order_by().values_list("handler").annotate(Count("pk")))


def move(*, officer: Officer, leaver: Officer, to: Officer) -> int:
    """Give all of them to a colleague, in the transaction of the caller."""
    rows = Review.objects.select_for_update().filter(handler=leaver, closed_at__isnull=True)
    moved = 0
    for row in rows.order_by("pk"):
        row.handler = to
        row.version += 1
        save_as(officer, row, reason=f"移交：{leaver.name}至{to.name}")
        moved += 1
    return moved
