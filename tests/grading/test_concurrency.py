"""Eight writers released together on one organisation, and no later write that would heal it.

PostgreSQL only: SQLite lets one writer in at a time and proves nothing here.
"""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import connection, transaction

from accounts.models import Officer
from accounts.roles import Role
from grading import tasks
from grading.models import GradeChange, RegradeRequest, Review, Standing
from grading.verification import differences
from subjects.models import Subject
from tests import factories

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

WRITERS = 8
ROUNDS = 12


class Writers:
    """Threads that each record one warned decision for the same subject at the same moment."""

    def __init__(self, subject: Subject, recorder: Officer, reviewer: Officer) -> None:
        self.subject, self.recorder, self.reviewer = subject, recorder, reviewer
        self.barrier = threading.Barrier(WRITERS)
        self.errors: list[BaseException] = []

    def run(self) -> None:
        threads = [threading.Thread(target=self._write) for _ in range(WRITERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _write(self) -> None:
        try:
            self.barrier.wait()
            with transaction.atomic():
                factories.decision(
                    self.subject, acts=[["warning"]], decided_on=date(2026, 3, 1),
                    recorded_by=self.recorder, confirmed_by=self.reviewer,
                )  # fmt: skip
        except BaseException as error:
            self.errors.append(error)
        finally:
            connection.close()


@pytest.fixture
def _graded_inline(monkeypatch: pytest.MonkeyPatch) -> None:
    """No broker: each writer grades in its own process after its commit, all at once."""

    def refuse(ids: list[int]) -> None:
        raise ConnectionError

    monkeypatch.setattr(tasks.regrade, "delay", refuse)


@pytest.mark.usefixtures("_graded_inline")
def test_no_update_is_lost_when_eight_write_at_once() -> None:
    recorder = factories.officer(Role.RECORDER)
    reviewer = factories.officer(Role.UNIT_REVIEWER)
    for _ in range(ROUNDS):
        writers = Writers(factories.subject(), recorder, reviewer)
        writers.run()
        assert writers.errors == []
    assert not RegradeRequest.objects.filter(done_at__isnull=True).exists()
    counted = Standing.objects.values_list("warnings", flat=True)
    assert list(counted) == [WRITERS] * ROUNDS
    assert list(differences()) == []
    assert Review.objects.filter(closed_at__isnull=True).count() == ROUNDS
    for subject_id in Standing.objects.values_list("pk", flat=True):
        steps = GradeChange.objects.filter(subject_id=subject_id).order_by("pk")
        seen = [change.warnings for change in steps]
        assert seen == sorted(set(seen))
        assert seen[-1] == WRITERS
