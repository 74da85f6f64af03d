"""Reading a case: its records with their treatment, clocks and conditions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from appeals.repair_conditions import Condition, conditions
from appeals.repair_models import Repair, RepairItem
from grading.explanations import money
from grading.record_clocks import clocks
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
    """The conditions of each record, by id of its item; a fixed number of queries."""
    ids = [item.violation_id for item in items]
    known = clocks(ids, day)
    acts = Violation.objects.filter(pk__in=ids).prefetch_related("dispositions")
    treated = {act.pk: imposed(act.dispositions.all()) for act in acts}
    return {
        item.pk: conditions(
            item, repair, known.get(item.violation_id), treated[item.violation_id], day
        )
        for item in items
    }
