"""Imports on PostgreSQL with more than one at work: told while it is written, stopped, killed.

SQLite has one writer at a time and proves nothing here.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection

from accounts.models import Officer
from accounts.roles import Role
from subjects.models import Subject
from tests import factories
from tests.violations.runs import confirmed, is_postgresql, lost
from tests.violations.sheets import penalty, units
from violations import import_progress, import_runs, import_store, import_work
from violations.import_models import ImportProgress, ImportRun, ImportState
from violations.import_states import RunMoved
from violations.models import Decision

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROWS = 30


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> ImportRun:
    """Agreed to, and written in small steps."""
    monkeypatch.setattr(import_store, "CHUNK", 5)
    monkeypatch.setattr(import_progress, "EVERY_SECONDS", 0)
    recorder = factories.officer(Role.RECORDER, unit=units()["WG-ZA"])
    reviewer = factories.officer(Role.UNIT_REVIEWER, unit=recorder.unit)
    return confirmed(recorder, reviewer, [penalty(n) for n in range(1, ROWS + 1)])


def in_thread(work: Callable[[], object]) -> threading.Thread:
    def call() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=call)
    thread.start()
    return thread


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, "it never came to that"
        time.sleep(0.02)


def slowly(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """The writer waits before its third step until it is let go."""
    go = threading.Event()
    real, calls = import_store._store_acts, []

    def step(*args: Any) -> Any:
        calls.append(1)
        if len(calls) == 3:
            assert go.wait(20)
        return real(*args)

    monkeypatch.setattr(import_store, "_store_acts", step)
    return go


def test_it_is_told_while_it_is_written_and_a_cancel_leaves_nothing(
    run: ImportRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_postgresql()
    go = slowly(monkeypatch)
    thread = in_thread(lambda: import_work.work(run.pk))

    def at_two_steps() -> bool:
        now = ImportProgress.objects.get(run=run)
        return (now.phase, now.done, now.total) == ("写入", 10, ROWS)

    until(at_two_steps)
    assert not Decision.objects.exists()  # nobody sees half of it
    import_runs.cancel(officer=run.uploaded_by, run_id=run.pk)
    go.set()
    thread.join(20)
    run.refresh_from_db()
    assert run.state == ImportState.CANCELLED
    assert not Decision.objects.exists()
    assert not Subject.objects.exists()


def test_two_workers_at_once_write_it_once(run: ImportRun) -> None:
    threads = [in_thread(lambda: import_work.work(run.pk)) for _ in range(3)]
    for thread in threads:
        thread.join(30)
    run.refresh_from_db()
    assert run.state == ImportState.DONE
    assert Decision.objects.count() == ROWS


def test_two_second_persons_at_once_have_one_effect() -> None:
    recorder = factories.officer(Role.RECORDER, unit=units()["WG-ZA"])
    first = factories.officer(Role.UNIT_REVIEWER, unit=recorder.unit)
    run = confirmed(recorder, first, [penalty(1)])
    ImportRun.objects.filter(pk=run.pk).update(
        state=ImportState.SUBMITTED, confirmed_by=None, confirmed_at=None
    )
    others = [factories.officer(Role.UNIT_REVIEWER, unit=recorder.unit) for _ in range(4)]
    agreed: list[Officer] = []
    refused: list[str] = []

    def agree(officer: Officer) -> None:
        try:
            import_runs.confirm(officer=officer, run_id=run.pk, version=run.version)
            agreed.append(officer)
        except RunMoved as late:
            refused.append(late.message)

    threads = [in_thread(lambda who=who: agree(who)) for who in others]  # type: ignore[misc]
    for thread in threads:
        thread.join(20)
    run.refresh_from_db()
    assert [run.confirmed_by] == agreed
    assert len(refused) == 3
    assert all("写入中" in words for words in refused)


KILLED = """
import os, sys, django
django.setup()
from violations import import_store, import_work
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[2]
import_store.CHUNK = 5
real, calls = import_store._store_acts, []
def step(*args):
    calls.append(1)
    if len(calls) == 3:
        print("half way", flush=True)
        import time; time.sleep(60)
    return real(*args)
import_store._store_acts = step
import_work.work(int(sys.argv[1]))
"""


def test_a_worker_killed_half_way_leaves_nothing_and_another_takes_it_up(run: ImportRun) -> None:
    name = connection.settings_dict["NAME"]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "wugang_credit.settings",
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    location = default_storage.path("")
    code = f"import django.conf; from django.conf import settings\n{KILLED}".replace(
        "django.setup()",
        f"settings.STORAGES['default']['OPTIONS']['location'] = {str(location)!r}\ndjango.setup()",
        1,
    )
    worker = subprocess.Popen(
        [sys.executable, "-c", code, str(run.pk), str(name)],
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
    )
    assert worker.stdout is not None
    with worker.stdout:
        assert worker.stdout.readline() == "half way\n"
        worker.send_signal(signal.SIGKILL)
    worker.wait(10)
    assert not Decision.objects.exists()
    run.refresh_from_db()
    assert (run.state, run.attempts) == (ImportState.WRITING, 1)
    until(lambda: _is_free(run))
    lost(run)
    import_work.work(run.pk)
    run.refresh_from_db()
    assert run.state == ImportState.DONE
    assert Decision.objects.count() == ROWS


def _is_free(run: ImportRun) -> bool:
    """The database has noticed that the killed worker is gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM violations_importrun WHERE id NOT IN"
            " (SELECT id FROM violations_importrun FOR UPDATE SKIP LOCKED)"
        )
        row = cursor.fetchone()
    return bool(row) and row[0] == 0
