"""Where an entry stands: its steps for ``.stp``, who acts next, and by when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from accounts.access import roles_that_may
from accounts.roles import Can
from core.clock import today
from core.settings_table import integer
from core.workdays import Deadline, deadline_after
from desk.deadlines import Due, due
from violations.enums import Hearing, ListState
from violations.list_notice import is_waived, period
from violations.list_workflow import (
    is_notified,
    missing,
    objections_are_settled,
    party_is_heard,
    period_has_run,
)
from violations.models import ListEntry

OFFICE, APPROVERS = "局办公室", "、".join(roles_that_may(Can.APPROVE_LIST_ENTRY))
# How a standing looks: the kind of its tag.
STANDINGS = {
    "proposed": ("拟列入", "info"),
    "coming": ("尚未生效", "info"),
    "in_force": ("有效", "ok"),
    "removed": ("已移出", ""),
    "expired": ("已到期", ""),
    "revoked": ("已撤销", "bad"),
    "withdrawn": ("未列入", ""),
}


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step: ``look`` is "done", "now" or empty; ``words`` say who and when."""

    label: str
    words: str
    look: str = ""


@dataclass(frozen=True, slots=True)
class Next:
    """Who has to act (empty: nobody, time does), what, and by when."""

    who: str
    what: str
    due: Due | None = None
    ready: bool = False  # for the approver to decide


def standing(entry: ListEntry) -> str:
    """Of STANDINGS: what the entry is today."""
    day = today()
    if entry.state != ListState.PUBLISHED:
        return str(entry.state)
    if entry.removed_on is not None and entry.removed_on <= day:
        return "removed"
    if entry.expires_on < day:
        return "expired"
    return "coming" if entry.listed_on > day else "in_force"


def next_of(entry: ListEntry, approval_days: int | None = None) -> Next | None:
    """What happens next; None where nothing waits for anybody.

    ``approval_days`` is the setting, for who asks for many.
    """
    if entry.awaits_closing:
        words = f"审批{entry.get_closing_display()}"
        return Next(APPROVERS, words, ready=True)
    if not entry.is_proposed:
        return None
    lacks, ends, notice = missing(entry), period(entry), "公示" if entry.is_red else "告知"
    if lacks is None:
        return Next(APPROVERS, "审批列入", _approve_by(entry, ends, approval_days), ready=True)
    if lacks is is_notified:
        what = "发布公示并登记" if entry.is_red else "送达告知书并登记送达日期"
        return Next(OFFICE, what)
    if lacks is period_has_run:
        assert ends is not None  # notice is served
        return Next("", f"{notice}期内", Due(ends.day, "期满", "", ends.why, ends.provisional))
    if lacks is party_is_heard:
        return Next(
            OFFICE, "撤回" if entry.hearing == Hearing.ADOPTED else "登记陈述申辩及听取结果"
        )
    assert lacks is objections_are_settled
    is_open = any(not one.settlement for one in entry.objections.all())
    return Next(OFFICE, "处理公示异议" if is_open else "撤回")


def _approve_by(entry: ListEntry, ends: Deadline | None, days: int | None) -> Due | None:
    """Counted from the end of the period or the waiver, or from the hearing that came after it."""
    if ends is None:
        return None
    waived = entry.waived_on if is_waived(entry) else None
    later = [entry.statement_on, *(one.settled_on for one in entry.objections.all())]
    since = max([waived or ends.day, *(day for day in later if day)])
    limit = integer("list_approval_working_days") if days is None else days
    return due(deadline_after(since, limit))


def steps_of(entry: ListEntry) -> list[StepLine]:
    """The whole way, with what is done, what is now and what comes."""
    lines = list(_lines(entry))
    if entry.state in (ListState.WITHDRAWN, ListState.REVOKED):
        return lines
    at = next((n for n, line in enumerate(lines) if not line.look), None)
    if at is not None:
        lines[at] = StepLine(lines[at].label, lines[at].words, "now")
    return lines


def _lines(entry: ListEntry) -> Iterator[StepLine]:
    notice = "公示" if entry.is_red else "告知"
    made = timezone.localdate(entry.created_at)
    yield StepLine("提出", f"{made} {entry.proposed_by.name}", "done")
    if entry.taken_over:
        yield StepLine(notice, f"{_day(entry.notified_on)} 接收的历史记录", "done")
        yield from _end(entry)
        return
    served = entry.notified_on is not None
    words = f"{entry.notified_on} {entry.notice_document}".strip() if served else OFFICE
    yield StepLine(f"{notice}{'' if entry.is_red else '送达'}", words, "done" if served else "")
    lacks = missing(entry) if entry.is_proposed else None
    ends = period(entry)
    over = served and lacks not in (is_notified, period_has_run)
    if is_waived(entry):
        words = f"{entry.waived_on} 放弃陈述申辩"
    elif ends is None:
        words = f"{notice}后起算"
    else:
        words = f"{entry.notice_ends_on or ends.day} 期满{'（暂定）' if ends.provisional else ''}"
    yield StepLine("公示期" if entry.is_red else "陈述申辩期", words, "done" if over else "")
    settled = over and lacks is None
    yield StepLine(
        "异议处理" if entry.is_red else "听取意见",
        _heard(entry),
        "done" if settled else "",
    )
    if entry.state == ListState.WITHDRAWN:
        yield StepLine("未列入", entry.closing_reason, "now")
        return
    approver = entry.approved_by
    words = f"{_day(entry.approved_on)} {approver.name}" if approver else f"{APPROVERS}，须为另一人"
    yield StepLine("审批", words, "done" if approver else "")
    yield from _end(entry)


def _heard(entry: ListEntry) -> str:
    if not entry.is_red:
        return str(entry.get_hearing_display()) if entry.hearing else OFFICE
    objections = list(entry.objections.all())
    waiting = sum(1 for one in objections if not one.settlement)
    if not objections:
        return "没有异议"
    return f"{waiting} 项待处理" if waiting else f"{len(objections)} 项已处理"


def _end(entry: ListEntry) -> Iterator[StepLine]:
    is_listed = entry.state != ListState.PROPOSED
    began = is_listed and entry.listed_on <= today()
    yield StepLine("列入", f"{entry.listed_on} 至 {entry.expires_on}", "done" if began else "")
    now = standing(entry)
    if now in ("removed", "expired", "revoked"):
        day = entry.removed_on or (entry.expires_on if now == "expired" else None)
        yield StepLine(STANDINGS[now][0], _day(day), "done")
    elif entry.awaits_closing:
        yield StepLine(entry.get_closing_display(), f"{APPROVERS}审批")


def _day(value: date | None) -> str:
    return f"{value}" if value else ""
