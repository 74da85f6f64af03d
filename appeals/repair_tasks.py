"""Open repairs as tasks of the queue: the office, the unit that is asked, who decides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.models import Officer
from accounts.roles import Can
from appeals.repair_deadlines import Periods, accept_by, result_by, unit_by
from appeals.repair_enums import OPEN_STATES, RepairState
from appeals.repair_models import Repair
from appeals.repair_workflow import another_decides
from core.open_tasks import MOST, OpenTask
from core.workdays import Deadline

LABEL = "信用修复"
_TITLES = {
    RepairState.RECEIVED: "决定是否受理",
    RepairState.CHECKING: "等待原单位核实",
    RepairState.EXAMINING: "提出认定意见",
    RepairState.PROPOSED: "等待复核人审批",
    RepairState.DECIDED: "出具答复书",
    RepairState.NOT_ACCEPTED: "出具不予受理答复书",
}


def open_repairs(officer: Officer, day: date) -> Iterator[OpenTask]:
    """For whoever handles, decides or is asked; each case once, as this officer meets it."""
    handles, decides = officer.may(Can.HANDLE_APPEAL), officer.may(Can.DECIDE_APPEAL)
    periods = Periods()
    if handles or decides:
        for repair in _rows(_open()):
            if handles or repair.state == RepairState.PROPOSED:
                yield _of_the_office(officer, repair, periods)
    if officer.may(Can.STATE_FOR_UNIT):
        asked = Q(items__unit=officer.unit_id, items__verdict="", items__word="")
        checking = Repair.objects.filter(asked, state=RepairState.CHECKING).distinct()
        for repair in _rows(checking):
            yield _task(
                repair,
                "repair.state",
                "核实并回复",
                unit_by(repair, periods),
                officer.unit_id,
                can_be_done=True,
            )


def _open() -> QuerySet[Repair]:
    unanswered = Q(state=RepairState.NOT_ACCEPTED, answered_on__isnull=True)
    found: QuerySet[Repair] = Repair.objects.filter(Q(state__in=OPEN_STATES) | unanswered)
    return found


def _rows(rows: QuerySet[Repair]) -> QuerySet[Repair]:
    found = rows.select_related("subject", "handler").prefetch_related("pauses", "items__unit")
    return found.order_by("received_on", "pk")[: MOST + 1]


def _of_the_office(officer: Officer, repair: Repair, periods: Periods) -> OpenTask:
    """Whoever may decide a proposal has it to do; for everybody else it waits for them."""
    state = RepairState(repair.state)
    waiting = state in (RepairState.RECEIVED, RepairState.NOT_ACCEPTED)
    due = accept_by(repair, periods) if waiting else result_by(repair, periods)
    decides = (
        state == RepairState.PROPOSED
        and officer.may(Can.DECIDE_APPEAL)
        and another_decides(officer, repair) is None
    )
    title = "审批认定意见" if decides else _TITLES[state]
    return _task(repair, f"repair.{state}", title, due, None, can_be_done=decides)


def _task(
    repair: Repair,
    kind: str,
    title: str,
    due: Deadline | None,
    unit_id: int | None,
    *,
    can_be_done: bool,
) -> OpenTask:
    who, since = ("", None) if can_be_done else waits_for(repair)
    # An officer who left holds nothing: the case is then everybody's of the office.
    mine = unit_id is None and repair.handler.is_active and repair.state != RepairState.PROPOSED
    return OpenTask(
        kind=kind,
        label=LABEL,
        title=f"{repair.number} {title}",
        url=reverse("desk:repair", args=[repair.pk]),
        since=repair.received_on,
        deadline=due,
        subject_id=repair.subject_id,
        subject_name=repair.subject.name,
        unit_id=unit_id,
        officer_id=repair.handler_id if mine else None,
        waits_for=who,
        waiting_since=since,
    )


def waits_for(repair: Repair) -> tuple[str, date | None]:
    """For whom or what the case waits, and since when; empty where it waits for the office."""
    pause = repair.open_pause()
    if pause is not None:
        return "申请人补正材料", pause.begins_on
    if repair.state == RepairState.CHECKING:
        silent = {one.unit.name for one in repair.items.all() if not one.verdict and not one.word}
        if silent:
            return f"{'、'.join(sorted(silent))}核实", repair.accepted_on
    if repair.state == RepairState.PROPOSED:
        return "复核人审批", repair.proposed_on
    return "", None
