"""Earlier reminders and interviews of an organisation: its file, its history, and each form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from accounts.models import Officer
from accounts.roles import Can
from desk.history_row import Row
from desk.subject_file import family
from sanctions.notice_enums import HELD, NoticeState
from sanctions.notice_models import Notice
from subjects.models import Subject

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Told:
    """One of them; only who may open it gets a link."""

    notice: Notice
    may_open: bool


def told_before(subject: Subject, officer: Officer, *, besides: int | None = None) -> list[Told]:
    """What took place, the latest first; drafts are their unit's alone."""
    rows = Notice.objects.filter(family(subject), state__in=HELD).exclude(pk=besides or 0)
    rows = rows.defer("phone").select_related("unit").order_by("-held_on", "-pk")[:SHOWN]
    sees_all = officer.may(Can.KEEP_NOTICES) or officer.may(Can.SEE_ALL_DECISIONS)
    own = officer.may(Can.RECORD_NOTICE)
    return [Told(row, sees_all or (own and row.unit_id == officer.unit_id)) for row in rows]


def notice_rows(subject: Subject) -> Iterator[Row]:
    """Lines of its history: that it was told, when and by whom; never what was said."""
    versions = (
        Notice.history.filter(
            subject__in=Subject.objects.filter(pk=subject.pk) | subject.merged_from.all(),
            state__in=[NoticeState.REPORTED, NoticeState.RETURNED, NoticeState.KEPT],
        )
        .select_related("history_user__unit", "unit")
        .order_by("history_id")
    )
    seen: dict[int, str] = {}
    for version in versions:
        if seen.get(version.id) == version.state:
            continue
        seen[version.id] = version.state
        user = version.history_user
        yield Row(
            at=version.history_date,
            event_on=version.held_on,
            who=f"{user.name} · {user.unit.name}" if user else "系统",
            group="notice",
            words=f"{version.get_way_display()}：{version.get_state_display()}",
        )
