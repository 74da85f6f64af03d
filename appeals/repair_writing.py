"""What every service of a credit repair does before and after its own: lock, ask, save, record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from accounts.models import Officer
from appeals.repair_enums import Verdict
from appeals.repair_models import Repair, RepairItem
from appeals.repair_workflow import Step, apply, locked
from core import audit
from core.clock import today
from violations.checks_of_texts import text
from violations.errors import InvalidDecision
from violations.inputs import Fault
from violations.writing import save_as

MIN_REASON = 5


def close(repair: Repair, officer: Officer, verdict: Verdict, reason: str) -> None:
    """End a case without a decision: what is still open of it gets ``verdict``."""
    for item in open_items(repair):
        item.verdict, item.verdict_reason = verdict, reason
        save_as(officer, item, reason=verdict.label)
    for pause in repair.pauses.filter(ends_on__isnull=True):
        pause.ends_on, pause.brought = today(), "未补正，案件已结束"
        save_as(officer, pause, reason=verdict.label)
    repair.closed_reason, repair.closed_on = reason, today()


def begun(step: Step, officer: Officer, repair_id: int, version: int) -> Repair:
    repair = locked(repair_id)
    apply(repair, step, officer=officer, version=version)
    return repair


def kept(
    repair: Repair,
    officer: Officer,
    verb: str,
    details: Mapping[Any, Any] | None = None,
    reason: str = "",
) -> Repair:
    save_as(officer, repair, reason=verb)
    known = {str(key): value for key, value in (details or {}).items()}
    action = f"repair.{verb}"
    audit.record(actor=officer, action=action, target=repair, reason=reason, details=known)
    return repair


def verdict_faults(
    item: RepairItem, name: str, verdict: str, reason: str, missing: list[str]
) -> Iterator[Fault]:
    """What is wrong with granting or refusing one record."""
    where = f"{name}_{item.pk}"
    if verdict not in (Verdict.GRANTED, Verdict.REFUSED):
        yield Fault(where, "missing", "没有选择准予或不予修复。请逐条选择。")
    elif verdict == Verdict.GRANTED and missing:
        message = f"条件尚未具备，不能准予修复：{'；'.join(missing)}。请先核对条件。"
        yield Fault(where, "conditions", message)
    yield from reason_faults(f"{name}_reason_{item.pk}", reason, "理由")


def reason_faults(path: str, reason: str, label: str) -> list[Fault]:
    reason = reason.strip()
    faults = list(text(path, reason, label, 2000))
    if reason and len(reason) < MIN_REASON:
        message = f"{label}至少 {MIN_REASON} 字，现为 {len(reason)} 字。请写明情况。"
        faults.append(Fault(path, "too_short", message))
    return faults


def refuse(faults: list[Fault]) -> None:
    if faults:
        raise InvalidDecision(faults)


def open_items(repair: Repair) -> list[RepairItem]:
    rows = repair.items.filter(verdict=Verdict.NONE).select_for_update()
    return list(rows.select_related("violation__decision").order_by("pk"))
