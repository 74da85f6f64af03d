"""Measures start and stop in the transaction that moves the grade (4-A to 4-C)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from grading import services
from grading.models import GradeChange, Standing
from grading.services import regrade
from sanctions.measure_enums import Because, Sight
from sanctions.measure_models import Measure, SubjectMeasure
from sanctions.measure_selectors import in_force
from sanctions.measure_sync import settle_range
from sanctions.models import Improvement
from sanctions.paper_models import Paper
from sanctions.signals import paper_served
from subjects.models import Subject
from tests import factories
from violations.enums import ListKind
from violations.models import Decision, ListEntry
from violations.serving import serve_decision

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)
B, A = ["4-B-1", "4-B-2"], ["4-A-1", "4-A-2", "4-A-3", "4-A-4"]
C = [f"4-C-{number}" for number in range(1, 8)]


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel("2026-11-23 10:00+08:00", tick=False):
        yield


@pytest.fixture(params=["few", "many"])
def grade(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Both ways of grading: record by record, and set-based from counts."""
    if request.param == "many":
        monkeypatch.setattr(services, "MANY", 1)
    return lambda *subjects: regrade([one.pk for one in subjects])


def open_rows(subject: Subject, sight: Sight = Sight.INTERNAL) -> list[tuple[str, str]]:
    rows = SubjectMeasure.objects.filter(subject=subject, sight=sight, ended_on__isnull=True)
    return list(rows.order_by("measure__clause").values_list("measure__clause", "state"))


def held(subject: Subject, *, disclosable: bool = False, day: date = DAY) -> list[str]:
    rows = in_force([subject.pk], day, disclosable=disclosable).get(subject.pk, [])
    return [row.measure.clause for row in rows]


def test_a_served_decision_brings_the_measures_of_b_with_their_cause(grade: Any) -> None:
    made = factories.decision(decided_on=date(2026, 11, 2))
    grade(made.subject)
    assert held(made.subject) == held(made.subject, disclosable=True) == B
    row = SubjectMeasure.objects.filter(subject=made.subject).first()
    assert row is not None
    assert (row.begins_on, row.because) == (DAY, Because.GRADE)
    assert row.begun_by_id == GradeChange.objects.get(subject=made.subject).pk


def test_a_clause_without_a_basis_starts_for_nobody(grade: Any) -> None:
    made = factories.decision()
    assert Measure.objects.get(clause="4-B-3").legal_basis == ""
    grade(made.subject)
    assert "4-B-3" not in [clause for clause, _ in open_rows(made.subject)]


def test_nothing_that_burdens_begins_before_service(grade: Any) -> None:
    made = factories.decision(decided_on=date(2026, 11, 20), served_on=None)
    grade(made.subject)
    assert open_rows(made.subject) == [(clause, "pending") for clause in B]
    assert held(made.subject) == held(made.subject, disclosable=True) == []
    with time_machine.travel("2026-11-25 09:00+08:00", tick=False):
        serve_decision(
            officer=made.recorded_by,
            decision_id=made.pk,
            version=made.version,
            served_on=date(2026, 11, 24),
            document="送达回证 1 号",
        )
        assert held(made.subject, day=date(2026, 11, 25)) == B
        assert held(made.subject, day=date(2026, 11, 24)) == []
    causes = SubjectMeasure.objects.filter(subject=made.subject, ended_on__isnull=True)
    assert set(causes.values_list("because", flat=True)) == {Because.SERVED}


def test_a_second_decision_that_is_served_carries_the_measures(grade: Any) -> None:
    first = factories.decision(decided_on=date(2026, 11, 20), served_on=None)
    grade(first.subject)
    second = factories.decision(first.subject, decided_on=date(2026, 11, 21))
    grade(first.subject)
    assert held(first.subject) == B
    act = second.violations.get()
    act.revoked_on = DAY
    act.save()
    grade(first.subject)
    assert open_rows(first.subject) == [(clause, "pending") for clause in B]


def test_what_lapses_ends_and_leaves_a_checklist(grade: Any) -> None:
    made = factories.decision(decided_on=date(2025, 12, 1))
    grade(made.subject)
    with time_machine.travel("2026-12-02 03:00+08:00", tick=False):
        grade(made.subject)
    assert open_rows(made.subject) == []
    row = SubjectMeasure.objects.filter(subject=made.subject).first()
    assert row is not None
    assert row.ended_on == date(2026, 12, 2)
    assert held(made.subject, day=date(2026, 12, 1)) == B
    assert held(made.subject, day=date(2026, 12, 2)) == []
    better = Improvement.objects.get(subject=made.subject)
    assert (better.old_grade, better.new_grade) == ("B", "")
    assert better.improved_on == date(2026, 12, 2)


def test_no_checklist_where_nothing_had_begun(grade: Any) -> None:
    made = factories.decision(decided_on=date(2026, 11, 20), served_on=None)
    grade(made.subject)
    act = made.violations.get()
    act.revoked_on = DAY
    act.save()
    grade(made.subject)
    assert not Improvement.objects.exists()


def test_sealed_acts_bring_measures_inside_alone(grade: Any) -> None:
    made = factories.decision(law="治安管理处罚法")
    grade(made.subject)
    assert held(made.subject) == B
    assert open_rows(made.subject, Sight.DISCLOSABLE) == []


