"""Sheets confirmed at the same moment: each factor once, and nobody waits for ever.

PostgreSQL only: SQLite lets one writer in at a time and proves nothing here.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

import pytest
from django.db import connection

from accounts.models import Officer
from accounts.roles import Role
from subjects.models import Subject
from tests import factories
from violations.errors import InvalidDecision
from violations.factor_confirm import confirm_run
from violations.factor_models import Factor, FactorRow, FactorRun, RowMatch

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.time_machine("2026-11-20 09:00+08:00"),
]
ROUNDS = 6


def at_once(calls: Sequence[Callable[[], object]]) -> Counter[str]:
    """What became of these calls, released together."""
    together, ended = threading.Barrier(len(calls)), Counter[str]()

    def one(call: Callable[[], object]) -> None:
        try:
            together.wait(20)
            call()
            ended["done"] += 1
        except Exception as error:
            ended[type(error).__name__] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return ended


def sheet(officer: Officer, subjects: Sequence[Subject], value: str) -> FactorRun:
    run = FactorRun.objects.create(
        unit=officer.unit,
        officer=officer,
        kind="licence",
        scheme="甲",
        source="乙",
        sha256="0" * 64,
    )
    for number, subject in enumerate(subjects, start=2):
        FactorRow.objects.create(
            run=run,
            row=number,
            credit_code=subject.credit_code,
            name=subject.name,
            scheme="甲",
            value=value,
            in_force_from=date(2026, 10, 1),
            match=RowMatch.MATCHED,
            subject=subject,
        )
    return run


def test_the_same_rows_in_four_sheets_go_in_once() -> None:
    officer = factories.officer(Role.RECORDER)
    subjects = [factories.subject() for _ in range(20)]
    for turn in range(ROUNDS):
        runs = [sheet(officer, subjects, f"第{turn}次") for _ in range(4)]
        calls = [partial(confirm_run, officer=officer, run_id=run.pk) for run in runs]
        assert at_once(calls) == {"done": 4}
        assert Factor.objects.filter(value=f"第{turn}次").count() == len(subjects)


def test_one_sheet_confirmed_four_times_at_once_goes_in_once() -> None:
    officer = factories.officer(Role.RECORDER)
    subjects = [factories.subject() for _ in range(5)]
    for turn in range(ROUNDS):
        run = sheet(officer, subjects, f"第{turn}次")
        ended = at_once([partial(confirm_run, officer=officer, run_id=run.pk)] * 4)
        assert ended == {"done": 1, InvalidDecision.__name__: 3}
    assert Factor.objects.count() == ROUNDS * len(subjects)
