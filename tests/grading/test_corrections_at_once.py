"""Two who decide at the same moment: one effect, and nobody is left with half of it.

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

from core.models import AuditEntry
from grading import corrections
from grading.corrections import CorrectionClosed, StaleCorrection
from subjects.models import Subject
from tests import factories
from tests.grading.correcting import PAPER, REASON, decider, fined, propose, proposer, target
from violations.correction_models import Correction
from violations.correction_subjects import MergeTarget
from violations.errors import InvalidDecision
from violations.models import Disposition

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


def test_two_who_agree_at_once_have_one_effect() -> None:
    deciders = [decider() for _ in range(4)]
    for _ in range(ROUNDS):
        decision = factories.decision(decided_on=date(2026, 3, 1))
        proposed = propose(target(decision), fined("30000.00"))
        ended = at_once(
            [
                partial(corrections.agree_to_correction, officer=by, correction_id=proposed.pk)
                for by in deciders
            ]
        )
        assert ended == {"done": 1, CorrectionClosed.__name__: 3}
        row = Disposition.objects.get(violation__decision=decision)
        assert row.history.count() == 2
        decision.refresh_from_db()
        assert decision.version == 2
    assert AuditEntry.objects.filter(action="correction.agree").count() == ROUNDS


def test_one_agrees_while_another_refuses() -> None:
    one, other = decider(), decider()
    for _ in range(ROUNDS):
        decision = factories.decision(decided_on=date(2026, 3, 1))
        proposed = propose(target(decision), fined("30000.00"))
        pk = proposed.pk
        ended = at_once(
            [
                partial(corrections.agree_to_correction, officer=one, correction_id=pk),
                partial(
                    corrections.refuse_correction,
                    officer=other,
                    correction_id=pk,
                    remark="与决定书原件不符。",
                ),
            ]
        )
        assert ended == {"done": 1, CorrectionClosed.__name__: 1}
        proposed.refresh_from_db()
        amount = Disposition.objects.get(violation__decision=decision).amount
        assert (proposed.state, int(amount)) in {("carried_out", 30_000), ("refused", 20_000)}


def test_two_who_propose_at_once_leave_one_proposal() -> None:
    officers = [proposer() for _ in range(4)]
    decision = factories.decision(decided_on=date(2026, 3, 1))
    ended = at_once(
        [partial(propose, target(decision), fined("30000.00"), by=by) for by in officers]
    )
    assert ended == {"done": 1, InvalidDecision.__name__: 3}
    assert Correction.objects.count() == 1


def test_mergers_in_a_circle_at_once_make_no_circle() -> None:
    by, persons = proposer(), [decider() for _ in range(3)]
    for _ in range(ROUNDS):
        three = [factories.subject() for _ in range(3)]
        waiting = []
        for subject, survivor in zip(three, [*three[1:], three[0]], strict=True):
            about = MergeTarget(subject, survivor)
            waiting.append(
                corrections.propose_correction(
                    officer=by, target=about, wanted=about.wanted(), reason=REASON, document=PAPER
                )
            )
        ended = at_once(
            [
                partial(corrections.agree_to_correction, officer=person, correction_id=one.pk)
                for person, one in zip(persons, waiting, strict=True)
            ]
        )
        assert ended["done"] >= 1
        assert set(ended) <= {"done", StaleCorrection.__name__, InvalidDecision.__name__}
        assert not Subject.objects.filter(merged_into__merged_into__isnull=False).exists()
