"""By when an objection is answered, who is waiting for whom, and why a late one is late.

3 working days where the office can decide by itself, 7 in all where the providing unit must check,
which has 3 of them; the time in which material or an expert is awaited is not counted (art. 41 of
河南省社会信用条例). Nothing is stored: a pause, or a notice that comes later, moves the day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from appeals.objection_enums import ObjectionState
from appeals.objection_models import Objection
from appeals.objection_parts import ObjectionPause, ObjectionStatement
from core.case_clock import deadline
from core.clock import today
from core.settings_table import integer
from core.workdays import Deadline, deadline_after


@dataclass(frozen=True, slots=True)
class Limits:
    """The office's settings, read once for many objections."""

    office: int
    checked: int
    unit: int


@dataclass(frozen=True, slots=True)
class Clock:
    """Where one objection stands: its last day, and who is waiting for whom since when.

    ``on_hold``: the days stand still; ``late_because`` is empty where it is not late.
    """

    deadline: Deadline
    waits_for: str
    waiting_since: date
    on_hold: bool = False
    unit_deadline: Deadline | None = None
    late_because: str = ""


def limits() -> Limits:
    return Limits(
        office=integer("objection_working_days"),
        checked=integer("objection_checked_working_days"),
        unit=integer("objection_unit_working_days"),
    )


def last_day(
    objection: Objection, *, day: date | None = None, limit: Limits | None = None
) -> Deadline:
    """The last day on which it is to be decided and answered."""
    limit = limit or limits()
    asked = bool(objection.statements.all())
    count = limit.checked if asked else limit.office
    return deadline(objection.received_on, count, objection.waits(), today=day or today())


def unit_last_day(statement: ObjectionStatement, limit: Limits | None = None) -> Deadline:
    """The last day on which a unit is to have checked."""
    days = (limit or limits()).unit
    return deadline_after(statement.asked_on, days)


def clock(objection: Objection, *, day: date | None = None, limit: Limits | None = None) -> Clock:
    """How an open objection stands on ``day``; no query where its parts are prefetched."""
    on, limit = day or today(), limit or limits()
    last = last_day(objection, day=on, limit=limit)
    pause = open_pause(objection)
    if pause is not None:
        return Clock(last, pause.get_kind_display().removeprefix("等待"), pause.begins_on, True)
    waiting = unanswered(objection.statements.all())
    unit_last = min((unit_last_day(one, limit) for one in waiting), key=_day, default=None)
    who, since = _whom(objection, waiting)
    late = ""
    if on > last.day:
        late = objection.late_reason or _late_words(objection, waiting, limit, on)
    return Clock(last, who, since, False, unit_last, late)


def open_pause(objection: Objection) -> ObjectionPause | None:
    """What is awaited now."""
    return next((one for one in objection.pauses.all() if one.ends_on is None), None)


def unanswered(statements: Iterable[ObjectionStatement]) -> list[ObjectionStatement]:
    return [one for one in statements if one.stated_on is None]


def _day(one: Deadline) -> date:
    return one.day


def _whom(objection: Objection, waiting: list[ObjectionStatement]) -> tuple[str, date]:
    if objection.state == ObjectionState.WITH_UNIT and waiting:
        names = "、".join(one.unit.name for one in waiting)
        return f"{names}核实", min(one.asked_on for one in waiting)
    if objection.state == ObjectionState.PROPOSED and objection.proposed_on:
        return "复核人认定", objection.proposed_on
    handler = objection.handler.name if objection.handler else "局办公室"
    if objection.state == ObjectionState.DECIDED and objection.decided_on:
        return f"{handler}答复", objection.decided_on
    since = max(
        [
            objection.accepted_on or objection.received_on,
            *(one.stated_on for one in objection.statements.all() if one.stated_on),
            *(one.ends_on for one in objection.pauses.all() if one.ends_on),
        ]
    )
    verb = "决定是否受理" if objection.state == ObjectionState.RECEIVED else "提出认定意见"
    return f"{handler}{verb}", since


def _late_words(
    objection: Objection, waiting: list[ObjectionStatement], limit: Limits, on: date
) -> str:
    if waiting and objection.state == ObjectionState.WITH_UNIT:
        late = [one.unit.name for one in waiting if on > unit_last_day(one, limit).day]
        names = "、".join(late or [one.unit.name for one in waiting])
        return f"{names}{'逾期' if late else '尚'}未回复核实情况"
    if objection.state == ObjectionState.PROPOSED:
        return "复核人尚未认定"
    if objection.state == ObjectionState.RECEIVED:
        return "尚未决定是否受理"
    if objection.state == ObjectionState.DECIDED:
        return "已认定，尚未出具答复书"
    return "局办公室尚未提出认定意见"
