"""Reads sheets that others hand in: .xlsx through calamine, .csv in UTF-8 or GB18030.

Nothing is guessed: numbers stay numbers, days stay days, texts stay texts, and cells that hold a
formula are reported beside the rows, because they read as empty.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from core.workbook_guard import MAX_COLUMNS, MAX_FILE, MAX_ROWS, SheetError, inspect

__all__ = ["Cell", "Row", "Sheet", "SheetError", "open_sheet"]

Cell = str | int | float | bool | date | datetime | time | timedelta | None
Row = tuple[int, list[Cell]]

_UNREADABLE = "工作表无法读取。用 Excel 打开并另存为 .xlsx 后再导入。"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class Sheet:
    """``header`` is the first row as texts; ``rows`` yields (row number in the file, values) once.

    Values are as long as the header. Rows without any value are left out, unless a formula stands
    in them. ``formulas`` holds (row number, column from 0); ``rows_about`` is how many rows there
    are at most, for whoever shows how far the reading has come.
    """

    name: str
    header: list[str]
    rows: Iterator[Row]
    formulas: frozenset[tuple[int, int]]
    rows_about: int = 0


def open_sheet(path: Path) -> Sheet:
    """The first sheet of the file at ``path``.

    Raises SheetError, in Chinese, for a file that is missing, too big, broken, encrypted, of
    another kind, or empty.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as error:
        raise SheetError(f"找不到或无法读取文件“{path.name}”。核对路径后再导入。") from error
    if size > MAX_FILE:
        raise SheetError(f"文件超过 {MAX_FILE // (1024 * 1024)} MB。拆成几个文件后再导入。")
    if not size:
        raise SheetError("文件是空的。核对后再导入。")
    if head == _OLE:
        raise SheetError(_why_not_ole(path))
    if head.startswith(b"PK"):
        return _open_workbook(path)
    return _open_csv(path)


def _why_not_ole(path: Path) -> str:
    if _ENCRYPTED in path.read_bytes():
        return "文件设有密码。取消密码后再导入。"
    return "文件是旧的 .xls 格式或其他文档。用 Excel 另存为 .xlsx 后再导入。"


def _open_workbook(path: Path) -> Sheet:
    found = inspect(path)
    try:
        book = CalamineWorkbook.from_path(path)
        sheet = book.get_sheet_by_index(0)
    except PasswordError as error:
        raise SheetError("文件设有密码。取消密码后再导入。") from error
    except (CalamineError, OSError, IndexError) as error:
        raise SheetError(_UNREADABLE) from error
    except BaseException as error:
        # What goes wrong deep in calamine arrives as a panic, which is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise SheetError(_UNREADABLE) from error
    # Calamine yields rows from the sheet's first, but leaves out the columns before the first used.
    _, first_column = sheet.start or (0, 0)
    margin: list[Any] = [""] * first_column
    rows = ((at, margin + values) for at, values in enumerate(sheet.iter_rows(), start=1))
    return _sheet(sheet.name, rows, frozenset(found.formulas), found.rows)


def _open_csv(path: Path) -> Sheet:
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise SheetError("文件既不是 .xlsx，也不是 UTF-8 或 GB18030 编码的 CSV。另存后再导入。")
    if "\0" in text:
        raise SheetError("文件不是表格。导入只接收 .xlsx 和 .csv。")
    return _sheet(path.stem, _csv_rows(text), _csv_formulas(text), text.count("\n") + 1)


def _csv_records(text: str) -> Iterator[Row]:
    try:
        for at, values in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), 1):
            if at > MAX_ROWS or len(values) > MAX_COLUMNS:
                raise SheetError(f"表格超过 {MAX_ROWS} 行或 {MAX_COLUMNS} 列。拆开后再导入。")
            yield at, list(values)
    except csv.Error as error:
        raise SheetError("CSV 的引号或换行不完整，无法读取。另存为 .xlsx 后再导入。") from error


def _csv_rows(text: str) -> Iterator[Row]:
    for number, values in _csv_records(text):
        yield number, ["" if _is_formula(value) else value for value in values]


def _csv_formulas(text: str) -> frozenset[tuple[int, int]]:
    return frozenset(
        (number, at)
        for number, values in _csv_records(text)
        for at, value in enumerate(values)
        if _is_formula(value)
    )


def _is_formula(value: Any) -> bool:
    """A text that Excel would calculate when it opens the file."""
    return isinstance(value, str) and len(value) > 1 and value.lstrip()[:1] == "="


def _is_blank(value: Cell) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _sheet(
    name: str, rows: Iterator[Row], formulas: frozenset[tuple[int, int]], rows_about: int
) -> Sheet:
    """The first row that is not blank names the columns."""
    for _, values in rows:
        header = ["" if value is None else str(value) for value in values]
        while header and not header[-1].strip():
            header.pop()
        if header:
            data = _data_rows(rows, len(header), formulas)
            return Sheet(name, header, data, formulas, rows_about)
    raise SheetError("工作表是空的。第一行应为列名，从第二行起为数据。")


def _data_rows(
    rows: Iterator[Row], width: int, formulas: frozenset[tuple[int, int]]
) -> Iterator[Row]:
    with_formula = {row for row, column in formulas if column < width}
    last = 0
    for last, values in rows:
        if last in with_formula or not all(map(_is_blank, values[:width])):
            yield last, values[:width] + [""] * (width - len(values))
    for number in sorted(with_formula):
        if number > last:
            yield number, [""] * width
