"""A subject whose grading fails or kills is set aside after five attempts; nobody else with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone

from accounts.roles import Role
from core.models import AuditEntry
from grading import left_over, narrow, services, tasks, verification
from grading.models import Cause, GradeChange, RegradeRequest, Standing
from subjects.models import Subject
from tests import factories
from tests.grading.build import record
from tests.grading.worked_cases import fine

pytestmark = pytest.mark.django_db
NOW = "2026-06-01 09:00:00+08:00"


class Killed(BaseException):
    """Stands in for a worker process that is gone: nothing in the product can catch it."""


def waiting(minutes: int = 2) -> Subject:
    """A subject whose message was lost some minutes ago."""
    subject = record([fine("2026-03-01", 500)])
    RegradeRequest.objects.filter(subject=subject).update(
        requested_at=timezone.now() - timedelta(minutes=minutes)
    )
    return subject


def attempts(subject: Subject) -> int:
    return RegradeRequest.objects.get(subject=subject, done_at__isnull=True).attempts


def graded(*subjects: Subject) -> bool:
    found = Standing.objects.filter(subject__in=subjects).exclude(grade="")
    return found.count() == len(subjects)


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[list[int]]]:
    """Make grading of a subject raise; the answer is filled with what is tried."""

    def make(subject: Subject, error: BaseException) -> list[list[int]]:
        real, tried = services.regrade, []

        def failing(ids: Iterable[int], **kwargs: Any) -> list[int]:
            ids = sorted(ids)
            tried.append(ids)
            if subject.pk in ids:
                raise error
            return real(ids, **kwargs)

        monkeypatch.setattr(services, "regrade", failing)
        return tried

    return make


def redelivered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each message comes a second time, for its worker was lost."""
    monkeypatch.setattr(tasks, "_is_redelivered", lambda task: True)


@time_machine.travel(NOW, tick=False)
def test_a_subject_that_fails_is_set_aside_after_five_attempts_and_the_others_go_on(
    poison: Any,
) -> None:
    bad, healthy = waiting(), waiting()
    tried = poison(bad, RuntimeError("poison"))
    for _ in range(9):
        tasks.sweep()
    assert graded(healthy)
    assert sum(bad.pk in ids for ids in tried) == left_over.ATTEMPTS
    assert attempts(bad) == left_over.ATTEMPTS
    assert [one.pk for one in left_over.set_aside()] == [bad.pk]


@time_machine.travel(NOW, tick=False)
def test_a_subject_that_kills_the_worker_takes_nobody_with_it(poison: Any) -> None:
    first, bad, *others = [waiting() for _ in range(6)]
    poison(bad, Killed())
    killed = 0
    for _ in range(9):
        try:
            tasks.sweep()
        except Killed:
            killed += 1
    assert killed == left_over.ATTEMPTS
    assert graded(first, *others)
    assert [one.pk for one in left_over.set_aside()] == [bad.pk]


