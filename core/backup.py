"""A backup: the database, the stored files, and a manifest that says what must be found in it."""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from core import dumps
from core.dumps import DumpError

FORMAT = 1
MANIFEST = "manifest.json"
FILES = "files.tar"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: engine, rows of each table, length and SHA-256 of each file."""

    made_at: str
    engine: str
    rows: dict[str, int]
    files: dict[str, dict[str, Any]]
    stored_files: int
    migrations: list[str]


def make(to: Path) -> Path:
    """Write a backup into a new directory below ``to`` and answer its path.

    The directory gets its name when all is written: one that was broken off ends in ``.partial``.
    Only the own user can read it. Raises DumpError.
    """
    now = timezone.localtime()
    final = to / f"wugang-{now:%Y%m%d-%H%M%S}"
    partial = final.with_name(final.name + ".partial")
    try:
        to.mkdir(parents=True, exist_ok=True)
        partial.mkdir(mode=0o700)
    except OSError as error:
        raise DumpError(f"不能写入 {to}（{error.strerror}）。请另选一个目录。") from None
    engine = dumps.POSTGRESQL if connection.vendor == dumps.POSTGRESQL else dumps.SQLITE
    name = dumps.DUMP_NAMES[engine]
    applied = sorted(".".join(key) for key in MigrationRecorder(connection).applied_migrations())
    rows = dumps.dump(partial / name)
    stored = _pack(settings.VAR_DIR / "files", partial / FILES)
    manifest = {
        "format": FORMAT,
        "made_at": now.isoformat(timespec="seconds"),
        "engine": engine,
        "rows": rows,
        "files": {name: describe(partial / name), FILES: describe(partial / FILES)},
        "stored_files": stored,
        "migrations": applied,
    }
    (partial / MANIFEST).write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
    for path in (*partial.iterdir(), partial):
        _to_disk(path)
    partial.rename(final)
    _to_disk(to)
    return final


def read(directory: Path) -> Manifest:
    """The manifest of a backup whose files are as they were written. Raises DumpError."""
    try:
        found = json.loads((directory / MANIFEST).read_text())
    except (OSError, ValueError):
        raise DumpError(f"{directory} 中没有可读的 {MANIFEST}，不是一份完整的备份。") from None
    if found.pop("format", None) != FORMAT:
        raise DumpError(f"{directory} 的备份格式不是 {FORMAT}，请用制作它的版本恢复。")
    manifest = Manifest(**found)
    for name, expected in manifest.files.items():
        path = directory / name
        if not path.is_file() or describe(path) != expected:
            raise DumpError(f"{path} 与备份清单不符：文件缺失或已损坏。请改用另一份备份。")
    return manifest


def describe(path: Path) -> dict[str, Any]:
    """Length and SHA-256 of a file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": digest}


def _pack(source: Path, target: Path) -> int:
    """The stored files as one archive; the answer is how many there are."""
    files = sorted(path for path in source.rglob("*") if path.is_file()) if source.is_dir() else []
    with tarfile.open(target, "w") as archive:
        for path in files:
            archive.add(path, arcname=str(path.relative_to(source)))
    return len(files)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
