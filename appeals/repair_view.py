"""Reading a case: its records with their treatment, clocks and conditions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from appeals.repair_conditions import Condition, conditions
from appeals.repair_enums import DECIDED_VERDICTS, Verdict
from appeals.repair_models import Repair, RepairItem
from grading.clocks import Record, clocks_of
from grading.explanations import money
from grading.record_clocks import figures_on, records
from violations.models import Disposition, Violation


def imposed(rows: Iterable[Disposition]) -> str:
    """「警告、罚款 10,000 元」."""
    return "、".join(_one(row) for row in rows) or "未作处理"


def _one(row: Disposition) -> str:
    words = row.get_kind_display()
    if row.amount is not None:
        words += f" {money(int(row.amount * 100))} 元"
    return f"{words}（{row.licence}）" if row.licence else words


def condition_lines(
    repair: Repair, items: Sequence[RepairItem], day: date
) -> dict[int, list[Condition]]:
    """The conditions of each record, by id of its item; a fixed number of queries.

    A record on which the case has said its word is read as it was on that day: what came of it is
    no condition that lacks.
    """
    ids = [item.violation_id for item in items]
    days = {item.pk: _settled_on(item, repair) or day for item in items}
    figures = {one: figures_on(one) for one in set(days.values())}
    known = {record.act.violation_id: record for record in records(ids)}
    acts = Violation.objects.filter(pk__in=ids).prefetch_related("dispositions")
    treated = {act.pk: imposed(act.dispositions.all()) for act in acts}
    found: dict[int, list[Condition]] = {}
    for item in items:
        on, record = days[item.pk], known.get(item.violation_id)
        read, of_item = figures[on], None
        if record is not None and read is not None:
            record = _as_it_was(record, on) if _settled_on(item, repair) else record
            of_item = clocks_of(record, on, read.rules, read.tiers)
        found[item.pk] = conditions(item, repair, of_item, treated[item.violation_id], on)
    return found


def _settled_on(item: RepairItem, repair: Repair) -> date | None:
    """When the case said what becomes of the record; None while it is open, or where others did."""
    if item.verdict in DECIDED_VERDICTS:
        return repair.decided_on
    if item.verdict == Verdict.TOO_EARLY:
        return repair.accepted_on
    if item.verdict in (Verdict.NOT_ACCEPTED, Verdict.WITHDRAWN):
        return repair.closed_on
    return None


def _as_it_was(record: Record, day: date) -> Record:
    """The record without what became of it on ``day`` or later."""
    act = record.act
    if act.repaired_on is not None and act.repaired_on >= day:
        act = act._replace(repaired_on=None)
    revoked = record.revoked_on
    later = revoked is not None and revoked >= day
    return record._replace(act=act, revoked_on=None if later else revoked)
