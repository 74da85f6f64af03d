"""``make restarts``: web and worker stopped and started ten times under 50 requests a second.

One request in five posts a decision, the others read one that was acknowledged. A request may find
the door closed while the web server is away; the client repeats it, as every connected system does.
Nothing else may fail: an answer that was begun is finished, and what was acknowledged is stored
once and graded; a task that was begun is finished, by the worker that stops or by the next.

``python -m tests.ops.restart_under_load [--restarts 10] [--rate 50]``; exit 0 when all holds.
"""

from __future__ import annotations

import argparse
import http.client
import json
import re
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.checker import Found, the_day
from tests.faults.client import Attempt
from tests.faults.processes import Process, children_of, listens, wait_for
from tests.faults.product import CELERY, WEB_WORKERS, Product
from tests.faults.records import Record, alone
from tests.faults.run import Run

TIMEOUT = 60.0
REPEAT_AFTER = 1.0
GIVE_UP = 120.0
ONE_POST_IN = 5
AT_ONCE = 300  # bounds what comes together while the server is away: a slow machine is not drowned
WEB_GRACE, WORKER_GRACE = 30.0, 130.0  # as in docker-compose.yml


@dataclass
class Restart:
    """One restart: how long each process took to end, and with what."""

    web_seconds: float
    web_code: int | None
    worker_seconds: float
    worker_code: int | None
    away_seconds: float


@dataclass
class Load:
    """What the client saw; ``failed`` counts each try that brought no answer, by kind."""

    attempts: list[Attempt] = field(default_factory=list)
    reads: Counter[int] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Restarted(Product):
    """The product with the command lines of docker-compose.yml, stopped as a container is."""

    def start_web(self) -> None:
        self.web = self._start(
            "web",
            *(sys.executable, "-m", "gunicorn", "wugang_credit.wsgi:application"),
            *("--bind", f"127.0.0.1:{self.port}"),
            *("--workers", str(WEB_WORKERS), "--threads", "4", "--timeout", "60"),
            *("--graceful-timeout", str(int(WEB_GRACE)), "--no-control-socket"),
            *("--config", "python:wugang_credit.gunicorn_conf"),
        )
        wait_for("web", lambda: listens(self.port) and self._has(self.web, WEB_WORKERS))

    def restart(self) -> Restart:
        """Stop worker and web in good order, then start both; as ``docker compose restart``."""
        web, worker = self.web, self.workers[0]
        assert web is not None
        worker_seconds = _ended(worker, WORKER_GRACE)
        closed = time.monotonic()
        web_seconds = _ended(web, WEB_GRACE + 10)
        self.start_web()
        away = time.monotonic() - closed
        self.workers[0] = self._start("worker0", *CELERY, "worker", "-c", "2", "--loglevel", "INFO")
        wait_for("worker", lambda: len(children_of(self.workers[0].pid)) >= 2)
        return Restart(
            web_seconds, web.popen.returncode, worker_seconds, worker.popen.returncode, away
        )


def _ended(process: Process, grace: float) -> float:
    """SIGTERM, then wait as a container runtime does; seconds until it was gone."""
    began = time.monotonic()
    process.popen.terminate()
    process.popen.wait(timeout=grace)
    return time.monotonic() - began


class Client:
    """Sends at a steady rate, whatever the answers; repeats what brought none."""

    def __init__(self, product: Product) -> None:
        self.product, self.load, self.stopping = product, Load(), threading.Event()
        self._last_id = 0
        self._at_once = threading.Semaphore(AT_ONCE)

    def run(self, rate: float) -> None:
        """Until ``stopping`` is set; returns when every request has its answer."""
        began, sent = time.monotonic(), 0
        with ThreadPoolExecutor(AT_ONCE) as pool:
            while not self.stopping.is_set():
                self._at_once.acquire()
                pool.submit(self._and_leave, self._read if sent % ONE_POST_IN else self._post)
                sent += 1
                time.sleep(max(0.0, began + sent / rate - time.monotonic()))

    def _and_leave(self, send: Callable[[], None]) -> None:
        try:
            send()
        finally:
            self._at_once.release()

    def _post(self) -> None:
        (record,) = alone(the_day())
        attempt = Attempt(record)
        with self.load.lock:
            self.load.attempts.append(attempt)
        status, text, tries = self._until_answered("POST", "/api/v1/decisions/", record)
        attempt.status, attempt.answer, attempt.posts = status, text[:300], tries
        if attempt.acknowledged:
            attempt.decision_id = self._last_id = int(json.loads(text)["id"])

    def _read(self) -> None:
        path = f"/api/v1/decisions/{self._last_id}/" if self._last_id else "/healthz"
        status, _, _ = self._until_answered("GET", path, None)
        with self.load.lock:
            self.load.reads[status] += 1

    def _until_answered(
        self, method: str, path: str, record: Record | None
    ) -> tuple[int, str, int]:
        give_up, tries = time.monotonic() + GIVE_UP, 0
        while time.monotonic() < give_up:
            tries += 1
            try:
                status, text = self._once(method, path, record)
            except (OSError, http.client.HTTPException) as error:
                with self.load.lock:
                    self.load.failed[type(error).__name__] += 1
                time.sleep(REPEAT_AFTER)
                continue
            with self.load.lock:
                self.load.statuses[status] += 1
            return status, text, tries
        return 0, "", tries

    def _once(self, method: str, path: str, record: Record | None) -> tuple[int, str]:
        link = http.client.HTTPConnection("127.0.0.1", self.product.port, timeout=TIMEOUT)
        headers = {
            "Authorization": f"Token {self.product.token}",
            "Content-Type": "application/json",
        }
        try:
            body = None if record is None else json.dumps(record.body).encode()
            link.request(method, path, body, headers)
            response = link.getresponse()
            return response.status, response.read().decode()
        finally:
            link.close()


