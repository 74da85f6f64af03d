"""P4: from the commit of a record to the new grade in the database, beside a bare round trip.

A real worker takes both from the same Redis in the same run. The bare round trip is a task that
writes one key, waited for in the same way as the grade.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import psycopg
import redis
from django.conf import settings
from django.db import transaction

from benchmarks.timing import Side
from core.clock import today
from grading.models import Standing
from subjects.models import Subject
from violations.models import Decision
from violations.signals import facts_written

PATIENCE = 30.0
ROUND_TRIP_KEY = "wugang:benchmark:echo"


def _worker() -> subprocess.Popen[bytes]:
    """One worker with one child, as in production, that also knows the bare task."""
    return subprocess.Popen(
        [
            sys.executable, "-m", "celery", "-A", "benchmarks.echo", "worker",
            "--pool", "prefork", "--concurrency", "1", "--loglevel", "ERROR", "--without-gossip",
            "--without-mingle", "--without-heartbeat",
        ],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "wugang_credit.settings"},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _wait(is_there: Callable[[], bool]) -> float:
    """Seconds until it is there; looked for without pause, since a pause would be measured too."""
    begun = time.perf_counter()
    while not is_there():
        if time.perf_counter() - begun > PATIENCE:
            raise TimeoutError("the worker does not answer")
        time.sleep(0.0003)
    return time.perf_counter() - begun


class _Records:
    """Decisions recorded one after another for organisations that had none, each a new grade."""

    def __init__(self) -> None:
        self.pattern = Decision.objects.filter(state="in_force").latest("pk")
        free = Subject.objects.filter(standing__isnull=True, decisions__isnull=True)
        self.free = iter(free.order_by("pk")[:5000])
        self.number = int(time.time() * 1000)

    def save(self) -> int:
        subject = next(self.free)
        self.number += 1
        with transaction.atomic():
            decision = Decision(
                number=f"测〔2026〕{self.number}号", number_key=str(self.number), kind="order",
                unit=self.pattern.unit, subject=subject, state="in_force",
                decided_on=today() - timedelta(days=30), recorded_by=self.pattern.recorded_by,
                confirmed_by=self.pattern.confirmed_by,
            )  # fmt: skip
            decision.save()
            violation = decision.violations.model(
                decision=decision, ordinal=1, field="other", type="某行为", facts="经查。",
                law="网络安全法", law_key="网络安全法", bucket="warning",
            )  # fmt: skip
            violation.save()
            facts_written.send(sender=Decision, subject_ids=[subject.pk], cause="decision")
        return int(subject.pk)


def _graded(eye: psycopg.Connection, subject_id: int) -> bool:
    """Looked for as cheaply as the key in Redis: what looks must not slow down what is measured."""
    sql = f"SELECT 1 FROM {Standing._meta.db_table} WHERE subject_id = %s AND grade <> ''"
    return eye.execute(sql, [subject_id], prepare=True).fetchone() is not None


def _echoed(store: redis.Redis, token: str) -> bool:
    return store.get(ROUND_TRIP_KEY) == token.encode()


def run(rounds: int) -> dict[str, float]:
    """Ratios of p50 and p95 over ``rounds`` times a hundred records, taken in turn."""
    from benchmarks.echo import echo

    if not settings.REDIS_URL:
        print("P4 needs REDIS_URL: skipped\n")
        return {}
    store = redis.Redis.from_url(settings.REDIS_URL)
    worker = _worker()
    eye = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
    try:
        records = _Records()
        ours, bare = Side("record saved -> grade visible"), Side("bare Celery round trip")
        for turn in range(20 + rounds * 100):
            token = f"{turn}"
            echo.delay(token)
            trip = _wait(partial(_echoed, store, token))
            visible = _wait(partial(_graded, eye, records.save()))
            if turn >= 20:
                bare.wall.append(trip)
                ours.wall.append(visible)
    finally:
        eye.close()
        os.killpg(worker.pid, signal.SIGTERM)
        worker.wait(20)
    found = {}
    for name, take in (("p50", statistics.median), ("p95", _p95)):
        mine, floor = take(ours.wall), take(bare.wall)
        found[f"P4 {name}"] = mine / floor
        print(f"  {name}: bare {floor * 1000:6.1f} ms   grade {mine * 1000:6.1f} ms")
        print(f"P4 {name}: x{mine / floor:.2f}")
    print()
    return found


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]
