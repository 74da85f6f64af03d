"""What the register holds already of the decisions on a sheet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from subjects.models import Subject
from violations.enums import DecisionState
from violations.import_columns import Layout
from violations.import_groups import Group
from violations.import_rows import ParsedRow, SheetFault, act_content
from violations.inputs import DispositionInput, ViolationInput
from violations.models import Decision, Disposition, Violation

_CHUNK = 500


@dataclass(slots=True)
class Recorded:
    """A decision on record: whose, of which day and kind, and the contents of its acts."""

    decision_id: int
    subject_id: int
    decided_on: date
    kind: str
    acts: set[tuple[object, ...]] = field(default_factory=set)


def recorded_decisions(groups: Sequence[Group]) -> dict[tuple[str, str], Recorded]:
    """Those of ``groups`` that the register holds, by (unit code, number key)."""
    found: dict[tuple[str, str], Recorded] = {}
    keys = sorted({group.key for group in groups if group.key[1]})
    for start in range(0, len(keys), _CHUNK):
        part = set(keys[start : start + _CHUNK])
        rows = (
            Decision.objects.exclude(state=DecisionState.WITHDRAWN)
            .filter(number_key__in=[number for _, number in part])
            .select_related("unit", "subject")
            .only("number_key", "decided_on", "kind", "unit__code", "subject__merged_into")
        )
        for row in rows:
            key = (row.unit.code, row.number_key)
            if key in part:
                found[key] = Recorded(row.pk, row.subject.survivor_id, row.decided_on, row.kind)
    _add_acts(found)
    return found


def _add_acts(found: Mapping[tuple[str, str], Recorded]) -> None:
    by_id = {recorded.decision_id: recorded for recorded in found.values()}
    ids = sorted(by_id)
    for start in range(0, len(ids), _CHUNK):
        part = ids[start : start + _CHUNK]
        treatments: dict[int, list[DispositionInput]] = defaultdict(list)
        for one in Disposition.objects.filter(violation__decision__in=part):
            treatments[one.violation_id].append(DispositionInput(one.kind, one.amount, one.licence))
        for row in Violation.objects.filter(decision__in=part):
            act = ViolationInput(
                field=row.field,
                type=row.type,
                facts=row.facts,
                law=row.law,
                article=row.article,
                committed_on=row.committed_on,
                dispositions=tuple(treatments[row.pk]),
            )
            by_id[row.decision_id].acts.add(act_content(act))


def sort_out(
    group: Group, recorded: Recorded, subjects: Mapping[str, Subject], layout: Layout
) -> Iterator[SheetFault | ParsedRow]:
    """Yields the rows that are in the register already, and faults of those that contradict it."""
    for row in group.rows:
        subject = subjects.get(row.code)
        if subject is None or subject.pk != recorded.subject_id:
            yield _fault(row, layout, "该文号已录入，监管对象与库中不同。对照决定书核对。")
        elif row.decided_on != recorded.decided_on or row.kind != recorded.kind:
            yield _fault(row, layout, "该文号已录入，日期或种类与库中不同。对照决定书核对。")
        elif act_content(row.act) in recorded.acts:
            yield row
        else:
            message = "该文号已录入，库中没有这一失信行为。导入不改动已录入的决定，在决定页面更正。"
            yield _fault(row, layout, message)


def _fault(row: ParsedRow, layout: Layout, message: str) -> SheetFault:
    return SheetFault(row.row, "number", layout.labels["number"], "recorded", message)
