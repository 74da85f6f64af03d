"""Takes over published entries of the red and black list from a CSV file, all or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.db import transaction

from accounts.models import Officer
from core import audit, workdays
from core.spreadsheets import Cell, open_sheet
from violations import import_cells
from violations.errors import InvalidDecision
from violations.import_cells import CellError
from violations.import_rows import SheetFault
from violations.list_entries import ListEntryInput, require_takeover_open, take_over_list_entry

COLUMNS = (
    "list",
    "credit_code",
    "name",
    "listed_on",
    "expires_on",
    "document",
    "legal_basis",
    "reason",
    "notified_on",
)
_DAYS = ("listed_on", "expires_on", "notified_on")


@dataclass
class ListReport:
    """What became of the file; ``skipped`` are rows that the register has already."""

    faults: list[SheetFault] = field(default_factory=list)
    skipped: list[int] = field(default_factory=list)
    stored: int = 0

    def add(self, row: int, column: str, code: str, message: str) -> None:
        self.faults.append(SheetFault(row, column, column, code, message))


class _Undo(Exception):  # noqa: N818 - control flow, never seen
    """Rolls everything back."""


def import_list_entries(*, path: Path, officer: Officer) -> ListReport:
    """Read, check and store the entries at ``path``; with a fault nothing is stored.

    Raises SheetError where the file is no sheet, NotAllowed where the officer or the setting
    ``takeover_until`` does not allow it.
    """
    require_takeover_open()
    sheet = open_sheet(path)
    labels = [label.strip().lower() for label in sheet.header]
    report = ListReport()
    for column in COLUMNS:
        if labels.count(column) != 1:
            report.add(1, column, "no_column", "第一行应有且只有一个这样的列。按此列名改正。")
    if report.faults:
        return report
    places = {column: labels.index(column) for column in COLUMNS}
    formulas = {(row, labels[place]) for row, place in sheet.formulas if place < len(labels)}
    try:
        with transaction.atomic(), workdays.one_calendar():
            seen: dict[ListEntryInput, int] = {}
            for number, values in sheet.rows:
                cells = {column: values[place] for column, place in places.items()}
                bad = {column for row, column in formulas if row == number and column in places}
                for column in sorted(bad):
                    report.add(number, column, "formula", "单元格是公式。改为公式的结果。")
                _take_over(report, number, cells, bad, seen, officer)
            if report.faults:
                raise _Undo
            _record(report, path, officer)
    except _Undo:
        report.stored = 0
    return report


def _take_over(
    report: ListReport,
    number: int,
    cells: Mapping[str, Cell],
    bad: set[str],
    seen: dict[ListEntryInput, int],
    officer: Officer,
) -> None:
    data = _read(report, number, cells, bad)
    if data in seen:
        message = f"与第 {seen[data]} 行完全相同。删去重复的一行。"
        report.add(number, "document", "same_row", message)
        return
    seen[data] = number
    try:
        take_over_list_entry(officer=officer, data=data)
    except InvalidDecision as refused:
        if [fault.code for fault in refused.faults] == ["duplicate"]:
            report.skipped.append(number)
            return
        for fault in refused.faults:
            if fault.path not in bad:
                report.add(number, fault.path, fault.code, fault.message)
    else:
        report.stored += 1


def _read(
    report: ListReport, number: int, cells: Mapping[str, Cell], bad: set[str]
) -> ListEntryInput:
    """The row as an entry; columns that cannot be read are reported and added to ``bad``."""
    days: dict[str, date | None] = {}
    for column in _DAYS:
        try:
            days[column] = None if column in bad else import_cells.day(cells[column])
        except CellError as error:
            days[column] = None
            bad.add(column)
            report.add(number, column, error.code, str(error))
    texts = {column: import_cells.prose(cells[column]) for column in COLUMNS}
    return ListEntryInput(
        list=texts["list"],
        credit_code=texts["credit_code"],
        name=texts["name"],
        listed_on=days["listed_on"],
        expires_on=days["expires_on"],
        document=texts["document"],
        legal_basis=texts["legal_basis"],
        reason=texts["reason"],
        notified_on=days["notified_on"],
    ).cleaned()


def _record(report: ListReport, path: Path, officer: Officer) -> None:
    audit.record(
        actor=officer,
        action="list_entry.import",
        reason="接收历史记录",
        details={
            "file": path.name,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "stored": report.stored,
            "skipped": len(report.skipped),
        },
    )