def under_load(product: Restarted, client: Client, *, restarts: int, rate: float) -> list[Restart]:
    """Restart while the client sends; processes are started by this thread alone."""
    sender = threading.Thread(target=client.run, args=(rate,))
    sender.start()
    done = []
    try:
        for turn in range(restarts):
            time.sleep(5)
            done.append(product.restart())
            last = done[-1]
            print(
                f"restart {turn + 1}: web ended in {last.web_seconds:.1f} s, worker in"
                f" {last.worker_seconds:.1f} s, answers again after {last.away_seconds:.1f} s",
                flush=True,
            )
        time.sleep(3)
    finally:
        client.stopping.set()
        sender.join()
    return done


def faults(load: Load, done: list[Restart], found: Found, tasks: tuple[int, int]) -> list[str]:
    """What is not as it must be, in words; empty when all holds."""
    unanswered = sum(not one.acknowledged for one in load.attempts)
    other = load.failed.keys() - CLOSED_DOOR
    checks: list[tuple[Callable[[], bool], str]] = [
        (lambda: found.lost > 0, f"{found.lost} acknowledged decisions are not there"),
        (lambda: found.half > 0, f"{found.half} decisions are there in part"),
        (lambda: found.doubled > 0, f"{found.doubled} doubled"),
        (lambda: not found.is_settled, f"{found.wrong} wrong, {found.waiting} waiting"),
        (lambda: unanswered > 0, f"{unanswered} posts were refused or never answered"),
        (lambda: set(load.reads) != {200}, f"reads answered {dict(load.reads)}"),
        (lambda: bool(other), f"tries failed in other ways: {sorted(other)}"),
        (lambda: any(one.web_code != 0 for one in done), "a web server did not end in good order"),
        (lambda: any(one.worker_code != 0 for one in done), "a worker did not end in good order"),
        (lambda: tasks[0] != tasks[1], f"{tasks[0]} tasks begun and {tasks[1]} finished"),
    ]
    return [words for is_wrong, words in checks if is_wrong()]


# Nothing was answered: refused, or closed while it waited at the door.
CLOSED_DOOR = {"ConnectionRefusedError", "ConnectionResetError", "RemoteDisconnected"}


def tasks_of(log: Path) -> tuple[int, int]:
    """How many gradings the workers' log says were begun, and how many of them finished.

    Sweeps are left out: one that comes too late is thrown away by design.
    """
    text = log.read_text(errors="replace")
    begun = set(re.findall(r"Task grading\.tasks\.regrade\[([-0-9a-f]+)\] received", text))
    ended = set(re.findall(r"Task grading\.tasks\.regrade\[([-0-9a-f]+)\] succeeded", text))
    return len(begun), len(begun & ended)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.ops.restart_under_load")
    parser.add_argument("--restarts", type=int, default=10)
    parser.add_argument("--rate", type=float, default=50, help="requests a second")
    chosen = parser.parse_args()
    run = Run(Path(tempfile.mkdtemp(prefix="restarts-")), full=False)
    try:
        product = Restarted("restarts", run.base, run.postgres, run.redis, 0)
        run.products.append(product)
        product.start()
        client, began = Client(product), time.monotonic()
        done = under_load(product, client, restarts=chosen.restarts, rate=chosen.rate)
        sent_for, load = time.monotonic() - began, client.load
        found, settled = run.settle(product, load.attempts, time.monotonic())
        log = product.base / "worker0.log"
        with suppress(TimeoutError):
            wait_for("tasks", lambda: len(set(tasks_of(log))) == 1, seconds=60)
        tasks = tasks_of(log)
        missed = faults(load, done, found, tasks)
    finally:
        run.stop()
    total = len(load.attempts) + sum(load.reads.values())
    acknowledged = sum(one.acknowledged for one in load.attempts)
    print(
        f"{total} requests in {sent_for:.0f} s ({total / sent_for:.0f} a second), {len(done)}"
        f" restarts\nposts {len(load.attempts)}, acknowledged {acknowledged}, stored"
        f" {found.stored}, lost {found.lost}, doubled {found.doubled}, wrong {found.wrong};"
        f" right {settled:.1f} s after the last\ntasks begun {tasks[0]}, finished"
        f" {tasks[1]}; answers {dict(load.statuses)}; tries without"
        f" one, all repeated: {dict(load.failed)}"
    )
    for words in missed:
        print(f"MISSED: {words}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
