"""By when a repair is accepted, answered by the unit and decided (国办发〔2025〕22号, settings)."""

from __future__ import annotations

from datetime import date

from appeals.repair_enums import RepairState
from appeals.repair_models import Repair
from core.case_clock import deadline
from core.clock import today
from core.models import OfficeSetting
from core.settings_table import KEYS
from core.workdays import Deadline

ACCEPT, UNIT = "repair_accept_working_days", "repair_unit_working_days"
RESULT, EXTENSION = "repair_result_working_days", "repair_extension_working_days"


class Periods:
    """The periods that the office set, read once for any number of cases.

    A case has the period that was in force on the day with which it began.
    """

    def __init__(self) -> None:
        rows = OfficeSetting.objects.filter(key__in=(ACCEPT, UNIT, RESULT, EXTENSION))
        self._set = list(
            rows.order_by("effective_from").values_list("key", "effective_from", "value")
        )

    def days(self, key: str, on: date) -> int:
        value = KEYS[key].default
        for name, since, chosen in self._set:
            if name == key and since <= on:
                value = chosen
        return int(value)


def accept_by(repair: Repair, periods: Periods) -> Deadline:
    """Accepted or not: 3 working days from receipt."""
    count = periods.days(ACCEPT, repair.received_on)
    return deadline(repair.received_on, count, repair.waits(), today=today())


def unit_by(repair: Repair, periods: Periods) -> Deadline | None:
    """The unit's word: 5 working days from acceptance."""
    if repair.accepted_on is None:
        return None
    count = periods.days(UNIT, repair.accepted_on)
    return deadline(repair.accepted_on, count, repair.waits(), today=today())


def result_by(repair: Repair, periods: Periods) -> Deadline | None:
    """The result: 10 working days from acceptance, and 10 more where they were extended."""
    if repair.accepted_on is None:
        return None
    count = periods.days(RESULT, repair.accepted_on)
    if repair.extended_on is not None:
        count += periods.days(EXTENSION, repair.accepted_on)
    return deadline(repair.accepted_on, count, repair.waits(), today=today())


def due_now(repair: Repair, periods: Periods) -> Deadline | None:
    """The deadline of what comes next; None where nothing does."""
    if repair.state in (RepairState.RECEIVED, RepairState.NOT_ACCEPTED):
        return None if repair.answered_on else accept_by(repair, periods)
    if not repair.is_open:
        return None
    return result_by(repair, periods)
