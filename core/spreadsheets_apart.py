"""Opens a sheet in another process with a limit of memory and time, and yields its rows here.

A bomb that passes ``core.workbook_guard`` takes its reader down and nobody else: neither the worker
nor the page that asked. What the reader says is data (JSON), never code.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

from core.spreadsheets import Cell, Row, Sheet, SheetError

MEGABYTES = 1024
SECONDS = 90  # of processor time
_ROOT = Path(__file__).resolve().parent.parent
_TOO_MUCH = (
    "读取该文件需要的内存或时间超出限制，已停止读取。删去表外内容和格式，或拆成几个文件后再导入。"
)
_READ: dict[str, Callable[[Any], Cell]] = {
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
    "h": time.fromisoformat,
    "s": lambda seconds: timedelta(seconds=seconds),
}


@contextmanager
def sheet_apart(
    path: Path, *, megabytes: int = MEGABYTES, seconds: int = SECONDS
) -> Iterator[Sheet]:
    """The sheet at ``path`` as ``core.spreadsheets.open_sheet`` gives it, read by a process apart.

    Its rows are to be read within the context, at the end of which the reader is ended. Raises
    SheetError, also while the rows are read.
    """
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "core.spreadsheets_child",
            str(path.resolve()),
            str(megabytes),
            str(seconds),
        ],
        cwd=_ROOT,
        env={"PATH": os.environ.get("PATH", ""), "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="ascii",
    )
    assert process.stdout is not None
    try:
        head = _next(process.stdout)
        yield Sheet(
            name=head["name"],
            header=head["header"],
            rows=_rows(process.stdout),
            formulas=frozenset((row, column) for row, column in head["formulas"]),
            rows_about=head["rows_about"],
        )
    finally:
        process.stdout.close()
        process.kill()
        process.wait()


def _rows(out: IO[str]) -> Iterator[Row]:
    while True:
        said = _next(out)
        for number, values in said["rows"]:
            yield number, [_cell(value) for value in values]
        if said.get("end"):
            return


def _cell(value: Any) -> Cell:
    if isinstance(value, list):
        letter, text = value
        return _READ[letter](text)
    return value  # type: ignore[no-any-return]  # JSON's own: text, number, truth, nothing


def _next(out: IO[str]) -> dict[str, Any]:
    line = out.readline()
    try:
        said: dict[str, Any] = json.loads(line)
    except ValueError as error:  # it died in the middle of a line, or before it said anything
        raise SheetError(_TOO_MUCH) from error
    if "error" in said:
        raise SheetError(said["error"])
    if "memory" in said:
        raise SheetError(_TOO_MUCH)
    return said
