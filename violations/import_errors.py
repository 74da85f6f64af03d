"""The handed-in sheet once more, its faulty cells marked and the reasons beside each row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

from core.spreadsheets import Cell, Sheet
from core.spreadsheets_apart import sheet_apart
from violations.checks_of_texts import names_a_person_by_number
from violations.import_columns import IDENTITY_COLUMN, Layout, lay_out, normalised
from violations.import_rows import SheetFault

REASONS = "需更正的内容"
LEFT_OUT = "（已略去）"


def write_errors(
    *,
    source: Path,
    target: Path,
    kind: str,
    faults: Iterable[SheetFault],
    overrides: Mapping[int, Mapping[str, str]] | None = None,
) -> None:
    """Write ``source`` to ``target`` with ``faults`` marked; rows keep their numbers.

    ``overrides`` are cells that were mended since, by row and key: they stand in the new file; a
    row that was taken out (an empty key) is left blank. Numbers of persons are left out: they go
    into no file that this system writes. Raises OSError where ``target`` cannot be written,
    SheetError where ``source`` cannot be read.
    """
    by_row: dict[int, list[SheetFault]] = defaultdict(list)
    for fault in faults:
        by_row[fault.row].append(fault)
    with sheet_apart(source) as sheet:
        _write(sheet, target, lay_out(sheet.header, kind), by_row, overrides or {})


def _write(
    sheet: Sheet,
    target: Path,
    layout: Layout,
    by_row: Mapping[int, Sequence[SheetFault]],
    overrides: Mapping[int, Mapping[str, str]],
) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, options)
    page = book.add_worksheet(sheet.name[:31] or "导入")
    formats = {
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "head": book.add_format({"bold": True, "bottom": 1}),
        "bad": book.add_format({"bg_color": "#F8D7DA", "num_format": "yyyy-mm-dd"}),
    }
    # A sheet that was marked before brings its reasons along: they are said anew.
    marked_before = [at for at, label in enumerate(sheet.header) if label == REASONS]
    last = marked_before[0] if marked_before else len(sheet.header)
    for place, label in enumerate([*sheet.header[:last], REASONS]):
        page.write_string(0, place, label, formats["head"])
    hidden = {
        place
        for place, label in enumerate(sheet.header)
        if normalised(label) == normalised(IDENTITY_COLUMN)
    }
    for number, values in sheet.rows:
        mended = overrides.get(number, {})
        if "" in mended:
            continue
        for key, value in mended.items():
            if key in layout.at:
                values[layout.at[key]] = value
        _write_row(page, number, values[:last], by_row.get(number, []), layout, hidden, formats)
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
