"""Open reviews as tasks of the queue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils import timezone

from accounts.models import Officer
from accounts.roles import Can
from core.open_tasks import MOST, OpenTask
from core.settings_table import integer
from core.workdays import deadline_after
from grading.models import Flag, Review

LABELS = {
    Flag.OVER_LIMIT: "等级复核",
    Flag.LIST_CONFLICT: "名单冲突",
    Flag.OUTSIDE_SIGNAL: "外部信号",
}


def open_reviews(officer: Officer, day: date) -> Iterator[OpenTask]:
    """For the office that proposes and the approver who decides."""
    if not (officer.may(Can.PROPOSE_REVIEW) or officer.may(Can.DECIDE_REVIEW)):
        return
    days = integer("review_working_days")
    rows = Review.objects.filter(closed_at__isnull=True).select_related("subject")
    for row in rows.order_by("opened_at", "id")[: MOST + 1]:
        since = timezone.localdate(row.opened_at)
        yield OpenTask(
            kind=f"review.{row.flag}",
            label=LABELS[Flag(row.flag)],
            title=row.get_flag_display(),
            url=reverse("desk:subject", args=[row.subject_id]),
            since=since,
            deadline=deadline_after(since, days),
            subject_id=row.subject_id,
            subject_name=row.subject.name,
        )
