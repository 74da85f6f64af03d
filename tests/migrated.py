"""A database with every migration applied: made once, then copied by each test process.

Migrating an empty database takes a minute of computing, copying one takes none. Its name holds a
digest of the migrations, so that a change of one makes another; ``python -m tests.migrated`` makes
it ahead of a test run.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg

from tests.ops.environment import ROOT
from tests.ops.processes import environment

PREFIX = "wugang_migrated_"
# Nothing is collected meanwhile: that would take a fifth of the time.
MIGRATE = """
import gc, os
gc.disable()
os.environ["DJANGO_SETTINGS_MODULE"] = "wugang_credit.settings"
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "migrate", "--no-input", "--verbosity", "0"])
"""
MINUTES = 15  # on a machine that has much else to do


def sqlite_file() -> Path:
    """The file of SQLite; made by whoever needs it first."""
    place = Path(tempfile.gettempdir())
    path = place / f"{PREFIX}{_digest()}.sqlite3"
    with _alone("sqlite"):
        if not path.exists():
            for outdated in place.glob(f"{PREFIX}*.sqlite3"):
                outdated.unlink()
            with tempfile.TemporaryDirectory(dir=place) as scratch:
                half = Path(scratch) / "half.sqlite3"
                _migrate(f"sqlite:///{half}")
                with closing(sqlite3.connect(half)) as connection:
                    connection.execute("PRAGMA journal_mode=DELETE")  # one file, and no more
                half.rename(path)
    return path


def postgres_database(server: str) -> str:
    """The name of the database on ``server`` (an address); made by whoever needs it first."""
    name = PREFIX + _digest()
    half = f"{PREFIX}half"
    with (
        _alone("postgres"),
        psycopg.connect(_beside(server, "postgres"), autocommit=True) as connection,
    ):
        known = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
        if name not in known:
            for outdated in (one for one in known if one.startswith(PREFIX)):
                connection.execute(f'DROP DATABASE IF EXISTS "{outdated}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{half}"')
            _migrate(_beside(server, half))
            connection.execute(f'ALTER DATABASE "{half}" RENAME TO "{name}"')
    return name


def copy_into(connection: sqlite3.Connection) -> None:
    """Fill an empty database of SQLite."""
    with closing(sqlite3.connect(f"file:{sqlite_file()}?mode=ro", uri=True)) as source:
        source.backup(connection)


def _beside(server: str, name: str) -> str:
    return f"{server.rpartition('/')[0]}/{name}"


def _migrate(address: str) -> None:
    with tempfile.TemporaryDirectory() as var_dir:
        subprocess.run(
            [sys.executable, "-c", MIGRATE],
            cwd=ROOT,
            env=environment(Path(var_dir), DATABASE_URL=address),
            timeout=MINUTES * 60,
            check=True,
        )


def _digest() -> str:
    files = sorted([*ROOT.glob("*/migrations/*.py"), ROOT / "requirements.txt"])
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.relative_to(ROOT)}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _alone(kind: str) -> Iterator[None]:
    """One process of this machine at a time."""
    with (Path(tempfile.gettempdir()) / f"{PREFIX}{kind}.{os.getuid()}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    server = os.environ.get("DATABASE_URL", "")
    print(postgres_database(server) if server.startswith("postgres") else sqlite_file())
