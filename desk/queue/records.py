"""Tasks about decisions on their way into the register, their sheets, and their papers."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from django.db.models import Case, Count, Exists, F, OuterRef, Q, When
from django.urls import reverse
from django.utils import timezone

from accounts.models import Officer
from accounts.roles import Can
from core.open_tasks import MOST, OpenTask
from core.settings_table import integer
from core.workdays import Deadline, deadline_after
from desk.queue.handing import HandOver
from violations.draft_models import EntryDraft
from violations.enums import DecisionState
from violations.models import Decision, DecisionEditor, ImportRun
from violations.papers_due import may_be_reminded
from violations.papers_due import to_attach as without_paper
from violations.papers_due import to_serve as not_served
from violations.selectors import (
    awaiting_confirmation,
    entry_drafts_of,
    handed_in_by,
)
from violations.visibility import DecisionQuerySet

ONE_MORE = MOST + 1


class Deadlines:
    """Deadlines of one length: a day that many tasks share is counted once."""

    def __init__(self, setting: str) -> None:
        self.days = integer(setting)
        self.known: dict[date, Deadline] = {}

    def after(self, start: date) -> Deadline:
        if start not in self.known:
            self.known[start] = deadline_after(start, self.days)
        return self.known[start]


def to_confirm(officer: Officer, day: date) -> Iterator[OpenTask]:
    """Submitted decisions that this officer confirms or returns (2-1)."""
    if not (officer.may(Can.CONFIRM_DECISION) or officer.may(Can.CONFIRM_FOR_ANY_UNIT)):
        return
    own_unit, deadlines = officer.may(Can.CONFIRM_DECISION), Deadlines("confirm_working_days")
    for row in awaiting_confirmation(officer)[:ONE_MORE]:
        since = _day(row)
        yield OpenTask(
            kind="decision.confirm",
            label="待审核",
            title=f"{row.number}，{row.unit.name}{row.recorded_by.name}提交",
            url=reverse("desk:decision-confirm", args=[row.pk]),
            since=since,
            deadline=deadlines.after(since),
            subject_id=row.subject_id,
            subject_name=row.subject.name,
            # Where the unit has nobody free it is the office's to do.
            unit_id=row.unit_id if own_unit and row.unit_id == officer.unit_id else None,
        )


def returned(officer: Officer, day: date) -> Iterator[OpenTask]:
    """What a reviewer sent back, to the recorder or to whoever takes over."""
    for row in _drafts(officer).exclude(returned_remark="")[:ONE_MORE]:
        yield _draft(
            officer,
            row,
            "decision.returned",
            "退回更正",
            f"{row.number}：{row.returned_remark}",
            reverse("desk:entry-edit", args=[row.pk]),
        )


def unsent(officer: Officer, day: date) -> Iterator[OpenTask]:
    """Recorded, and not yet checked and handed in."""
    for row in _drafts(officer).filter(returned_remark="")[:ONE_MORE]:
        yield _draft(
            officer,
            row,
            "decision.unsent",
            "待提交",
            f"{row.number}，已录入，尚未核对并提交",
            reverse("desk:entry-check", args=[row.pk]),
        )


def entry_drafts(officer: Officer, day: date) -> Iterator[OpenTask]:
    """Forms put aside half-way; of a colleague who left, they are handed over, not read."""
    if not officer.may(Can.RECORD_DECISION):
        return
    for row in entry_drafts_of(officer)[:ONE_MORE]:
        saved = timezone.localtime(row.updated_at)
        yield OpenTask(
            kind="entry.draft",
            label="草稿",
            title=f"{row}，{row.get_kind_display()}，保存于 {saved:%m-%d %H:%M}，继续录入",
            url=reverse("desk:entry-draft", args=[row.pk]),
            since=saved.date(),
            unit_id=officer.unit_id,
            officer_id=officer.pk,
        )


def handed_in(officer: Officer, day: date) -> Iterator[OpenTask]:
    """What the officer handed in, while others look at it."""
    if not officer.may(Can.RECORD_DECISION):
        return
    deadlines = Deadlines("confirm_working_days")
    for row in handed_in_by(officer)[:ONE_MORE]:
        since = _day(row)
        yield OpenTask(
            kind="decision.handed_in",
            label="已提交",
            title=row.number,
            url=reverse("desk:decision", args=[row.pk]),
            since=since,
            deadline=deadlines.after(since),
            subject_id=row.subject_id,
            subject_name=row.subject.name,
            unit_id=row.unit_id,
            officer_id=officer.pk,
            waits_for="审核人审核",
            waiting_since=since,
        )


def imports_to_confirm(officer: Officer, day: date) -> Iterator[OpenTask]:
    """Sheets to decide on as the second person."""
    if not (officer.may(Can.CONFIRM_DECISION) or officer.may(Can.CONFIRM_FOR_ANY_UNIT)):
        return
    rows = ImportRun.objects.waiting_for(officer).select_related("unit", "uploaded_by")
    for run in rows.order_by("id")[:ONE_MORE]:
        what = "申请撤回" if run.undo_asked_by_id else f"{run.new_decisions} 份决定，待审核"
        yield OpenTask(
            kind="import.confirm",
            label="导入待审核",
            title=f"{run.file_name}，{run.unit.name}{run.uploaded_by.name}，{what}",
            url=reverse("desk:import-run", args=[run.pk]),
            since=timezone.localdate(run.uploaded_at),
            unit_id=run.rows_unit_id if run.rows_unit_id == officer.unit_id else None,
        )


def imports_in_hand(officer: Officer, day: date) -> Iterator[OpenTask]:
    """Own sheets that somebody has to go on with."""
    if not (officer.may(Can.RECORD_DECISION) or officer.may(Can.CONFIRM_FOR_ANY_UNIT)):
        return
    for run in ImportRun.objects.in_hand_of(officer).order_by("id")[:ONE_MORE]:
        state = "退回更正" if run.returned_remark else run.get_state_display()
        yield OpenTask(
            kind="import.in_hand",
            label="导入待办理",
            title=f"{run.file_name}，{state}",
            url=reverse("desk:import-run", args=[run.pk]),
            since=timezone.localdate(run.uploaded_at),
            unit_id=officer.unit_id,
            officer_id=officer.pk,
        )


def to_serve(officer: Officer, day: date) -> Iterator[OpenTask]:
    """In force and not served (行政处罚法, art. 61)."""
    if not may_be_reminded(officer):
        return
    deadlines = Deadlines("serve_working_days")
    for row in not_served(officer)[:ONE_MORE]:
        yield _paper(row, "paper.serve", "未送达", row.decided_on, deadlines)


def to_attach(officer: Officer, day: date) -> Iterator[OpenTask]:
    """In force without its paper."""
    if not may_be_reminded(officer):
        return
    deadlines = Deadlines("paper_working_days")
    for row in without_paper(officer)[:ONE_MORE]:
        entered = timezone.localdate(row.confirmed_at or row.created_at)
        yield _paper(row, "paper.attach", "缺决定书", entered, deadlines, anchor="#files")


def _paper(
    row: Decision, kind: str, label: str, since: date, deadlines: Deadlines, anchor: str = ""
) -> OpenTask:
    return OpenTask(
        kind=kind,
        label=label,
        title=f"{row.number}，{row.unit.name}",
        url=reverse("desk:decision", args=[row.pk]) + anchor,
        since=since,
        deadline=deadlines.after(since),
        subject_id=row.subject_id,
        subject_name=row.subject.name,
        unit_id=row.unit_id,
    )


def _draft(
    officer: Officer, row: Decision, kind: str, label: str, title: str, url: str
) -> OpenTask:
    mine = getattr(row, "is_mine", False)
    return OpenTask(
        kind=kind,
        label=label,
        title=title,
        url=url,
        since=timezone.localdate(row.created_at),
        subject_id=row.subject_id,
        subject_name=row.subject.name,
        unit_id=row.unit_id,
        officer_id=officer.pk if mine else row.recorded_by_id,
    )


def _drafts(officer: Officer) -> DecisionQuerySet:
    """Own drafts, and those of the unit that nobody there has in hand any more."""
    if not officer.may(Can.RECORD_DECISION):
        return Decision.objects.none()
    hands = DecisionEditor.objects.filter(decision=OuterRef("pk"))
    mine = Q(recorded_by=officer) | Exists(hands.filter(officer=officer))
    here = hands.filter(officer__is_active=True, officer__unit=OuterRef("unit"))
    gone = Q(recorded_by__is_active=False) | ~Q(recorded_by__unit=F("unit"))
    return (
        Decision.objects.filter(unit=officer.unit_id, state=DecisionState.DRAFT)
        .annotate(is_mine=Case(When(mine, then=True), default=False))
        .filter(Q(is_mine=True) | (gone & ~Exists(here)))
        .select_related("unit", "subject")
        .order_by("id")
    )


def _day(row: Decision) -> date:
    return timezone.localdate(row.submitted_at or row.created_at)


def _held(leaver_ids: Collection[int]) -> DecisionQuerySet:
    return Decision.objects.filter(
        recorded_by__in=leaver_ids, recorded_by__unit=F("unit"), state=DecisionState.DRAFT
    )


def _drafts_held_by(officer_ids: Collection[int]) -> dict[int, int]:
    """Those that no colleague of the unit has in hand yet."""
    here = DecisionEditor.objects.filter(
        decision=OuterRef("pk"), officer__is_active=True, officer__unit=OuterRef("unit")
    ).exclude(officer=OuterRef("recorded_by"))
    rows = _held(officer_ids).exclude(Exists(here)).order_by().values_list("recorded_by")
    return dict(rows.annotate(Count("pk")))


def _move_drafts(*, officer: Officer, leaver: Officer, to: Officer) -> int:
    """The colleague has a hand in them from now on; who recorded them stays on record (2-3)."""
    moved = 0
    for row in _held([leaver.pk]):
        _, made = DecisionEditor.objects.get_or_create(decision=row, officer=to)
        moved += made
    return moved


def _entry_drafts_held_by(officer_ids: Collection[int]) -> dict[int, int]:
    rows = EntryDraft.objects.filter(officer__in=officer_ids).order_by().values_list("officer")
    return dict(rows.annotate(Count("pk")))


def _move_entry_drafts(*, officer: Officer, leaver: Officer, to: Officer) -> int:
    rows = list(EntryDraft.objects.select_for_update().filter(officer=leaver))
    for row in rows:
        row.officer = to
        row.save(update_fields=["officer"])
    return len(rows)


DRAFTS = HandOver("退回或未提交的处理决定", _drafts_held_by, _move_drafts, Can.RECORD_DECISION)
ENTRY_DRAFTS = HandOver("录入草稿", _entry_drafts_held_by, _move_entry_drafts, Can.RECORD_DECISION)
