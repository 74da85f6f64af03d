"""Takes over years of decisions from an official sheet: every row checked, all or nothing.

Every fault is reported with row, column and reason (house.md, habit 16); the checks are those of
the form. A row that the register holds already is reported and skipped, so that the same sheet
twice adds nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.db import IntegrityError, transaction

from accounts.models import Officer, Unit
from accounts.roles import Can
from core import audit
from core.clock import today
from core.spreadsheets import Sheet, SheetError, open_sheet
from subjects.lookup import subjects_by_code
from subjects.models import Subject
from violations.errors import NotAllowed
from violations.import_columns import Layout, lay_out, recognise
from violations.import_groups import Group, check, gather
from violations.import_register import recorded_decisions, sort_out
from violations.import_rows import ParsedRow, RowReader, SheetFault, UnitName
from violations.import_store import Stored, store_decisions
from violations.list_entries import require_takeover_open
from violations.warnings import grounds

BUREAU = "舞钢市公安局"
# Rows (or decisions) between two words about how far the work has come.
STEP = 500

# Is told the phase, how much of it is done, and how much there is; may raise to stop the work.
Tell = Callable[[str, int, int], None]
# By row: the cells that were mended, by key; with an empty key the row is left out.
Overrides = Mapping[int, Mapping[str, str]]


def tell_nobody(phase: str, done: int, total: int) -> None:
    """For whoever waits for the result and watches nothing."""


@dataclass
class ImportReport:
    """What became of a sheet. ``kind`` is ``penalties`` or ``others``.

    ``faults`` stop everything, ``warnings`` nothing; ``skipped`` holds the numbers of the rows that
    the register has already; ``stored`` is None where nothing was written.
    """

    kind: str
    rows: int = 0
    faults: list[SheetFault] = field(default_factory=list)
    warnings: list[SheetFault] = field(default_factory=list)
    skipped: list[int] = field(default_factory=list)
    to_store: int = 0
    stored: Stored | None = None

    def add(self, faults: Iterable[SheetFault]) -> None:
        for fault in faults:
            (self.warnings if fault.warning else self.faults).append(fault)

    def sort(self) -> None:
        self.faults.sort(key=lambda fault: fault.row)
        self.warnings.sort(key=lambda fault: fault.row)
        self.skipped.sort()


@dataclass
class SheetContent:
    """A sheet as it was read: its columns and its decisions, nothing asked of the register yet."""

    layout: Layout
    header: list[str]
    groups: list[Group]


@dataclass
class Examined:
    """What a sheet would add: the decisions that are not on record, and whom they concern.

    ``known`` are the organisations of the register by code.
    """

    new: list[Group]
    known: Mapping[str, Subject]


def import_sheet(
    *,
    path: Path,
    unit: Unit,
    officer: Officer,
    kind: str = "",
    in_force: bool = False,
    dry_run: bool = False,
) -> ImportReport:
    """Read, check and store the sheet at ``path``; ``unit`` stands where a row names none.

    Without ``kind`` the columns tell which sheet it is. ``in_force`` takes over decisions that were
    confirmed before. Raises NotAllowed, and SheetError where the file is no sheet at all.
    """
    require_right(officer, in_force=in_force)
    report, content = read_content(open_sheet(path), unit=unit, kind=kind)
    if report.faults:
        return report
    try:
        with transaction.atomic():
            _check_and_store(report, content, path, officer, in_force=in_force, dry_run=dry_run)
    except IntegrityError as error:
        raise SheetError("导入期间有人录入了相同的文号或监管对象，未导入。重新导入。") from error
    report.sort()
    return report


def read_content(
    sheet: Sheet,
    *,
    unit: Unit,
    kind: str = "",
    overrides: Overrides | None = None,
    tell: Tell = tell_nobody,
) -> tuple[ImportReport, SheetContent]:
    """The decisions of a sheet. The report has faults only where there is nothing to check.

    ``unit`` stands where a row names none. Raises SheetError, and whatever ``tell`` raises.
    """
    layout = lay_out(sheet.header, kind or recognise(sheet.header))
    report, content = ImportReport(layout.kind), SheetContent(layout, sheet.header, [])
    report.add(_faults_of_columns(layout))
    if report.faults:
        return report, content
    units = Unit.objects.all()
    reader = RowReader(layout, sheet.formulas, _unit_names(units), _name_of(unit), overrides or {})
    content.groups = gather(_rows(sheet, reader, report, tell), layout)
    if not report.rows:
        report.add([SheetFault(0, "", "", "empty", "表中没有数据行。第二行起填写数据。")])
    return report, content


def _rows(sheet: Sheet, reader: RowReader, report: ImportReport, tell: Tell) -> Iterator[ParsedRow]:
    for number, values in sheet.rows:
        if reader.is_left_out(number):
            continue
        yield reader.read(number, values)
        report.rows += 1
        if report.rows % STEP == 0:
            tell("读取", report.rows, max(sheet.rows_about - 1, report.rows))


def examine(
    report: ImportReport,
    content: SheetContent,
    *,
    only_unit: Unit | None = None,
    tell: Tell = tell_nobody,
) -> Examined:
    """Check each decision of the sheet against itself and the register; faults go to ``report``.

    With ``only_unit`` decisions of other units are faults. Raises whatever ``tell`` raises.
    """
    groups, layout = content.groups, content.layout
    # A database cannot even be asked about some characters.
    codes = {group.first.code for group in groups}
    known = subjects_by_code({code for code in codes if code.isascii() and code.isalnum()})
    recorded = recorded_decisions(groups)
    day, given = today(), grounds()
    new: list[Group] = []
    for at, group in enumerate(groups):
        if at % STEP == 0:
            tell("校验", at, len(groups))
        found = list(check(group, layout, today=day, known=known, grounds=given))
        if only_unit is not None:
            found += _faults_of_unit(group, layout, only_unit)
        report.add(found)
        on_record = recorded.get(group.key)
        if on_record is None or any(not fault.warning for fault in found):
            new.append(group)
            continue
        for outcome in sort_out(group, on_record, known, layout):
            if isinstance(outcome, ParsedRow):
                report.skipped.append(outcome.row)
            else:
                report.add([outcome])
    report.to_store = sum(len(group.rows) for group in new)
    return Examined(new, known)


def _faults_of_unit(group: Group, layout: Layout, only: Unit) -> Iterator[SheetFault]:
    """Each unit answers for its own records (2-3)."""
    for row in group.rows:
        if row.unit is not None and row.unit.code != only.code:
            message = (
                f"该行是{row.unit.name}的决定，您只能导入{only}作出的决定。"
                "从表中删去，由该单位或局办公室导入。"
            )
            yield SheetFault(row.row, "unit", layout.labels["unit"], "other_unit", message)


def require_right(officer: Officer, *, in_force: bool) -> None:
    """Raise NotAllowed for who may not import, or not take over (now)."""
    if not (officer.may(Can.RECORD_DECISION) or officer.may(Can.CONFIRM_FOR_ANY_UNIT)):
        raise NotAllowed(f"{officer} 不能导入处理决定。由录入民警或局办公室导入。")
    if in_force:
        require_takeover_open()


def _name_of(unit: Unit) -> UnitName:
    return UnitName(unit.code, unit.name)


def _unit_names(units: Iterable[Unit]) -> dict[str, UnitName]:
    """Each way a sheet may name a unit: its name, with the bureau's before it, or its code."""
    names: dict[str, UnitName] = {}
    for unit in units:
        known = _name_of(unit)
        for name in (unit.name, f"{BUREAU}{unit.name}", unit.code):
            names[name] = known
    return names


def _faults_of_columns(layout: Layout) -> Iterable[SheetFault]:
    for label in layout.missing:
        message = "第一行没有这一列。补上该列，列名与标准一致。"
        yield SheetFault(1, "", label, "no_column", message)
    for label in layout.doubled:
        yield SheetFault(1, "", label, "doubled", "第一行有两个同名的列。删去多余的一列。")


def _check_and_store(
    report: ImportReport,
    content: SheetContent,
    path: Path,
    officer: Officer,
    *,
    in_force: bool,
    dry_run: bool,
) -> None:
    examined = examine(report, content)
    if report.faults or dry_run:
        return
    source = f"import {path.name}"[:120]
    report.stored = store_decisions(
        officer=officer,
        decisions=[group.as_input() for group in examined.new],
        unit_ids=dict(Unit.objects.values_list("code", "pk")),
        in_force=in_force,
        source=source,
    )
    audit.record(
        actor=officer,
        action="decision.import",
        reason="接收历史记录" if in_force else "",
        details={
            "file": path.name,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "kind": report.kind,
            "in_force": in_force,
            "rows": report.rows,
            "skipped": len(report.skipped),
            "decisions": report.stored.decisions,
            "violations": report.stored.violations,
        },
    )
