"""The handed-in sheet once more, its faulty cells marked and the reasons beside each row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

from core.spreadsheets import Cell, open_sheet
from violations.checks_of_texts import names_a_person_by_number
from violations.import_columns import IDENTITY_COLUMN, Layout, lay_out, normalised
from violations.import_rows import SheetFault

REASONS = "需更正的内容"
LEFT_OUT = "（已略去）"


def write_errors(*, source: Path, target: Path, kind: str, faults: Sequence[SheetFault]) -> None:
    """Write ``source`` to ``target`` with ``faults`` marked; rows keep their numbers.

    Numbers of persons are left out: they go into no file that this system writes. Raises OSError
    where ``target`` cannot be written, SheetError where ``source`` cannot be read.
    """
    sheet = open_sheet(source)
    layout = lay_out(sheet.header, kind)
    by_row: dict[int, list[SheetFault]] = defaultdict(list)
    for fault in faults:
        by_row[fault.row].append(fault)
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, options)
    page = book.add_worksheet(sheet.name[:31] or "导入")
    formats = {
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "head": book.add_format({"bold": True, "bottom": 1}),
        "bad": book.add_format({"bg_color": "#F8D7DA", "num_format": "yyyy-mm-dd"}),
    }
    for place, label in enumerate([*sheet.header, REASONS]):
        page.write_string(0, place, label, formats["head"])
    hidden = {
        place
        for place, label in enumerate(sheet.header)
        if normalised(label) == normalised(IDENTITY_COLUMN)
    }
    for number, values in sheet.rows:
        _write_row(page, number, values, by_row.get(number, []), layout, hidden, formats)
    book.close()


def _write_row(
    page: Any,
    number: int,
    values: Sequence[Cell],
    faults: Sequence[SheetFault],
    layout: Layout,
    hidden: set[int],
    formats: Mapping[str, Any],
) -> None:
    marked = {layout.at[fault.key] for fault in faults if fault.key in layout.at}
    for place, value in enumerate(values):
        is_number = isinstance(value, str) and names_a_person_by_number(value)
        shown = LEFT_OUT if value and (place in hidden or is_number) else value
        _write_cell(page, number - 1, place, shown, formats, is_bad=place in marked)
    if faults:
        reasons = "\n".join(f"{fault.column}：{fault.message}" for fault in faults)
        page.write_string(number - 1, len(values), reasons)


def _write_cell(
    page: Any, row: int, place: int, value: Cell, formats: Mapping[str, Any], *, is_bad: bool
) -> None:
    style = formats["bad"] if is_bad else None
    if value is None or value == "":
        if is_bad:
            page.write_blank(row, place, None, style)
    elif isinstance(value, str):
        page.write_string(row, place, value, style)
    elif isinstance(value, datetime | date | time | timedelta):
        page.write_datetime(row, place, value, style or formats["date"])
    else:
        page.write(row, place, value, style)
