"""Writes sheets for Excel: every cell is a text, a number or a day, never a formula.

Texts that a program could take for a formula (``= + - @``, tab, return and their full-width twins)
are text cells marked with Excel's own text prefix, and stay as they are where they are edited.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import xlsxwriter
import xlsxwriter.utility

Value = str | int | Decimal | date | None
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LOOKS_LIKE_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}


def workbook_bytes(
    columns: Sequence[tuple[str, int]],
    rows: Iterable[Sequence[Value]],
    *,
    title: str,
    remarks: Sequence[str] = (),
    typed_as_text: bool = False,
) -> bytes:
    """An .xlsx with one sheet ``title``: ``columns`` are heading and width in characters.

    ``remarks`` (who, when, what for) stand on a sheet of their own, 说明. ``typed_as_text`` makes
    what people type into the columns text: a long number keeps its digits.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        bold = book.add_format({"bold": True, "bg_color": "#EEF1F5", "text_wrap": True})
        text = book.add_format({"num_format": "@", "quote_prefix": True})
        as_text = book.add_format({"num_format": "@"}) if typed_as_text else None
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        money = book.add_format({"num_format": "#,##0.00"})
        sheet = book.add_worksheet(title[:31])
        for at, (heading, width) in enumerate(columns):
            sheet.set_column(at, at, width, as_text)
            sheet.write_string(0, at, heading, bold)
        sheet.freeze_panes(1, 1)
        last = 0
        for last, row in enumerate(rows, start=1):
            for at, value in enumerate(row):
                if isinstance(value, str):
                    marked = value.startswith(_LOOKS_LIKE_FORMULA)
                    sheet.write_string(last, at, value, text if marked else None)
                elif isinstance(value, Decimal):
                    sheet.write_number(last, at, float(value), money)
                elif isinstance(value, int):
                    sheet.write_number(last, at, value)
                elif value is not None:
                    sheet.write_datetime(last, at, value, day)
        sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
        if remarks:
            notes = book.add_worksheet("说明")
            notes.set_column(0, 0, 80)
            for at, remark in enumerate(remarks):
                notes.write_string(at, 0, remark)
    return buffer.getvalue()


def column_letter(place: int) -> str:
    """The column at ``place`` (from 0) as Excel names it: A, B, ..., Z, AA."""
    return str(xlsxwriter.utility.xl_col_to_name(place))
