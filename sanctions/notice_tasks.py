"""What the register of notices reports to the queue: whom to tell, to report, to correct, to keep.

Units get their own; the office gets what waits for it, and of the units what is overdue.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Officer
from accounts.roles import Can
from core.open_tasks import MOST, OpenTask
from core.settings_table import integer
from core.workdays import Deadline, calendar
from sanctions.notice_due import Due, tasks
from sanctions.notice_enums import NoticeState
from sanctions.notice_fallen import all_fell, has_fallen, standing, with_fallen
from sanctions.notice_models import Notice

UNKNOWN = "未登记原因"


def to_tell(officer: Officer, day: date) -> Iterator[OpenTask]:
    """Decisions that were served and black-list entries of which nobody was told yet (5-1)."""
    for one in tasks(officer, day, MOST + 1):
        own = one.decision is None or one.decision.unit_id == officer.unit_id
        if own or one.is_late(day):
            yield _told_of(one, day)


def _told_of(one: Due, day: date) -> OpenTask:
    decision, entry = one.decision, one.entry
    subject = one.record.subject
    name = f"decision={decision.pk}" if decision else f"entry={one.record.pk}"
    return OpenTask(
        kind="notice.register",
        label="提醒或约谈" if decision else "书面提醒或约谈",
        title=decision.number if decision else f"列入黑名单 {entry.paper if entry else ''}",
        url=f"{reverse('desk:notice-new')}?{name}",
        since=one.since,
        deadline=one.deadline,
        subject_id=subject.pk,
        subject_name=subject.name,
        unit_id=decision.unit_id if decision else None,
        late_because=why_late(one) if one.is_late(day) else "",
    )


def why_late(one: Due) -> str:
    """The last thing that stood in the way, in words."""
    last = one.last_attempt
    return f"{last.get_hindrance_display()}（{last.on}）" if last else UNKNOWN


def in_hand(officer: Officer, day: date) -> Iterator[OpenTask]:
    """Of the own unit: held and not reported yet, returned, promised to be followed up."""
    if not officer.may(Can.RECORD_NOTICE):
        return
    days, year = integer("report_working_days"), calendar()
    own = Notice.objects.filter(unit=officer.unit_id).select_related("subject", "paper")
    held = Q(state=NoticeState.DRAFT, held_on__lte=day) | Q(
        state=NoticeState.DRAFT, paper__served_on__isnull=False
    )
    for notice in with_fallen(own.filter(held)).order_by("pk")[: MOST + 1]:
        since = notice.held_on or notice.created_at.date()
        if notice.is_written and notice.paper and notice.paper.served_on:
            since = notice.paper.served_on
        label = "作废登记" if has_fallen(notice) else "报局办公室"
        yield _task(notice, "notice.report", label, since, year.deadline(since, days))
    for notice in own.filter(state=NoticeState.RETURNED).order_by("pk")[: MOST + 1]:
        assert notice.returned_at is not None
        since = timezone.localdate(notice.returned_at)
        yield _task(notice, "notice.returned", "补正后再报", since, year.deadline(since, days))
    waiting = own.filter(
        state__in=[NoticeState.REPORTED, NoticeState.KEPT],
        follow_up_on__lte=day,
        followed_up_on__isnull=True,
    )
    # Of what was set aside since, the party owes nothing that could be looked at.
    for notice in standing(waiting).order_by("follow_up_on", "pk")[: MOST + 1]:
        assert notice.follow_up_on is not None
        last = Deadline(notice.follow_up_on, False, "约定的回访日期")
        yield _task(notice, "notice.follow_up", "回访", notice.follow_up_on, last)


def at_the_office(officer: Officer, day: date) -> Iterator[OpenTask]:
    """What was reported and is to be kept or returned, and what is to be pushed or not (5-6)."""
    if not officer.may(Can.KEEP_NOTICES):
        return
    days, year = integer("push_working_days"), calendar()
    waiting = Q(state=NoticeState.REPORTED) | Q(state=NoticeState.KEPT, push="")
    rows = Notice.objects.filter(waiting).select_related("subject")
    rows = rows.filter(Q(state=NoticeState.REPORTED) | ~all_fell())
    for notice in rows.order_by("reported_at", "pk")[: MOST + 1]:
        if notice.state == NoticeState.REPORTED:
            assert notice.reported_at is not None
            since = timezone.localdate(notice.reported_at)
            yield _task(notice, "notice.keep", "核对留存", since, None, office=True)
        else:
            assert notice.kept_at is not None
            since = timezone.localdate(notice.kept_at)
            last = year.deadline(since, days)
            yield _task(notice, "notice.push", "决定是否推送", since, last, office=True)


def _task(
    notice: Notice,
    kind: str,
    label: str,
    since: date,
    deadline: Deadline | None,
    *,
    office: bool = False,
) -> OpenTask:
    return OpenTask(
        kind=kind,
        label=label,
        title=str(notice),
        url=reverse("desk:notice", args=[notice.pk]),
        since=since,
        deadline=deadline,
        subject_id=notice.subject_id,
        subject_name=notice.subject.name,
        unit_id=None if office else notice.unit_id,
    )
