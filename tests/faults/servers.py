"""A PostgreSQL and a Redis of the run's own, so that it may stop, kill and wipe them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

import psycopg

from tests.faults.processes import Process, free_port, listens, wait_for

ROLE = "faults"


def _program(name: str) -> str:
    """Where a program of PostgreSQL lies: on the path, or where Debian puts it."""
    found = shutil.which(name)
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    if found is None and not versions:
        raise SystemExit(f"make faults needs PostgreSQL's {name} (Debian: package postgresql)")
    return str(versions[-1]) if versions else str(found)


class Postgres:
    """A cluster in a directory of its own, run as user postgres where the run is root."""

    def __init__(self, base: Path) -> None:
        self.base, self.port = base / "postgres", free_port()
        self.user = "postgres" if os.geteuid() == 0 else None
        self.base.mkdir()
        if self.user:
            shutil.chown(self.base, self.user, self.user)
        subprocess.run(
            [
                *(_program("initdb"), "-D", str(self.base / "data"), "-U", ROLE, "-A", "trust"),
                *("-E", "UTF8", "--locale", "C.UTF-8", "--no-sync", "--no-instructions"),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            user=self.user,
            cwd=self.base,
        )
        self.process: Process | None = None

    def start(self) -> None:
        log = self.base / "server.log"
        log.touch()
        self.process = Process(
            [
                *(_program("postgres"), "-D", str(self.base / "data"), "-p", str(self.port)),
                *("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="),
                *("-c", "max_connections=100", "-c", "log_min_messages=fatal"),
            ],
            log=log,
            env={"PATH": os.environ["PATH"]},
            cwd=self.base,
            user=self.user,
        )
        wait_for("PostgreSQL", self._answers)

    def _answers(self) -> bool:
        try:
            self.connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self, *, crash: bool) -> None:
        """End it at once: with ``crash`` like a power cut (SIGQUIT), else breaking off sessions."""
        assert self.process is not None
        self.process.stop(signal.SIGQUIT if crash else signal.SIGINT)

    def connect(self, database: str) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=ROLE,
            dbname=database,
            autocommit=True,
            connect_timeout=5,
        )

    def create(self, database: str, pattern: str = "template0") -> str:
        """Make a database like ``pattern``; the answer is its DATABASE_URL."""
        with self.connect("postgres") as connection:
            connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{pattern}"')
        return f"postgres://{ROLE}@127.0.0.1:{self.port}/{database}"


class Redis:
    """A Redis with an append-only file and ``noeviction``, as in production."""

    def __init__(self, base: Path) -> None:
        self.base, self.port = base / "redis", free_port()
        self.base.mkdir()
        self.process: Process | None = None
        if shutil.which("redis-server") is None:
            raise SystemExit("make faults needs redis-server (Debian: package redis-server)")

    def url(self, number: int) -> str:
        return f"redis://127.0.0.1:{self.port}/{number}"

    def start(self) -> None:
        self.process = Process(
            [
                *("redis-server", "--port", str(self.port), "--bind", "127.0.0.1"),
                *("--dir", str(self.base), "--appendonly", "yes", "--save", ""),
                *("--maxmemory-policy", "noeviction", "--daemonize", "no"),
            ],
            log=self.base / "server.log",
            env={"PATH": os.environ["PATH"]},
            cwd=self.base,
        )
        wait_for("Redis", lambda: listens(self.port))

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill_tree()

    def wipe(self) -> None:
        """Remove what it kept; call while it is down."""
        for path in self.base.iterdir():
            if path.name != "server.log":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
