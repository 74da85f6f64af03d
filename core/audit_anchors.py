"""Anchors: heads of the chain in a file, one line of JSON each, to be kept where others rule."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from core.audit_chain import head

_KINDS = {"seal": int, "hash": str, "last_id": int, "count": int, "at": str}


class AnchorError(Exception):
    """Why a file of anchors cannot be read or written, in Chinese."""


def read(path: Path) -> list[dict[str, Any]]:
    """Every anchor of the file. Raises AnchorError."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError) as error:
        raise AnchorError(f"读不出锚点文件 {path}：{error}。请核对路径。") from error
    found = []
    for at, line in enumerate(lines, start=1):
        try:
            anchor = json.loads(line)
            right = all(isinstance(anchor[key], kind) for key, kind in _KINDS.items())
        except (ValueError, KeyError, TypeError):
            right = False
        if not right:
            raise AnchorError(f"锚点文件 {path} 第 {at} 行不是锚点。请换用未改动过的文件。")
        found.append(anchor)
    if not found:
        raise AnchorError(f"锚点文件 {path} 是空的。请换用 anchor_audit 写出的文件。")
    return found


def append(path: Path) -> str:
    """Add the present head to the file; the answer is the line, empty where nothing is sealed."""
    line = as_line()
    if line:
        try:
            with path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
        except OSError as error:
            raise AnchorError(f"不能写入 {path}（{error.strerror}）。请另选一个文件。") from error
    return line


def as_line() -> str:
    """The present head as one line; empty where nothing is sealed yet."""
    present = head()
    return json.dumps(present) if present else ""
