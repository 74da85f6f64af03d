"""The restore drill: a backup is loaded elsewhere, counted, brought up to date, and checked.

Nothing is sent: the checks run in a process of their own whose broker is a directory that is
deleted afterwards, and requests that were open stay open.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import environ
from django.conf import settings

from core import backup, dumps
from core.dumps import DumpError

# What must not reach the checks of a restored register: the live services.
LIVE = ("DATABASE_URL", "REDIS_URL", "WUGANG_PROFILE", "VAR_DIR", "ALLOWED_HOSTS")


def drill(directory: Path, *, into: str, tell: Callable[[str], None]) -> None:
    """Restore the backup in ``directory`` and prove it, telling each step.

    ``into`` is the address of an empty PostgreSQL database, or empty for a backup of SQLite. Raises
    DumpError at the first thing that is not right.
    """
    manifest = backup.read(directory)
    tell(f"备份时间 {manifest.made_at}，文件校验值全部相符。")
    with tempfile.TemporaryDirectory(prefix="wugang-drill-") as scratch:
        place = Path(scratch)
        found, url = _load(directory, manifest, into, place)
        _compare(manifest.rows, found)
        total = sum(found.values())
        tell(f"已恢复 {len(found)} 张表、{total} 行，每张表的行数与备份清单一致。")
        _unpack(directory, manifest, place / "files")
        tell(f"已恢复 {manifest.stored_files} 个文件。")
        environment = _apart(url, place)
        _manage(environment, "migrate", "--no-input", "--verbosity", "0")
        for check in settings.RESTORE_CHECKS:
            tell(f"{check}：{_manage(environment, check)}")


def _load(
    directory: Path, manifest: backup.Manifest, into: str, place: Path
) -> tuple[dict[str, int], str]:
    """Load the dump; the answer is the rows of each table and the address of the database."""
    source = directory / dumps.DUMP_NAMES[manifest.engine]
    if manifest.engine == dumps.SQLITE:
        if into:
            raise DumpError("这是 SQLite 的备份，恢复到临时文件，不需要 --into。")
        path = place / "restored.sqlite3"
        shutil.copyfile(source, path)
        return dumps.sqlite_rows(path), f"sqlite:///{path}"
    if not into.startswith(("postgres://", "postgresql://")):
        raise DumpError("这是 PostgreSQL 的备份。请新建一个空数据库，用 --into postgres://… 指明。")
    database: Mapping[str, Any] = environ.Env.db_url_config(into)
    return dumps.load_postgres(source, database), into


def _compare(expected: Mapping[str, int], found: Mapping[str, int]) -> None:
    wrong = [
        f"{name}：备份 {expected.get(name, 0)} 行，恢复 {found.get(name, 0)} 行"
        for name in sorted(expected.keys() | found.keys())
        if expected.get(name) != found.get(name)
    ]
    if wrong:
        raise DumpError("行数不一致：" + "；".join(wrong))


def _unpack(directory: Path, manifest: backup.Manifest, target: Path) -> None:
    with tarfile.open(directory / backup.FILES) as archive:
        archive.extractall(target, filter="data")
    found = sum(1 for path in target.rglob("*") if path.is_file())
    if found != manifest.stored_files:
        raise DumpError(f"文件数不一致：备份 {manifest.stored_files} 个，恢复 {found} 个")


def _apart(url: str, place: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in LIVE}
    return {**kept, "DATABASE_URL": url, "VAR_DIR": str(place / "var")}


def _manage(environment: Mapping[str, str], *arguments: str) -> str:
    """Run a command on the restored database; the answer is its last line. Raises DumpError."""
    done = subprocess.run(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stdout + done.stderr).strip()[-2000:]
        raise DumpError(f"在恢复出的数据库上，{' '.join(arguments)} 没有通过：{said}")
    return (done.stdout.strip().splitlines() or ["完成"])[-1]
