"""``manage.py import_units FILE.csv``: the units of the bureau, from the columns code and name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.units import UnitRow, faults_in, take_units
from core import audit
from core.spreadsheets import Sheet, SheetError, open_sheet

COLUMNS = ("code", "name")


class Command(BaseCommand):
    help = "导入单位（列：code、name），有一处错误就全部不导入"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv", help="单位表")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows = rows_of(open_sheet(options["file"]))
        except SheetError as error:
            raise CommandError(str(error)) from error
        faults = faults_in(rows)
        for fault in faults:
            self.stderr.write(f"行 {fault.row} · {fault.column} · “{fault.value}” · {fault.reason}")
        if faults:
            raise CommandError(f"有 {len(faults)} 处错误，一个单位也没有导入。更正后重新导入。")
        with audit.origin("command import_units"):
            taken = take_units(rows)
        self.stdout.write(f"新增 {taken.added} 个，变更 {taken.changed} 个，相同 {taken.same} 个。")


def rows_of(sheet: Sheet) -> list[UnitRow]:
    """The rows of the sheet; SheetError where a column is missing or there is no row."""
    header = [title.strip().lower() for title in sheet.header]
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise SheetError(f"行 1 · 缺少列 {'、'.join(missing)}。第一行须写列名 code,name。")
    code, name = (header.index(column) for column in COLUMNS)
    rows = [
        UnitRow(number, _text(values[code]), _text(values[name])) for number, values in sheet.rows
    ]
    if not rows:
        raise SheetError("文件里没有单位。第一行是列名，从第二行起每行一个单位。")
    return rows


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()
