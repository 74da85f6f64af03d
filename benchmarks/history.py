"""P10: saving a decision with its history, beside the same without, and beside history as it comes.

A decision with two acts and three treatments: six rows, and six of history. First the rows alone,
which is the strict comparison, then the whole service with its checks, its trail and its editors.
All in a transaction that is rolled back, so that no waiting for the disk hides the work.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

from django.db import transaction
from django.test import override_settings
from simple_history.models import HistoricalRecords

from accounts.models import Officer, Unit
from accounts.roles import Role
from benchmarks.timing import Side, compare
from core.clock import today
from core.history import FactHistory
from subjects.models import Subject
from violations.acts import write_acts
from violations.inputs import DecisionInput, DispositionInput, ViolationInput
from violations.models import Decision
from violations.services import record_decision
from violations.writing import save_as

GOAL = 1.8
SAVES = 150
_numbers = itertools.count(1)


def run(rounds: int) -> dict[str, float]:
    """The ratio of P10; prints also what the whole service takes, and history as it comes."""
    officer, subject = _officer(), _subject()
    print(f"{SAVES} decisions of two acts and three treatments, goal P10: at most {GOAL}")
    rows = _repeated(lambda: _save_rows(officer, subject))
    service = _repeated(lambda: _record(officer, subject))
    found = {
        "P10": compare(
            "P10", Side("rows with history"), Side("rows without"), rows, _without(rows), rounds
        )
    }
    compare(
        "P10, history as django-simple-history writes it",
        Side("rows with its history"),
        Side("rows without"),
        _as_it_comes(rows),
        _without(rows),
        rounds,
    )
    found["P10 service"] = compare(
        "P10, whole service",
        Side("record_decision with history"),
        Side("record_decision without"),
        service,
        _without(service),
        rounds,
    )
    return found


def _repeated(save: Callable[[], object]) -> Callable[[], None]:
    def many() -> None:
        with transaction.atomic():
            for _ in range(SAVES):
                save()
            transaction.set_rollback(True)

    return many


def _without(run_it: Callable[[], None]) -> Callable[[], None]:
    def silent() -> None:
        with override_settings(SIMPLE_HISTORY_ENABLED=False):
            run_it()

    return silent


def _as_it_comes(run_it: Callable[[], None]) -> Callable[[], None]:
    def plain() -> None:
        with _plain_history():
            run_it()

    return plain


@contextmanager
def _plain_history() -> Iterator[None]:
    """Let the package write its rows itself for a while."""
    with patch.object(
        FactHistory, "create_historical_record", HistoricalRecords.create_historical_record
    ):
        yield


def _save_rows(officer: Officer, subject: Subject) -> None:
    day, number = today(), next(_numbers)
    decision = Decision(
        number=f"舞公（测）行罚决字〔{day.year}〕{number}号",
        number_key=f"舞公(测)行罚决字({day.year}){number}号",
        kind="penalty",
        unit=officer.unit,
        subject=subject,
        decided_on=day,
        recorded_by=officer,
        truth_stated=True,
    )
    save_as(officer, decision, reason="录入")
    write_acts(decision, _acts(), officer=officer)


def _record(officer: Officer, subject: Subject) -> None:
    day, number = today(), next(_numbers)
    record_decision(
        officer=officer,
        data=DecisionInput(
            unit_code=officer.unit.code,
            number=f"舞公（测）行罚决字〔{day.year}〕{number}号",
            kind="penalty",
            credit_code=subject.credit_code,
            subject_name=subject.name,
            decided_on=day,
            violations=_acts(),
            handler="量测",
            truth_stated=True,
        ),
    )


def _acts() -> tuple[ViolationInput, ...]:
    return tuple(
        ViolationInput(
            field="public_order",
            type="保安从业单位未按规定备案、留存资料",
            facts="检查发现，该单位未按规定留存值班记录。",
            law="保安服务管理条例",
            article="第四十二条",
            committed_on=today() - timedelta(days=9),
            dispositions=tuple(DispositionInput(kind, amount) for kind, amount in imposed),
        )
        for imposed in (
            [("warning", None), ("fine", Decimal("1000.00"))],
            [("fine", Decimal("1000.00"))],
        )
    )


def _officer() -> Officer:
    unit, _ = Unit.objects.get_or_create(code="WG-BENCH", defaults={"name": "量测中队"})
    return Officer.objects.filter(number="bench-p10").first() or Officer.objects.create_user(
        "bench-p10", roles=(Role.RECORDER,), name="量测", unit=unit
    )


def _subject() -> Subject:
    code = "91410481YL0000012N"
    return Subject.objects.filter(credit_code=code).first() or Subject.objects.create(
        credit_code=code, name="舞钢市样例云栖宾馆有限公司", name_initials="wgsylyqbgyxgs",
        kind="company",
    )  # fmt: skip
