"""The word of the unit that made a record: it checks performance and correction on the spot."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from accounts.models import Officer
from appeals.repair_deadlines import Periods, unit_by
from appeals.repair_enums import RepairState, Verdict, Word
from appeals.repair_models import Repair
from appeals.repair_workflow import Step
from appeals.repair_writing import begun, kept, open_items, reason_faults, refuse
from core.clock import today
from violations.inputs import Fault
from violations.writing import save_as


@transaction.atomic
def state_for_unit(
    *, officer: Officer, repair_id: int, version: int, words: Mapping[int, tuple[str, str]]
) -> Repair:
    """For each record of the officer's unit (by id of its item): what it found, and its view.

    When the last unit has answered, the office goes on. Raises Repair.DoesNotExist, NotAllowed,
    CaseChanged, CaseRefused, InvalidDecision.
    """
    repair = begun(Step.STATE, officer, repair_id, version)
    items = open_items(repair)
    own = [one for one in items if one.unit_id == officer.unit_id and not one.word]
    faults: list[Fault] = []
    for item in own:
        word, reason = words.get(item.pk, ("", ""))
        if word not in (Word.AGREES, Word.DISAGREES):
            message = "没有选择核实结果。请选择同意或不同意修复。"
            faults.append(Fault(f"word_{item.pk}", "missing", message))
        faults += reason_faults(f"word_reason_{item.pk}", reason, "核实情况")
        item.word, item.word_reason = word, reason.strip()
        item.word_by, item.word_on = officer, today()
    refuse(faults)
    for item in own:
        save_as(officer, item, reason="原单位核实")
    if all(item.word for item in items):
        repair.state = RepairState.EXAMINING
    return kept(repair, officer, "state", {item.pk: item.word for item in own})


def waiting_units(repair: Repair) -> list[str]:
    """The units that have not answered yet, by name."""
    silent = repair.items.filter(verdict=Verdict.NONE, word="").select_related("unit")
    return sorted({item.unit.name for item in silent})


def still_waited_for(repair: Repair) -> str | None:
    """Why the office cannot go on yet: a unit has not answered and still has time."""
    silent = waiting_units(repair)
    due = unit_by(repair, Periods())
    if not silent or due is None or today() > due.day:
        return None
    names = "、".join(silent)
    return f"{names}尚未回复核实情况，期限 {due.day}。请等待回复；逾期未回复的，可以直接提出意见。"