@time_machine.travel(NOW, tick=False)
def test_a_message_that_comes_again_and_again_kills_five_workers_and_no_more(
    poison: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, healthy = waiting(0), waiting(0)
    poison(bad, Killed())
    redelivered(monkeypatch)
    killed = 0
    for _ in range(9):
        try:
            tasks.regrade([bad.pk, healthy.pk])
        except Killed:
            killed += 1
    assert killed == left_over.ATTEMPTS
    assert graded(healthy)


@time_machine.travel(NOW, tick=False)
def test_a_day_that_has_come_for_a_subject_that_fails_holds_nobody_up(poison: Any) -> None:
    bad, healthy = (record([fine("2025-06-01", 500)]) for _ in range(2))
    services.regrade([bad.pk, healthy.pk])
    poison(bad, RuntimeError("poison"))
    with time_machine.travel("2026-06-04 00:01:00+08:00", tick=False):
        for _ in range(9):
            tasks.sweep()
    assert graded(bad)
    assert not graded(healthy)
    change = GradeChange.objects.filter(subject=healthy).latest("pk")
    assert change.effective_on == date(2026, 6, 2), "the day on which it turned, not the sweep's"
    assert {one["cause"] for one in change.causes} == {Cause.TIME}
    assert [one.pk for one in left_over.set_aside()] == [bad.pk]


@time_machine.travel(NOW, tick=False)
def test_a_sweep_that_comes_again_counts_those_whose_day_has_come(
    poison: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, healthy = (record([fine("2025-06-01", 500)]) for _ in range(2))
    services.regrade([bad.pk, healthy.pk])
    poison(bad, Killed())
    redelivered(monkeypatch)
    killed = 0
    with time_machine.travel("2026-06-02 00:01:00+08:00", tick=False):
        for _ in range(9):
            try:
                tasks.sweep()
            except Killed:
                killed += 1
    assert killed == left_over.ATTEMPTS
    assert not graded(healthy)


@time_machine.travel(NOW, tick=False)
def test_a_database_that_is_in_the_way_is_no_attempt_of_the_subject(poison: Any) -> None:
    subject = waiting()
    poison(subject, OperationalError("the connection is closed"))
    for _ in range(9):
        tasks.sweep()
    assert attempts(subject) == 0


@time_machine.travel(NOW, tick=False)
def test_a_new_fact_of_a_subject_that_was_set_aside_is_tried(poison: Any) -> None:
    subject = waiting()
    RegradeRequest.objects.filter(subject=subject).update(attempts=left_over.ATTEMPTS)
    tasks.sweep()
    assert not graded(subject)
    record([fine("2026-04-01", 500)], subject)
    tasks.regrade([subject.pk])
    assert graded(subject)
    assert not left_over.set_aside().exists()


@time_machine.travel(NOW, tick=False)
def test_trying_again_grades_it_and_is_in_the_trail(
    django_capture_on_commit_callbacks: Any, eager_tasks: None
) -> None:
    subject = waiting()
    RegradeRequest.objects.filter(subject=subject).update(attempts=left_over.ATTEMPTS)
    officer = factories.officer(Role.ADMINISTRATOR)
    with django_capture_on_commit_callbacks(execute=True):
        assert left_over.try_again(officer=officer, subject=subject)
    assert graded(subject)
    entry = AuditEntry.objects.get(action="grading.try_again")
    assert (entry.actor, entry.target_id) == (officer.number, str(subject.pk))
    assert not left_over.try_again(officer=officer, subject=subject)
    assert AuditEntry.objects.filter(action="grading.try_again").count() == 1


@time_machine.travel(NOW, tick=False)
def test_one_that_fails_does_not_keep_the_nightly_proof_from_mending_the_others(
    poison: Any,
) -> None:
    ill, wrong = record([fine("2026-03-01", 500)]), record([fine("2026-03-01", 500)])
    for subject in (ill, wrong):
        services.regrade([subject.pk])
    Standing.objects.update(grade="A")
    poison(ill, RuntimeError("ill"))
    verification.verify(repair=True)
    assert attempts(ill) == 0
    with time_machine.travel("2026-06-01 09:01:00+08:00", tick=False):
        tasks.sweep()
    assert Standing.objects.get(pk=wrong.pk).grade == "B"
    assert Standing.objects.get(pk=ill.pk).grade == "A"
    assert attempts(ill) > 0


def test_whoever_waited_past_midnight_grades_as_of_the_new_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with time_machine.travel("2026-06-01 23:59:59+08:00", tick=False) as clock:
        subject = record([fine("2025-06-01", 500)])
        real = narrow.locked_standing

        def waits(subject_id: int) -> Any:
            clock.move_to("2026-06-02 00:00:01+08:00")
            return real(subject_id)

        monkeypatch.setattr(narrow, "locked_standing", waits)
        services.regrade([subject.pk])
    assert Standing.objects.get(pk=subject.pk).grade == ""


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize("others", [0, 1, services.MANY])
def test_a_request_that_came_in_after_the_facts_were_read_stays_open(
    monkeypatch: pytest.MonkeyPatch, others: int
) -> None:
    """Alone, with another, and among many: three ways to grade, one rule."""
    subject = waiting()
    real = services._finish

    def meanwhile(*args: Any, **kwargs: Any) -> list[int]:
        RegradeRequest.objects.create(subject=subject, cause=Cause.DECISION, source="meanwhile")
        return real(*args, **kwargs)

    monkeypatch.setattr(services, "_finish", meanwhile)
    services.regrade([subject.pk, *(factories.subject().pk for _ in range(others))])
    still = RegradeRequest.objects.filter(done_at__isnull=True).values_list("source", flat=True)
    assert set(still) == {"meanwhile"}
