"""The product as in production: gunicorn, prefork workers and beat on PostgreSQL and Redis."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.faults.processes import Process, children_of, free_port, listens, wait_for
from tests.faults.servers import Postgres, Redis

ROOT = Path(__file__).resolve().parent.parent.parent
CLOCK = Path(__file__).resolve().parent / "clock"
CELERY = (sys.executable, "-m", "celery", "-A", "wugang_credit")
WEB_WORKERS = 2


class Product:
    """One installation with its own database; ``shift`` moves the clock of its processes.

    The first is installed and stays as the pattern; the others are copies of it.
    """

    def __init__(
        self,
        name: str,
        base: Path,
        postgres: Postgres,
        redis: Redis,
        number: int,
        pattern: Product | None = None,
    ) -> None:
        self.name, self.base = name, base / name
        self.base.mkdir()
        self.postgres, self.redis, self.number = postgres, redis, number
        self.port = free_port()
        self.shift = 0.0
        self.web: Process | None = None
        self.workers: list[Process] = []
        self.beats: list[Process] = []
        if pattern is None:
            self.database_url = postgres.create(name)
            self.manage("migrate", "--no-input", "--verbosity", "0")
            self.manage("demo", "--subjects", "0")
            self.manage("collectstatic", "--no-input", "--verbosity", "0")
            self.token = self._issue_token()
        else:
            self.database_url = postgres.create(name, pattern.name)
            self.token = pattern.token
            shutil.copytree(pattern.base / "var", self.base / "var")

    @property
    def env(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        shifted = {"FAULTS_SHIFT": str(self.shift), "PYTHONPATH": str(CLOCK)} if self.shift else {}
        return {
            **kept,
            **shifted,
            "VAR_DIR": str(self.base / "var"),
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis.url(self.number),
            "API_CALLS_A_MINUTE": "1000000",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def manage(self, *arguments: str) -> str:
        """Run a management command; its standard output."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=300,
        )
        if done.returncode:
            raise RuntimeError(f"manage.py {arguments[0]}: {done.stderr[-2000:]}")
        return done.stdout

    def _issue_token(self) -> str:
        scopes = ("decisions:write", "decisions:read", "decisions:in-force")
        return self.manage("api_token", "410001", "--scopes", *scopes).split()[-1]

    def _start(self, name: str, *command: str) -> Process:
        return Process(command, log=self.base / f"{name}.log", env=self.env, cwd=ROOT)

    def start_web(self) -> None:
        self.web = self._start(
            "web",
            *(sys.executable, "-m", "gunicorn", "wugang_credit.wsgi:application"),
            *("--bind", f"127.0.0.1:{self.port}", "--worker-class", "gthread"),
            *("--workers", str(WEB_WORKERS), "--threads", "8", "--timeout", "60"),
            *("--graceful-timeout", "10", "--no-control-socket"),
        )
        wait_for("web", lambda: listens(self.port) and self._has(self.web, WEB_WORKERS))

    def start_worker(self, *, wait: bool = True) -> Process:
        name = f"worker{len(self.workers)}"
        worker = self._start(
            name, *CELERY, "worker", "-c", "2", "--loglevel", "INFO", "--hostname", f"{name}@%h"
        )
        self.workers.append(worker)
        if wait:
            wait_for("worker", lambda: self._has(worker, 2))
        return worker

    def restart_worker(self, position: int) -> None:
        """Start a killed worker anew, as the container runtime does."""
        name = f"worker{position}"
        self.workers[position] = self._start(
            name, *CELERY, "worker", "-c", "2", "--loglevel", "INFO", "--hostname", f"{name}@%h"
        )

    def start_again_what_ended(self) -> None:
        """As the container runtime does: Celery may end by itself when it loses Redis."""
        for position, worker in enumerate(self.workers):
            if not worker.is_alive():
                self.restart_worker(position)

    def start_beat(self) -> None:
        name = f"beat{len(self.beats)}"
        schedule = str(self.base / f"{name}-schedule")
        self.beats.append(self._start(name, *CELERY, "beat", "--schedule", schedule))

    @staticmethod
    def _has(process: Process | None, children: int) -> bool:
        return process is not None and len(children_of(process.pid)) >= children

    def start(self) -> None:
        self.start_web()
        self.start_worker()
        self.start_beat()

    def stop_background(self) -> None:
        """End workers and beats at once."""
        for process in (*self.beats, *self.workers):
            process.kill_tree()
        self.workers, self.beats = [], []

    def stop(self) -> None:
        self.stop_background()
        if self.web is not None:
            self.web.stop()
            self.web = None
