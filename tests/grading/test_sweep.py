"""A lost message loses nothing: the sweep and the nightly run find what is left."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from core.models import AuditEntry
from grading import services, tasks
from grading.models import Cause, GradeChange, RegradeRequest, Standing
from grading.verification import differences
from subjects.models import Subject
from tests.grading.build import record
from tests.grading.worked_cases import fine
from violations import mending
from violations.models import Violation

pytestmark = pytest.mark.django_db
NOW = "2026-06-01 09:00:00+08:00"


def left_over(minutes: int = 2) -> Subject:
    """A subject whose message was lost some minutes ago."""
    subject = record([fine("2026-03-01", 500)])
    RegradeRequest.objects.filter(subject=subject).update(
        requested_at=timezone.now() - timedelta(minutes=minutes)
    )
    return subject


@time_machine.travel(NOW, tick=False)
def test_a_request_open_for_longer_than_a_minute_is_taken_up() -> None:
    subject = left_over()
    tasks.sweep()
    assert Standing.objects.get(pk=subject.pk).grade == "B"
    assert not RegradeRequest.objects.filter(done_at__isnull=True).exists()


@time_machine.travel(NOW, tick=False)
def test_a_fresh_request_is_left_to_its_message() -> None:
    subject = left_over(minutes=0)
    tasks.sweep()
    assert not Standing.objects.filter(pk=subject.pk).exists()


@time_machine.travel(NOW, tick=False)
def test_a_day_that_has_come_changes_the_grade_by_itself() -> None:
    subject = record([fine("2025-06-01", 500)])
    services.regrade([subject.pk])
    assert Standing.objects.get(pk=subject.pk).grade == "B"
    with time_machine.travel("2026-06-02 00:01:00+08:00", tick=False):
        tasks.sweep()
    assert Standing.objects.get(pk=subject.pk).grade == ""
    change = GradeChange.objects.filter(subject=subject).latest("pk")
    assert change.causes == [{"cause": Cause.TIME.value, "source": ""}]
    assert change.effective_on == date(2026, 6, 2)


@time_machine.travel(NOW, tick=False)
def test_ten_days_without_a_run_are_caught_up() -> None:
    subject = record([fine("2025-06-03", 500)])
    services.regrade([subject.pk])
    with time_machine.travel("2026-06-11 12:00:00+08:00", tick=False):
        tasks.nightly()
    change = GradeChange.objects.filter(subject=subject).latest("pk")
    assert (change.grade, change.effective_on) == ("", date(2026, 6, 4))


@time_machine.travel(NOW, tick=False)
def test_the_nightly_run_finds_mends_and_counts_a_wrong_grade() -> None:
    subject = record([fine("2026-03-01", 500)])
    services.regrade([subject.pk])
    Standing.objects.filter(pk=subject.pk).update(grade="C", penalties=7)
    assert {one.column for one in differences()} == {"grade", "penalties"}
    tasks.nightly()
    assert list(differences()) == []
    assert Standing.objects.get(pk=subject.pk).grade == "B"
    assert AuditEntry.objects.get(action="grading.verify").details == {
        "differences": 2, "repaired": True,
    }  # fmt: skip


@time_machine.travel(NOW, tick=False)
def test_the_proof_counts_from_the_dispositions_and_not_from_what_is_stored_with_the_act() -> None:
    subject = record([fine("2026-03-01", 500)])
    violation = Violation.objects.get(decision__subject=subject)
    violation.amount_fen = 900_000_00
    violation.save()
    services.regrade([subject.pk])
    found = {one.column: one.computed for one in differences()}
    assert found["amount_fen"] == 500_00
    assert found["flags"] == ""
    tasks.nightly()
    assert list(differences()) == []
    standing = Standing.objects.get(pk=subject.pk)
    assert (standing.amount_fen, standing.flags) == (500_00, "")
    violation.refresh_from_db()
    assert violation.amount_fen == 500_00
    assert violation.history.first().history_change_reason == mending.REASON
    assert AuditEntry.objects.get(action="grading.verify").details["repaired"] is True


@time_machine.travel(NOW, tick=False)
def test_a_subject_that_was_set_aside_is_compared() -> None:
    subject = record([fine("2026-03-01", 500)])
    services.regrade([subject.pk])
    Standing.objects.filter(pk=subject.pk).update(grade="A")
    RegradeRequest.objects.create(subject=subject, cause=Cause.DECISION, attempts=5)
    assert [one.column for one in differences()] == ["grade"]


@time_machine.travel(NOW, tick=False)
def test_what_many_share_is_mended_as_well() -> None:
    """Equal counts do not prove that the stored outcome is right."""
    subjects = [record([fine("2026-03-01", 500)]).pk for _ in range(services.MANY + 1)]
    services.regrade(subjects)
    Standing.objects.update(clauses="3-B-1", next_change_on=date(2030, 1, 1))
    assert len(list(differences())) == 2 * len(subjects)
    tasks.nightly()
    assert list(differences()) == []


@time_machine.travel(NOW, tick=False)
def test_what_waits_for_its_grading_is_behind_and_not_wrong() -> None:
    waiting = record([fine("2026-03-01", 500)])
    due = record([fine("2025-06-01", 500)])
    services.regrade([due.pk])
    with time_machine.travel("2026-06-05 09:00:00+08:00", tick=False):
        assert list(differences()) == []
    assert not Standing.objects.filter(pk=waiting.pk).exists()
