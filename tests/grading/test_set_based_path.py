"""The set-based path over rows in the database against the plain evaluation, for many at once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import Officer
from accounts.roles import Role
from grading import bulk_sql, selectors, services
from grading.models import Cause, CountBy, GradeChange, Review, RuleSet, Standing
from grading.storing import STANDING
from sanctions.models import Improvement, SubjectMeasure
from subjects.models import Subject
from tests import factories
from tests.grading import oracle
from tests.grading.random_facts import OPEN, days, subjects
from tests.grading.test_random_facts import said
from violations.enums import FactorKind
from violations.models import Contest, Factor

TREATMENTS = {"warning": ["warning"], "breach": []}


class Store:
    """Writes plain facts down as rows; a third of the records under an entry that was merged."""

    def __init__(self) -> None:
        self.recorder = factories.officer(Role.RECORDER)
        self.reviewer: Officer = factories.officer(Role.UNIT_REVIEWER)

    def subject(self, plain: oracle.PlainSubject) -> Subject:
        survivor = factories.subject()
        merged = factories.subject()
        merged.merged_into = survivor
        merged.save()
        for number in sorted({act.decision for act in plain.acts}):
            acts = [act for act in plain.acts if act.decision == number]
            self._decision(merged if number % 3 == 2 else survivor, acts)
        for entry in plain.entries:
            factories.list_entry(
                survivor, entry.kind, entry.listed_on, entry.expires_on,
                state="published" if entry.published else "proposed", removed_on=entry.removed_on,
                proposed_by=self.recorder, approved_by=self.reviewer if entry.published else None,
            )  # fmt: skip
        for signal in plain.signals:
            Factor.objects.create(
                subject=survivor, kind=FactorKind.JOINT_PUNISHMENT, scheme="联合惩戒",
                value="列入", source="市场监管局", in_force_from=signal.begins,
                in_force_until=signal.until, recorded_by=self.recorder,
            )  # fmt: skip
        return survivor

    def _decision(self, subject: Subject, acts: list[oracle.PlainAct]) -> None:
        first = acts[0]
        decision = factories.decision(
            subject, decided_on=first.decided_on, acts=[],
            kind="breach" if first.bucket == "breach" else "penalty",
            recorded_by=self.recorder, confirmed_by=self.reviewer,
        )  # fmt: skip
        for act in acts:
            penalty = [("fine", act.fen // 100)] if act.fen and act.fen % 100 == 0 else None
            treatments = penalty or TREATMENTS.get(act.bucket, ["criticism"])
            factories.act(
                decision, treatments, law=act.law, amount_fen=act.fen, repaired_on=act.repaired_on,
                revoked_on=date(2026, 1, 1) if act.revoked else None,
            )  # fmt: skip
        for begins, until in first.contests:
            Contest.objects.create(
                decision=decision, contested_from=begins, contested_until=until, document="复议"
            )


class TestTheSetBasedPath(TestCase):
    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(subjects(), min_size=1, max_size=4), days, st.booleans())
    def test_many_at_once(
        self, plain: list[oracle.PlainSubject], day: date, by_violation: bool
    ) -> None:
        count_by = CountBy.VIOLATION if by_violation else CountBy.DECISION
        RuleSet.objects.update(count_by=count_by)
        store = Store()
        stored = {store.subject(one): one for one in plain}
        answers = dict(selectors.evaluations_on_record(day))
        services.regrade([subject.pk for subject in stored], day=day)
        for subject, one in stored.items():
            expected = oracle.answer(one, day, by_violation=by_violation)
            outside = oracle.answer(one, day, by_violation=by_violation, open_laws=[OPEN])
            turn = oracle.next_day(one, day, by_violation=by_violation)
            if subject.credit_code in answers:
                assert said(answers[subject.credit_code].internal) == expected
                assert said(answers[subject.credit_code].disclosable) == outside
                assert answers[subject.credit_code].next_change_on == turn
            else:
                assert not one.acts
                assert not one.signals
                assert not any(entry.published for entry in one.entries)
            standing = Standing.objects.get(pk=subject.pk)
            assert stored_answer(standing) == expected
            assert standing.next_change_on == turn
        one_by_one = written()
        wipe()
        services.regrade_range(0, 10**9, cause=Cause.COMMAND, day=day)
        assert written() == one_by_one
        # Nothing is left to write, by either path.
        assert services.regrade_range(0, 10**9, cause=Cause.COMMAND, day=day) == []
        assert services.regrade([subject.pk for subject in stored], day=day) == []


def written() -> tuple[list[Any], list[Any], list[Any]]:
    """The standings that say anything, the changes with what counted, and the open measures."""
    said = [name for name in STANDING if name not in ("rule_set_id", "changed_at")]
    standings = Standing.objects.exclude(earliest_on=None, grade="", flags="", next_change_on=None)
    changes = GradeChange.objects.values_list("subject_id", "grade", "flags", "counted", "entries")
    return (
        sorted(standings.values_list("subject_id", *said), key=str),
        sorted(changes, key=str),
        sorted(
            SubjectMeasure.objects.filter(ended_on__isnull=True).values_list(
                "subject_id", "measure_id", "sight", "state"
            )
        ),
    )


def wipe() -> None:
    """As if nobody had ever been graded."""
    Review.objects.all().delete()
    for model in (SubjectMeasure, Improvement, GradeChange, Standing):
        model.objects.all().delete()


def stored_answer(standing: Standing) -> tuple[str, str, int, int, int, int, str]:
    return (
        standing.grade, standing.clauses, standing.warnings, standing.penalties,
        standing.breaches, standing.amount_fen, standing.flags,
    )  # fmt: skip


@pytest.mark.django_db
def test_a_merged_entry_has_no_grade_of_its_own() -> None:
    survivor, merged = factories.subject(), factories.subject()
    factories.decision(merged, decided_on=date(2026, 3, 1))
    services.regrade([merged.pk], day=date(2026, 6, 1))
    assert Standing.objects.get(pk=merged.pk).grade == "B"
    merged.merged_into = survivor
    merged.save()
    services.regrade([merged.pk], day=date(2026, 6, 1))
    assert Standing.objects.get(pk=merged.pk).grade == ""
    assert Standing.objects.get(pk=survivor.pk).grade == "B"


@pytest.mark.postgres
@pytest.mark.django_db
def test_many_ids_are_looked_up_and_not_compared_one_by_one() -> None:
    """Compared one by one these are 1.8 thousand million comparisons; looked up, a blink."""
    many = 60_000
    left_out, params = bulk_sql.among("n", range(many))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '3s'")
        cursor.execute(
            f"SELECT count(*) FROM generate_series({many}::bigint, {2 * many}) n"
            f" WHERE NOT ({left_out})",
            params,
        )
        assert cursor.fetchone() == (many + 1,)
