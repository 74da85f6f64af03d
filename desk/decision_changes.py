"""What a recorder changed since a decision was returned: from the history, item by item."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from desk.conflict import Row, compare
from violations.entry_data import RawEntry
from violations.models import Attachment, Decision, Disposition, Violation

_ACT = "违法行为 "


@dataclass(frozen=True, slots=True)
class Changes:
    """``rows`` are items before and after; acts that came or went whole are said in one row."""

    returned_at: datetime
    remark: str
    rows: list[Row] = field(default_factory=list)
    added: list[Attachment] = field(default_factory=list)
    withdrawn: list[Attachment] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        return not (self.rows or self.added or self.withdrawn)


def changes_since_return(decision: Decision) -> Changes | None:
    """None for a decision that was never returned."""
    returned = (
        Decision.history.filter(id=decision.pk, history_change_reason="退回更正")
        .order_by("-history_date", "-history_id")
        .first()
    )
    if returned is None:
        return None
    at = returned.history_date
    before = RawEntry.from_rows(returned.instance, _acts_at(decision, at))
    rows = compare(decision.kind, before, RawEntry.from_decision(decision))
    files = list(Attachment.objects.filter(decision=decision).order_by("id"))
    return Changes(
        at,
        returned.returned_remark,
        _compact(rows),
        [file for file in files if file.uploaded_at > at and not file.is_withdrawn],
        [
            file
            for file in files
            if file.withdrawn_at and file.withdrawn_at > at and file.uploaded_at <= at
        ],
    )


def _acts_at(decision: Decision, at: datetime) -> list[tuple[Violation, list[Disposition]]]:
    """The acts and dispositions as the history had them at that moment."""
    acts = _standing(Violation.history.filter(decision_id=decision.pk, history_date__lte=at))
    imposed = _standing(
        Disposition.history.filter(violation_id__in=list(acts), history_date__lte=at)
    )
    by_act: dict[int, list[Disposition]] = {pk: [] for pk in acts}
    for pk in sorted(imposed):
        row = imposed[pk]
        by_act[row.violation_id].append(row)
    ordered = sorted(acts.values(), key=lambda act: act.ordinal)
    return [(act, by_act[act.pk]) for act in ordered]


def _standing(history: QuerySet[Any]) -> dict[int, Any]:
    """The last row of each fact by its id, without those that were taken out."""
    latest = {row.id: row for row in history.order_by("history_date", "history_id")}
    return {pk: row.instance for pk, row in latest.items() if row.history_type != "-"}


def _compact(rows: list[Row]) -> list[Row]:
    """What differs; one row for an act that was added or taken out, with what it is."""
    compacted: list[Row] = []
    for prefix, group in groupby(rows, key=_act_of):
        items = list(group)
        before, after = ([row.mine for row in items], [row.theirs for row in items])
        if prefix and not (any(before) and any(after)):
            compacted.append(Row(prefix, _joined(before), _joined(after)))
        else:
            compacted += [row for row in items if row.differs]
    return compacted


def _act_of(row: Row) -> str:
    return row.label.partition(" · ")[0] if row.label.startswith(_ACT) else ""


def _joined(values: list[str]) -> str:
    return "；".join(value for value in values if value)
