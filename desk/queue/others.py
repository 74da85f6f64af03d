"""Tasks about lists, corrections, sheets of factors and accounts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils import timezone

from accounts.change_views import waiting_for
from accounts.models import Officer
from accounts.roles import Can
from core.open_tasks import MOST, OpenTask
from core.workdays import Deadline
from desk.lists.cards import waiting_entries
from desk.waiting import corrections_for
from violations.factor_runs import open_runs_of

ONE_MORE = MOST + 1


def list_work(officer: Officer, day: date) -> Iterator[OpenTask]:
    """Entries on their way; what only time or another person can move is on hold."""
    approves = officer.may(Can.APPROVE_LIST_ENTRY)
    for one in waiting_entries(officer):
        entry, step = one.entry, one.next
        on_hold = approves != step.ready
        ends = step.due
        deadline = Deadline(ends.on, ends.provisional, ends.why) if ends else None
        remark = f"；退回意见：{entry.returned_remark}" if entry.returned_remark else ""
        yield OpenTask(
            kind="list.decide" if step.ready else "list.work",
            label="名单待审批" if step.ready else "名单办理",
            title=f"{entry.get_list_display()} {entry.paper}：{step.what}{remark}",
            url=reverse("desk:list-entry", args=[entry.pk]),
            since=timezone.localdate(entry.created_at),
            deadline=deadline,
            subject_id=entry.subject_id,
            subject_name=entry.subject.name,
            waits_for=f"{step.who}{step.what}" if on_hold else "",
            waiting_since=entry.notified_on if on_hold else None,
        )


def corrections(officer: Officer, day: date) -> Iterator[OpenTask]:
    """Corrections that somebody else proposed."""
    if not officer.may(Can.AGREE_TO_CORRECTION):
        return
    rows = corrections_for(officer).select_related("subject", "proposed_by__unit")
    for row in rows.order_by("id")[:ONE_MORE]:
        undoes = "还原，" if row.undoes_id else ""
        yield OpenTask(
            kind="correction.agree",
            label="更正待同意",
            title=f"第 {row.pk} 号，{undoes}{row.get_kind_display()}，"
            f"{row.proposed_by.unit.name}{row.proposed_by.name}提出：{row.reason}",
            url=reverse("desk:correction", args=[row.pk]),
            since=timezone.localdate(row.proposed_at),
            subject_id=row.subject_id,
            subject_name=row.subject.name,
        )


def factor_sheets(officer: Officer, day: date) -> Iterator[OpenTask]:
    """Sheets of factors with rows that are not settled."""
    if not officer.may(Can.RECORD_FACTOR):
        return
    for run in open_runs_of(officer)[:ONE_MORE]:
        yield OpenTask(
            kind="factor.sheet",
            label="参考因素待处理",
            title=f"{run.file_name}，{run.get_kind_display()}",
            url=reverse("desk:factor-sheet", args=[run.pk]),
            since=timezone.localdate(run.created_at),
            unit_id=run.unit_id,
            officer_id=run.officer_id,
        )


def account_changes(officer: Officer, day: date) -> Iterator[OpenTask]:
    """Changes of accounts that another administrator proposed."""
    if not officer.may(Can.ADMINISTER):
        return
    for change in waiting_for(officer)[:ONE_MORE]:
        yield OpenTask(
            kind="account.change",
            label="账号变更待同意",
            title=f"{change}，{change.proposed_by.name}提出：{change.reason}",
            url=reverse("accounts:proposal", args=[change.pk]),
            since=timezone.localdate(change.proposed_at),
        )
