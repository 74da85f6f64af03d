"""Lock, read, decide, store: standings, changes, requests closed, catching up, one signal."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection

from core.models import BypassError
from grading import services
from grading.models import Cause, GradeChange, RegradeRequest, Review, Standing
from grading.signals import grades_changed
from subjects.models import Subject
from tests import factories
from tests.grading.build import record
from tests.grading.worked_cases import BLACK, RED, WARNINGS, Paper, fine, warning

pytestmark = pytest.mark.django_db
JUNE = date(2026, 6, 1)


def graded(*facts: Any, day: date = JUNE) -> Subject:
    subject = record(facts)
    services.regrade([subject.pk], day=day)
    return subject


def test_the_standing_says_what_the_rules_give() -> None:
    subject = graded(Paper("2026-03-01", [["warning", ("fine", 500)], ["order_to_correct"]]))
    standing = Standing.objects.get(pk=subject.pk)
    assert (standing.grade, standing.clauses) == ("B", "3-B-1 3-B-2")
    assert (standing.warnings, standing.penalties, standing.breaches) == (1, 1, 0)
    assert standing.amount_fen == 500_00
    assert standing.next_change_on == date(2027, 3, 2)
    assert (standing.since, standing.earliest_on) == (JUNE, date(2026, 3, 1))
    assert standing.rule_set is not None


def test_a_change_keeps_what_explains_it_in_five_years() -> None:
    subject = graded(fine("2026-03-01", 500), RED)
    change = GradeChange.objects.get(subject=subject)
    violation = subject.decisions.get().violations.get()
    assert (change.old_grade, change.grade) == ("", "B")
    assert change.flags == "list_conflict"
    assert change.counted == [violation.pk]
    assert change.entries == [subject.list_entries.get().pk]
    assert change.rule_set is not None
    assert {one["cause"] for one in change.causes} == {"decision", "list_entry"}
    assert change.effective_on == JUNE


def test_twice_is_the_same_as_once() -> None:
    subject = graded(fine("2026-03-01", 500))
    assert services.regrade([subject.pk], day=JUNE) == []
    assert GradeChange.objects.filter(subject=subject).count() == 1


def test_changes_are_only_ever_added() -> None:
    change = GradeChange.objects.get(subject=graded(fine("2026-03-01", 500)))
    with pytest.raises(BypassError):
        change.save()
    with pytest.raises(BypassError):
        change.delete()


def test_the_requests_it_saw_are_closed() -> None:
    subject = record([fine("2026-03-01", 500)])
    assert RegradeRequest.objects.filter(subject=subject, done_at__isnull=True).exists()
    services.regrade([subject.pk], day=JUNE)
    assert not RegradeRequest.objects.filter(subject=subject, done_at__isnull=True).exists()


def test_days_off_are_caught_up_one_by_one() -> None:
    """Nothing ran from June on: each day on which the grade turned is written as of that day."""
    subject = graded(fine("2025-06-10", 1), warning("2025-08-20"))
    changes = services.regrade([subject.pk], cause=Cause.TIME, day=date(2026, 9, 1))
    days = GradeChange.objects.filter(pk__in=changes).order_by("pk")
    assert [(one.effective_on, one.grade, one.penalties) for one in days] == [
        (date(2026, 6, 11), "B", 0),
        (date(2026, 8, 21), "", 0),
    ]
    standing = Standing.objects.get(pk=subject.pk)
    assert (standing.grade, standing.next_change_on, standing.since) == ("", None, None)


def test_a_fact_that_comes_in_late_changes_the_grade_on_the_day_it_is_known() -> None:
    subject = graded(fine("2025-06-10", 1))
    record([warning("2026-07-01")], subject)
    changes = services.regrade([subject.pk], day=date(2026, 9, 1))
    assert [one.effective_on for one in GradeChange.objects.filter(pk__in=changes)] == [
        date(2026, 9, 1)
    ]


def test_one_signal_a_batch_with_the_ids_of_the_changes() -> None:
    heard: list[list[int]] = []

    def listen(sender: Any, *, change_ids: list[int], **kwargs: Any) -> None:
        heard.append(change_ids)

    first, second = record([fine("2026-03-01", 500)]), record([BLACK])
    quiet = factories.subject()
    grades_changed.connect(listen)
    try:
        changes = services.regrade([first.pk, second.pk, quiet.pk], day=JUNE)
        services.regrade([first.pk, second.pk, quiet.pk], day=JUNE)
    finally:
        grades_changed.disconnect(listen)
    assert heard == [changes]
    assert len(changes) == 2


def test_each_flag_opens_one_review_and_the_review_closes_with_it() -> None:
    subject = graded(*WARNINGS)
    review = Review.objects.get(subject=subject)
    assert (review.flag, review.closed_at) == ("over_limit", None)
    assert review.opened_by_change is not None
    services.regrade([subject.pk], day=date(2026, 7, 1))
    assert Review.objects.filter(subject=subject).count() == 1
    services.regrade([subject.pk], cause=Cause.TIME, day=date(2027, 1, 6))
    review.refresh_from_db()
    assert review.closed_at is not None
    assert review.closed_because
    assert [one.history_type for one in review.history.all()] == ["~", "+"]


def test_no_number_of_records_puts_anyone_on_the_black_list() -> None:
    subject = graded(*[fine(f"2026-03-{day:02d}", 900_000) for day in range(1, 11)])
    standing = Standing.objects.get(pk=subject.pk)
    assert (standing.grade, standing.flags) == ("B", "over_limit")
    assert not subject.list_entries.exists()


def test_a_disclosable_grade_leaves_sealed_records_out() -> None:
    subject = factories.subject()
    sealed = {"law": "治安管理处罚法", "decided_on": date(2026, 3, 1)}
    factories.decision(subject, **sealed)  # type: ignore[arg-type]
    factories.decision(subject, decided_on=date(2026, 4, 1), acts=[["warning"]])
    services.regrade([subject.pk], day=JUNE)
    standing = Standing.objects.get(pk=subject.pk)
    assert (standing.clauses, standing.next_change_on) == ("3-B-1 3-B-2", date(2027, 3, 2))
    assert standing.disclosable_clauses == "3-B-1"
    assert (standing.disclosable_penalties, standing.disclosable_amount_fen) == (0, 0)
    assert standing.disclosable_next_change_on == date(2027, 4, 2)


def test_an_unrecognised_law_counts_as_sealed() -> None:
    subject = factories.subject()
    factories.decision(subject, decided_on=date(2026, 3, 1), law="某某管理办法")
    services.regrade([subject.pk], day=JUNE)
    standing = Standing.objects.get(pk=subject.pk)
    assert (standing.grade, standing.disclosable_grade) == ("B", "")


def test_a_sealed_record_beside_an_open_one_in_one_act_is_sealed() -> None:
    subject = factories.subject()
    both = {"law": "《保安服务管理条例》《治安管理处罚法》", "decided_on": date(2026, 3, 1)}
    decision = factories.decision(subject, acts=[], **both)  # type: ignore[arg-type]
    factories.act(decision, [("fine", 1)], law_key="保安服务管理条例|治安管理处罚法")
    services.regrade([subject.pk], day=JUNE)
    assert Standing.objects.get(pk=subject.pk).disclosable_grade == ""


def test_a_single_regrade_takes_few_queries(django_assert_max_num_queries: Any) -> None:
    subject = graded(fine("2026-03-01", 500))
    record([warning("2026-04-01")], subject)
    # PostgreSQL takes one more, the lock of the range.
    with django_assert_max_num_queries(12 if connection.vendor == "postgresql" else 11):
        services.regrade([subject.pk], day=JUNE)


@time_machine.travel("2026-06-01 16:30:00+00:00", tick=False)
def test_the_day_is_the_day_in_shanghai() -> None:
    """Half past midnight on 2 June there, still 1 June in UTC: the fine of a year ago is gone."""
    subject = record([fine("2025-06-01", 1)])
    services.regrade([subject.pk])
    assert Standing.objects.get(pk=subject.pk).grade == ""
