"""The broker settings at work: a message reaches a worker through Redis, and a dead Redis is quick.

That a save survives a broker that is down is tested with grading; here, that it is told soon.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.ops.environment import ROOT
from tests.ops.processes import PATIENCE, environment, free_port, wait

CELERY = [sys.executable, "-m", "celery", "-A", "wugang_credit"]
SEND = """
import time
from wugang_credit.celery import app
began = time.monotonic()
try:
    app.send_task("grading.tasks.sweep")
except Exception as error:
    print(type(error).__name__, round(time.monotonic() - began, 1))
"""


@pytest.fixture
def on_redis(tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path, REDIS_URL=os.environ["REDIS_URL"])


@pytest.fixture
def worker_log(on_redis: dict[str, str], tmp_path: Path) -> Iterator[Path]:
    """A worker on Redis, with a queue of its own; what it prints."""
    log = tmp_path / "worker.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*CELERY, "worker", "--pool", "solo", "--loglevel", "INFO", "--queues", "ops-test"],
            cwd=ROOT,
            env=on_redis,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        yield log
    finally:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=20)
        process.kill()
        process.wait(timeout=PATIENCE)


@pytest.mark.redis
def test_a_message_reaches_a_worker_through_redis(
    on_redis: dict[str, str], worker_log: Path
) -> None:
    wait("worker", lambda: "ready." in worker_log.read_text(errors="replace"))

    subprocess.run(
        [*CELERY, "call", "grading.tasks.sweep", "--queue", "ops-test"],
        cwd=ROOT,
        env=on_redis,
        check=True,
        capture_output=True,
        timeout=PATIENCE,
    )

    # Received is enough: the database of this VAR_DIR is empty, so what the task does there fails.
    wait("message", lambda: "grading.tasks.sweep[" in worker_log.read_text(errors="replace"))


def test_a_redis_that_is_down_is_told_within_seconds(tmp_path: Path) -> None:
    dead = environment(tmp_path, REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")

    result = subprocess.run(
        [sys.executable, "-c", SEND],
        cwd=ROOT,
        env=dead,
        check=True,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )

    name, seconds = result.stdout.split()
    assert name == "OperationalError"
    assert float(seconds) < 10
