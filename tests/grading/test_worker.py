"""A real worker: what is saved in one process is graded by another within seconds."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings

from grading import tasks
from tests import migrated
from tests.ops.environment import ROOT
from tests.ops.processes import environment, wait
from wugang_credit.celery import app

# Both sides name the same queue, which nobody else reads: several runs may share one Redis.
OWN_QUEUE = """
import sys, django
django.setup()
from wugang_credit.celery import app
app.conf.update(task_queues=None, task_default_queue=sys.argv[1])
"""
WORKER = OWN_QUEUE + 'app.worker_main(["worker", "--pool", "solo", "--loglevel", "INFO"])'
SAVE = (
    OWN_QUEUE
    + """
from tests import factories
print(factories.decision(acts=[["warning"]]).subject_id)
"""
)


def _in_this_installation(env: dict[str, str], *command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=env, check=True, capture_output=True, text=True
    )
    return done.stdout


@pytest.fixture
def installed(tmp_path: Path) -> dict[str, str]:
    """The environment of an installation of its own, on SQLite and the Redis of the test run."""
    settings = {"DJANGO_SETTINGS_MODULE": "wugang_credit.settings"}
    env = environment(tmp_path, REDIS_URL=os.environ["REDIS_URL"], **settings)
    shutil.copyfile(migrated.sqlite_file(), tmp_path / "db.sqlite3")
    return env


@pytest.fixture
def queue(installed: dict[str, str], tmp_path: Path) -> Iterator[str]:
    """A worker that runs, and the name of the queue that it reads."""
    name = f"test-{uuid.uuid4().hex}"
    log = tmp_path / "worker.log"
    with log.open("wb") as output:
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER, name],
            cwd=ROOT,
            env=installed,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        wait("worker", lambda: "ready." in log.read_text(errors="replace"))
        yield name
    finally:
        worker.kill()
        worker.wait(timeout=30)


def grade(database: Path, subject_id: int) -> str | None:
    with closing(sqlite3.connect(database, timeout=20)) as connection:
        row = connection.execute(
            "SELECT grade FROM grading_standing WHERE subject_id = ?", [subject_id]
        ).fetchone()
    return None if row is None else str(row[0])


@pytest.mark.redis
def test_a_saved_decision_is_graded_by_a_worker(
    installed: dict[str, str], queue: str, tmp_path: Path
) -> None:
    subject_id = int(_in_this_installation(installed, "-c", SAVE, queue))
    saved = time.monotonic()
    wait("grade", lambda: grade(tmp_path / "db.sqlite3", subject_id) == "B")
    # Seconds on an idle machine; what this must not be is the sweep's doing, which nobody sends.
    assert time.monotonic() - saved < 60


def test_what_comes_by_the_clock_does_not_wait_behind_wake_ups() -> None:
    """A sweep that waits behind a long line of wake-ups expires each time before it is heard."""
    for entry in app.conf.beat_schedule.values():
        name = entry["options"]["queue"]
        assert name in app.amqp.queues
        assert name != app.conf.task_default_queue


def test_the_nightly_recount_has_minutes_but_ends_before_its_message_is_given_to_another() -> None:
    limit = tasks.nightly.time_limit
    assert settings.CELERY_TASK_TIME_LIMIT < limit < settings.CELERY_VISIBILITY_TIMEOUT
