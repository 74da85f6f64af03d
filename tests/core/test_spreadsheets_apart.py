"""A sheet read in another process: the same rows, and nothing it does to its reader comes here."""

from __future__ import annotations

import subprocess
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from core.spreadsheets import SheetError, open_sheet
from core.spreadsheets_apart import sheet_apart

pytestmark = pytest.mark.once


def _book(path: Path, rows: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_rows_header_and_formulas_are_the_same(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["甲", "乙", "丙"],
        ["文", 1, 1.5],
        [date(2026, 3, 5), datetime(2026, 3, 5, 10, 30), time(8, 15)],
        [True, None, "=1+1"],
        [timedelta(hours=30), "行\n二", "\u2028"],
    ]
    path = _book(tmp_path / "a.xlsx", rows)
    here = open_sheet(path)
    with sheet_apart(path) as there:
        assert (there.name, there.header, there.formulas) == (here.name, here.header, here.formulas)
        assert there.rows_about == 5
        assert list(there.rows) == list(here.rows)


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04nothing", b"\x00\x01\x02", b'a,b\n"open', b"\xff\xfe\x00\xd8"]
)
def test_what_cannot_be_read_says_the_same(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)

    def said(read: Any) -> str:
        with pytest.raises(SheetError) as caught:
            read()
        return str(caught.value)

    def apart() -> None:
        with sheet_apart(path) as sheet:
            list(sheet.rows)

    assert said(apart) == said(lambda: list(open_sheet(path).rows))


def test_one_that_needs_too_much_memory_is_given_up(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["甲"], *([f"文{n}" * 200] for n in range(40_000))]
    path = _book(tmp_path / "a.xlsx", rows)
    with (
        pytest.raises(SheetError, match="内存或时间超出限制"),
        sheet_apart(path, megabytes=64) as sheet,
    ):
        list(sheet.rows)


def test_one_that_needs_too_much_time_is_given_up(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["甲"] * 20, *([["文"] * 20] * 20_000)]
    path = _book(tmp_path / "a.xlsx", rows)
    with (
        pytest.raises(SheetError, match="内存或时间超出限制"),
        sheet_apart(path, seconds=0) as sheet,
    ):
        list(sheet.rows)


def test_leaving_early_leaves_no_process_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[subprocess.Popen[str]] = []
    real = subprocess.Popen

    def start(*args: Any, **options: Any) -> Any:
        started.append(real(*args, **options))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    path = _book(tmp_path / "a.xlsx", [["甲"], *([[n] for n in range(50_000)])])
    with sheet_apart(path) as sheet:
        assert next(iter(sheet.rows)) == (2, [0.0])
    assert started[0].returncode is not None


def test_the_reader_knows_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "not for readers")
    seen: list[dict[str, str]] = []
    real = subprocess.Popen

    def start(*args: Any, **options: Any) -> Any:
        seen.append(options["env"])
        return real(*args, **options)

    monkeypatch.setattr(subprocess, "Popen", start)
    with sheet_apart(_book(tmp_path / "a.xlsx", [["甲"], [1]])) as sheet:
        list(sheet.rows)
    assert "not for readers" not in seen[0].values()
