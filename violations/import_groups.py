"""Rows into decisions, and each decision through the checks that every way of entry has.

Rows with the same unit, number, subject and day are acts of one decision (interfaces.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from subjects.models import Subject
from subjects.particulars import clean_name
from violations.checks import check_decision
from violations.enums import DispositionKind
from violations.import_columns import OTHERS, Layout
from violations.import_rows import ParsedRow, SheetFault
from violations.inputs import DecisionInput, Fault
from violations.warnings import Grounds, warnings_of


@dataclass(slots=True)
class Group:
    """The rows of one decision; the first gives what they have in common."""

    rows: list[ParsedRow] = field(default_factory=list)

    @property
    def first(self) -> ParsedRow:
        return self.rows[0]

    @property
    def key(self) -> tuple[str, str]:
        """(unit code, number key): unique among decisions that are not withdrawn."""
        return (self.first.unit.code if self.first.unit else "", self.first.number_key)

    def as_input(self) -> DecisionInput:
        """The decision as everybody hands it in."""
        first = self.first
        return DecisionInput(
            unit_code=first.unit.code if first.unit else "",
            number=first.number,
            kind=first.kind,
            credit_code=first.code,
            subject_name=first.name,
            decided_on=first.decided_on,
            violations=tuple(row.act for row in self.rows),
            procedure=first.procedure,
            served_on=first.served_on,
            subject_principal=first.principal,
        )


def gather(rows: Iterable[ParsedRow], layout: Layout) -> list[Group]:
    """Rows into decisions. Faults of rows that do not fit together are added to the later row."""
    groups: dict[tuple[str, str], Group] = {}
    loose: list[Group] = []
    seen: dict[tuple[object, ...], int] = {}
    for row in rows:
        key = (row.unit.code if row.unit else "", row.number_key)
        group = groups.get(key)
        if not row.number:
            loose.append(Group([row]))
        elif group is None:
            groups[key] = Group([row])
        else:
            fault = _misfit(row, group.first, seen.get((key, *row.content)), layout)
            if fault:
                row.faults.append(fault)
                loose.append(Group([row]))
            else:
                group.rows.append(row)
        if row.number:
            seen.setdefault((key, *row.content), row.row)
    return [*groups.values(), *loose]


def _misfit(
    row: ParsedRow, first: ParsedRow, same_row: int | None, layout: Layout
) -> SheetFault | None:
    """Why ``row`` is no further act of the decision that ``first`` began."""
    if same_row is not None:
        return _fault(row, layout, "same_row", f"与第 {same_row} 行完全相同。删去重复的一行。")
    differs = {
        "监管对象": (row.code, first.code),
        "决定日期": (row.decided_on, first.decided_on),
        "送达日期": (row.served_on, first.served_on),
        "文书类型": (row.kind, first.kind),
        "程序": (row.procedure, first.procedure),
    }
    for what, (mine, theirs) in differs.items():
        if mine and theirs and mine != theirs:
            message = (
                f"与第 {first.row} 行文号相同，{what}却不同。"
                "同一文号只能是一份决定，对照决定书更正。"
            )
            return _fault(row, layout, "same_number", message)
    return None


def _fault(row: ParsedRow, layout: Layout, code: str, message: str) -> SheetFault:
    return SheetFault(row.row, "number", layout.labels["number"], code, message)


def check(
    group: Group,
    layout: Layout,
    *,
    today: date,
    known: Mapping[str, Subject],
    grounds: Grounds,
) -> Iterator[SheetFault]:
    """Everything that is wrong with a decision, by row and column, sheet and substance together.

    ``known`` are the organisations of the register by code. What could not be read is not reported
    a second time as missing, and of a row that has to be mended anyway only the law is warned
    about.
    """
    faulty = {row.row for row in group.rows if row.faults}
    for row in group.rows:
        yield from row.faults
    first = group.first
    data = group.as_input()
    is_known = first.code in known
    for fault in check_decision(data, today=today, takeover=True, known_code=is_known):
        at, key = _place(fault, data, layout)
        for row in group.rows if at is None else [group.rows[at]]:
            if key not in row.bad:
                faulty.add(row.row)
                yield _as_sheet_fault(row, key, fault, layout)
    if is_known and clean_name(first.name) != known[first.code].name:
        message = f"库中该代码的名称为“{known[first.code].name}”，按库中名称接收。核对代码。"
        label = layout.labels["name"]
        yield SheetFault(first.row, "name", label, "other_name", message, warning=True)
    for warning in warnings_of(data, grounds):
        at, key = _place(warning, data, layout)
        for row in group.rows if at is None else [group.rows[at]]:
            if key == "law" or row.row not in faulty:
                yield _as_sheet_fault(row, key, warning, layout)


_PATH = re.compile(r"violations\[(\d+)\](?:\.dispositions(?:\[(\d+)\])?)?\.?(\w*)")
_COLUMNS = {
    "subject_name": "name",
    "subject_principal": "principal",
    "credit_code": "code",
    "code_exception": "code",
    "unit_code": "unit",
    "field": "type",
    "article": "law",
    "violations": "number",
}
_MONEY_COLUMN = {DispositionKind.FINE.value: "fine"}


def _place(fault: Fault, data: DecisionInput, layout: Layout) -> tuple[int | None, str]:
    """Which act of the decision (None: all of them) and which column a fault is about."""
    found = _PATH.fullmatch(fault.path)
    if not found:
        key = _COLUMNS.get(fault.path, fault.path)
        return None, key if key in layout.labels else "number"
    act, disposition, name = int(found[1]), found[2], found[3]
    if ".dispositions" not in fault.path:
        return act, _COLUMNS.get(name, name)
    if layout.kind == OTHERS:
        return act, "kind"
    if name == "amount" and disposition is not None:
        kind = data.violations[act].dispositions[int(disposition)].kind
        return act, _MONEY_COLUMN.get(kind, "confiscated")
    return act, "licence" if name == "licence" else "kinds"


# The form asks for yuan, the sheet for ten thousands: never send anyone to the wrong unit.
_NO_MONEY = "处罚类别有{what}，却没有填写金额。填写以万元为单位的数字，如 1.5。"
_MONEY_WORDS = {"fine": "罚款", "confiscated": "没收违法所得"}


def _as_sheet_fault(row: ParsedRow, key: str, fault: Fault, layout: Layout) -> SheetFault:
    message = fault.message
    if fault.code == "missing" and key in _MONEY_WORDS:
        message = _NO_MONEY.format(what=_MONEY_WORDS[key])
    label = layout.labels.get(key, layout.labels["number"])
    return SheetFault(row.row, key, label, fault.code, message, fault.warning)
