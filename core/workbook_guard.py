"""Looks into a workbook before anything parses it: how big it unpacks, and where formulas stand.

A small file can unpack into millions of cells (a 73 kB workbook took 19 s to read, one of 1 MB over
100 s), so sizes are counted while unpacking, and cells while walking the sheet's XML: whatever the
archive or the sheet says about its own size is not believed.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

MAX_FILE = 50 * 1024 * 1024
MAX_MEMBERS = 200
MAX_UNPACKED = 300 * 1024 * 1024
MAX_SMALL_MEMBER = 30 * 1024 * 1024  # every part but sheets and shared texts
MAX_RATIO = 150  # of a part bigger than ...
RATIO_FROM = 8 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 120
MAX_CELLS = 4_000_000
MAX_AREA = 6_000_000  # rows times columns: what lies between the first and last cell takes room too
MAX_TEXTS = 4_000_000
_CHUNK = 256 * 1024


class SheetError(Exception):
    """The file cannot be read as a sheet; ``str()`` says in Chinese why and how to mend it."""


@dataclass
class SheetMap:
    """What walking the first sheet found; ``formulas`` holds (row from 1, column from 0)."""

    formulas: set[tuple[int, int]] = field(default_factory=set)
    rows: int = 0
    columns: int = 0
    cells: int = 0


def inspect(path: Path) -> SheetMap:
    """Walk the first sheet of the workbook at ``path``. Raises SheetError where it is not safe."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(archive)
            sheet = _first_sheet(archive)
            _count_texts(archive)
            walker = _Walker()
            with archive.open(sheet) as part:
                walker.walk(part)
            if walker.found.rows * walker.found.columns > MAX_AREA:
                raise SheetError("工作表的范围过大，不予打开。删去表外内容或拆开后再导入。")
            return walker.found
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        raise SheetError("文件已损坏，无法打开。用 Excel 打开并另存为 .xlsx 后再导入。") from error
    except (expat.ExpatError, KeyError, UnicodeError, ValueError) as error:
        raise SheetError("工作表内容已损坏。用 Excel 打开并另存为 .xlsx 后再导入。") from error


def _check_members(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise SheetError(f"文件内部有 {len(members)} 个部分，超过 {MAX_MEMBERS} 个，不予打开。")
    total = 0
    for member in members:
        if member.flag_bits & 1:
            raise SheetError("文件设有密码。取消密码后再导入。")
        size = _unpacked_size(archive, member, MAX_UNPACKED - total)
        total += size
        big = member.filename.startswith(("xl/worksheets/", "xl/sharedStrings"))
        if not big and size > MAX_SMALL_MEMBER:
            raise SheetError("文件内部有异常大的部分，不予打开。另存为新的 .xlsx 后再导入。")
        if size > RATIO_FROM and size > MAX_RATIO * max(member.compress_size, 1):
            raise SheetError("文件压缩比异常，不予打开。另存为新的 .xlsx 后再导入。")


def _unpacked_size(archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: int) -> int:
    """The size counted while unpacking; reading to the end also checks the CRC."""
    size = 0
    with archive.open(member) as part:
        while chunk := part.read(_CHUNK):
            size += len(chunk)
            if size > room:
                limit = MAX_UNPACKED // (1024 * 1024)
                raise SheetError(f"文件解压后超过 {limit} MB，不予打开。拆成几个文件后再导入。")
    return size


def _first_sheet(archive: zipfile.ZipFile) -> str:
    """The part that holds the first sheet, as the workbook's own list says."""
    sheets: list[str] = []
    targets: dict[str, str] = {}

    def on_sheet(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "sheet":
            sheets.extend(value for key, value in attributes.items() if key.endswith(":id"))

    def on_relation(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Relationship":
            targets[attributes["Id"]] = attributes["Target"]

    for part, handler in (
        ("xl/workbook.xml", on_sheet),
        ("xl/_rels/workbook.xml.rels", on_relation),
    ):
        with archive.open(part) as file:
            _parse(file, handler)
    target = targets[sheets[0]] if sheets else ""
    name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    archive.getinfo(name)
    return name


def _count_texts(archive: zipfile.ZipFile) -> None:
    count = 0

    def on_start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > MAX_TEXTS:
            raise SheetError("文件内的文本数量异常，不予打开。拆成几个文件后再导入。")

    for name in archive.namelist():
        if name.startswith("xl/sharedStrings"):
            with archive.open(name) as part:
                _parse(part, on_start)


def _parse(part: IO[bytes], on_start: Any) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = on_start
    parser.StartDoctypeDeclHandler = _refuse_doctype
    while chunk := part.read(_CHUNK):
        parser.Parse(chunk, False)
    parser.Parse(b"", True)


def _refuse_doctype(*_: object) -> None:
    raise SheetError("文件内含不允许的声明，不予打开。用 Excel 另存为 .xlsx 后再导入。")


def _local(name: str) -> str:
    return name.rpartition(":")[2]


class _Walker:
    """Counts rows, columns and cells of one sheet and notes the cells that hold a formula."""

    def __init__(self) -> None:
        self.found = SheetMap()
        self._row = 0
        self._column = -1
        self._names: dict[str, str] = {}

    def walk(self, part: IO[bytes]) -> None:
        _parse(part, self._start)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = self._names.get(name)
        if local is None:
            local = self._names.setdefault(name, _local(name))
        if local == "c":
            self._cell(attributes.get("r"))
        elif local == "row":
            number = attributes.get("r")
            self._row = int(number) if number else self._row + 1
            self._column = -1
            self._see_row()
        elif local == "f":
            self.found.formulas.add((self._row, self._column))

    def _cell(self, reference: str | None) -> None:
        found = self.found
        if reference is None:
            self._column += 1
        else:
            row, self._column = cell_position(reference)
            if row != self._row:
                self._row = row
                self._see_row()
        found.cells += 1
        if self._column >= found.columns:
            found.columns = self._column + 1
            if found.columns > MAX_COLUMNS:
                raise SheetError(f"工作表超过 {MAX_COLUMNS} 列，不予打开。删去表外内容后再导入。")
        if found.cells > MAX_CELLS:
            raise SheetError("工作表的单元格过多，不予打开。拆成几个文件后再导入。")

    def _see_row(self) -> None:
        self.found.rows = max(self.found.rows, self._row)
        if self._row > MAX_ROWS:
            raise SheetError(f"工作表超过 {MAX_ROWS} 行，不予打开。删去表外内容或拆开后再导入。")


_LETTERS = {letter: number for number, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 1)}


def cell_position(reference: str) -> tuple[int, int]:
    """ "C5" as (5, 2): row from 1, column from 0. Raises ValueError where it is no reference."""
    column = 0
    for at, char in enumerate(reference):
        number = _LETTERS.get(char)
        if number is None:
            if not at:
                break
            return int(reference[at:]), column - 1
        column = column * 26 + number
    raise ValueError(f"{reference!r} is no cell reference")
