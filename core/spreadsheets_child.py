"""Reads one sheet in a process of its own, and says what stands in it: one line of JSON at a time.

``python -m core.spreadsheets_child FILE MEGABYTES SECONDS`` limits itself before it opens anything,
so that whatever a file does to its reader ends here (``core.spreadsheets_apart`` listens). It
knows no settings, no database and no secret.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TextIO

from core.spreadsheets import Cell, Row, SheetError, open_sheet

ROWS_A_LINE = 500
_PR_SET_PDEATHSIG = 1


def encoded(cell: Cell) -> Any:
    """A cell as JSON; days and times as a list of one letter and a text."""
    if isinstance(cell, datetime):
        return ["t", cell.isoformat()]
    if isinstance(cell, date):
        return ["d", cell.isoformat()]
    if isinstance(cell, time):
        return ["h", cell.isoformat()]
    if isinstance(cell, timedelta):
        return ["s", cell.total_seconds()]
    return cell


def _limit(megabytes: int, seconds: int) -> None:
    room = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)  # pages and grading come first
    if sys.platform == "linux":  # it ends with whoever asked for it, even where that was killed
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _say(out: TextIO, what: Any) -> None:
    out.write(json.dumps(what, ensure_ascii=True, separators=(",", ":")))
    out.write("\n")


def _rows(chunk: Sequence[Row]) -> list[Any]:
    return [[number, [encoded(cell) for cell in values]] for number, values in chunk]


def main(path: Path, megabytes: int, seconds: int, out: TextIO) -> None:
    _limit(megabytes, seconds)
    try:
        sheet = open_sheet(path)
        _say(
            out,
            {
                "name": sheet.name,
                "header": sheet.header,
                "formulas": sorted(sheet.formulas),
                "rows_about": sheet.rows_about,
            },
        )
        chunk: list[Row] = []
        for row in sheet.rows:
            chunk.append(row)
            if len(chunk) >= ROWS_A_LINE:
                _say(out, {"rows": _rows(chunk)})
                chunk = []
        _say(out, {"rows": _rows(chunk), "end": True})
    except SheetError as error:
        _say(out, {"error": str(error)})
    except MemoryError:
        _say(out, {"memory": True})
    out.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.stdout)
