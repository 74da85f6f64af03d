"""Sheets are read as they are, and files that are no sheets are refused with a reason."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from core.spreadsheets import SheetError, open_sheet
from core.workbook_guard import cell_position

pytestmark = pytest.mark.once


def book(path: Path, rows: list[list[object]]) -> Path:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    workbook.save(path)
    return path


def test_values_keep_their_type_and_rows_their_number(tmp_path: Path) -> None:
    path = book(
        tmp_path / "a.xlsx",
        [["甲", "乙", "丙"], ["文字", 1.5, date(2026, 10, 5)], [None, " ", None], ["007", 3, True]],
    )
    sheet = open_sheet(path)
    assert sheet.header == ["甲", "乙", "丙"]
    rows = list(sheet.rows)
    assert rows[0] == (2, ["文字", 1.5, date(2026, 10, 5)])
    assert rows[1] == (4, ["007", 3, True])
    assert len(rows) == 2


def test_row_numbers_hold_where_the_sheet_begins_further_down(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet["B3"], sheet["B4"] = "甲", "一"
    workbook.save(tmp_path / "a.xlsx")
    read = open_sheet(tmp_path / "a.xlsx")
    assert read.header == ["", "甲"]
    assert list(read.rows) == [(4, ["", "一"])]


def test_formulas_are_found_although_they_read_as_empty(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [["甲", "乙"], ["一", "=1+1"], ["=A2", None]])
    sheet = open_sheet(path)
    assert sheet.formulas == {(2, 1), (3, 0)}
    assert [number for number, _ in sheet.rows] == [2, 3]


def test_formulas_of_other_sheets_do_not_matter(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    first = workbook.active
    assert first is not None
    first.append(["甲"])
    first.append(["一"])
    workbook.create_sheet("二").append(["=1+1"])
    workbook.save(tmp_path / "a.xlsx")
    assert not open_sheet(tmp_path / "a.xlsx").formulas


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_three_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("名称,号\r\n舞钢市样例䶮公司,001\r\n\r\n二,=1+1\r\n".encode(encoding))
    sheet = open_sheet(path)
    assert sheet.header == ["名称", "号"]
    assert list(sheet.rows) == [(2, ["舞钢市样例䶮公司", "001"]), (4, ["二", ""])]
    assert sheet.formulas == {(4, 1)}


def refused(path: Path) -> str:
    with pytest.raises(SheetError) as caught:
        list(open_sheet(path).rows)
    return str(caught.value)


def test_wrong_files_are_refused_in_chinese(tmp_path: Path) -> None:
    assert "找不到" in refused(tmp_path / "nowhere.xlsx")
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"")
    assert "空的" in refused(path)
    path.write_bytes(b"PK\x03\x04 torn off")
    assert "损坏" in refused(path)
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600)
    assert ".xls" in refused(path)
    path.write_bytes(
        bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
    )
    assert "密码" in refused(path)
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xff")
    assert "CSV" in refused(path) or "表格" in refused(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "损坏" in refused(path)


def test_a_torn_workbook_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [["甲"], ["一"]])
    whole = path.read_bytes()
    for cut in range(100, len(whole), 500):
        path.write_bytes(whole[:cut])
        assert refused(path)


def bomb(path: Path, sheet_xml: bytes, repeat: int = 1, member: str = "") -> Path:
    """A valid workbook whose first sheet (or another part) is replaced."""
    plain = book(path.with_suffix(".plain.xlsx"), [["甲"], ["一"]])
    target = member or "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != target:
                new.writestr(name, old.read(name))
        with new.open(target, "w", force_zip64=True) as part:
            for _ in range(repeat):
                part.write(sheet_xml)
    return path


HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


def test_bombs_are_refused_before_anything_parses_them(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert "压缩比" in refused(bomb(path, b"\0" * 1024 * 1024, repeat=20))
    assert "MB" in refused(bomb(path, b"\0" * 1024 * 1024, repeat=301))
    far = HEAD + b'<row r="1"><c r="A1"/></row><row r="1048576"><c r="A1048576"/></row>'
    assert "行" in refused(bomb(path, far))
    assert "列" in refused(bomb(path, HEAD + b'<row r="1"><c r="XFD1"/></row>'))
    wide = b'<row r="1"><c r="A1"/></row><row r="199999"><c r="CZ199999"/></row>'
    assert "范围" in refused(bomb(path, HEAD + wide + b"</sheetData></worksheet>"))
    entity = b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>'
    assert "声明" in refused(bomb(path, entity))
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(300):
            archive.writestr(f"xl/{number}.xml", "<a/>")
    assert "300" in refused(path)


def test_a_cell_reference_has_a_row_and_a_column() -> None:
    assert cell_position("A1") == (1, 0)
    assert cell_position("Z12") == (12, 25)
    assert cell_position("AB3") == (3, 27)
    for wrong in ("", "12", "A", "1A", "a1"):
        with pytest.raises(ValueError):  # noqa: PT011 - the message is of no matter
            cell_position(wrong)


def test_a_sheet_written_with_shared_texts_reads_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    workbook = xlsxwriter.Workbook(path)
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, ["甲", "乙"])
    sheet.write_row(1, 0, ["一", 2])
    workbook.close()
    assert list(open_sheet(path).rows) == [(2, ["一", 2])]