def test_a_sealed_act_that_was_served_does_not_carry_an_open_one_outside(grade: Any) -> None:
    made = factories.decision(law="治安管理处罚法")
    factories.decision(made.subject, served_on=None)
    grade(made.subject)
    assert held(made.subject) == B
    assert open_rows(made.subject, Sight.DISCLOSABLE) == [(clause, "pending") for clause in B]


def test_an_open_conflict_suspends_incentives_and_its_end_brings_them_back(grade: Any) -> None:
    subject = factories.subject()
    factories.list_entry(subject, listed_on=date(2026, 1, 10))
    grade(subject)
    assert held(subject) == held(subject, disclosable=True) == A
    made = factories.decision(subject, decided_on=date(2026, 11, 20))
    grade(subject)
    assert held(subject) == held(subject, disclosable=True) == B
    assert open_rows(subject)[:4] == [(clause, "suspended") for clause in A]
    act = made.violations.get()
    act.revoked_on = DAY
    act.save()
    grade(subject)
    assert open_rows(subject) == [(clause, "in_force") for clause in A]


def test_a_conflict_from_sealed_facts_suspends_nothing_outside(grade: Any) -> None:
    subject = factories.subject()
    factories.list_entry(subject, listed_on=date(2026, 1, 10))
    grade(subject)
    factories.decision(subject, law="治安管理处罚法")
    grade(subject)
    assert held(subject) == B
    assert held(subject, disclosable=True) == A


def test_a_red_list_that_ends_ends_what_it_suspended(grade: Any) -> None:
    subject = factories.subject()
    entry = factories.list_entry(subject, listed_on=date(2026, 1, 10))
    grade(subject)
    factories.decision(subject)
    grade(subject)
    entry.removed_on, entry.closing = DAY, "removal"
    entry.closing_proposed_by, entry.closing_approved_by = entry.proposed_by, entry.approved_by
    entry.save()
    grade(subject)
    assert open_rows(subject) == [(clause, "in_force") for clause in B]


def test_c_waits_for_the_service_of_its_list_decision(grade: Any) -> None:
    subject = factories.subject()
    factories.list_entry(subject, ListKind.BLACK)
    grade(subject)
    assert open_rows(subject) == [(clause, "pending") for clause in C]
    other = factories.subject()
    factories.list_entry(other, ListKind.BLACK, taken_over=True)
    grade(other)
    assert held(other) == C


def test_the_served_list_decision_begins_the_measures_of_c() -> None:
    entry: ListEntry = factories.list_entry(None, ListKind.BLACK)
    regrade([entry.subject_id])
    paper = factories.served_list_decision(entry, DAY)
    paper_served.send(sender=Paper, paper_id=paper.pk)
    assert held(entry.subject) == C


def test_b_from_c_is_better_and_its_own_measures_begin(grade: Any) -> None:
    subject = factories.subject()
    entry = factories.list_entry(subject, ListKind.BLACK, taken_over=True)
    factories.decision(subject)
    grade(subject)
    assert held(subject) == C
    entry.removed_on, entry.closing = DAY, "removal"
    entry.closing_proposed_by, entry.closing_approved_by = entry.proposed_by, entry.approved_by
    entry.save()
    grade(subject)
    assert held(subject) == B
    better = Improvement.objects.get()
    assert (better.old_grade, better.new_grade) == ("C", "B")


def test_a_re_grade_that_is_undone_leaves_no_measures() -> None:
    made = factories.decision()
    with transaction.atomic():
        regrade([made.subject_id])
        assert SubjectMeasure.objects.exists()
        transaction.set_rollback(True)
    assert not SubjectMeasure.objects.exists()


def test_the_database_keeps_one_open_row_a_clause_and_sight() -> None:
    made = factories.decision()
    regrade([made.subject_id])
    row = SubjectMeasure.objects.filter(ended_on__isnull=True).first()
    assert row is not None
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_many_cost_no_more_statements_than_few(grade: Any) -> None:
    def statements(count: int) -> int:
        made: list[Decision] = [factories.decision() for _ in range(count)]
        with CaptureQueriesContext(connection) as seen:
            grade(*[one.subject for one in made])
        return len([one for one in seen if "sanctions_" in one["sql"]])

    assert statements(2) == statements(12) <= 4


@pytest.mark.postgres
def test_the_first_measures_of_many_are_not_compared_one_by_one() -> None:
    """On a table that was empty when it was analysed, as after a first start (quadratic then)."""
    many = 20_000
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10s'")
        cursor.execute(
            """INSERT INTO subjects_subject (credit_code, code_exception, name, name_initials, kind,
                      registry_status, address, principal, industry, created_at)
               SELECT n::text, '', '样例', '', 'company', 'active', '', '', 'other', now()
                 FROM generate_series(1, %s) n""",
            [many],
        )
        Standing.objects.bulk_create(
            Standing(subject_id=pk, grade="B", disclosable_grade="B")
            for pk in Subject.objects.values_list("pk", flat=True)
        )
        cursor.execute("ANALYZE grading_standing")
        cursor.execute("ANALYZE sanctions_subjectmeasure")
        ids = Subject.objects.order_by("pk").values_list("pk", flat=True)
        settled = settle_range(ids[0], ids[many - 1], Because.FILLED)
    assert settled.begun == many * len(B) * len(Sight)
