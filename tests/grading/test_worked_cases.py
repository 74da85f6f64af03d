"""Every row of the worked cases of domain.md §3, from rows in the database to the answer."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from grading import selectors
from grading.models import CountBy, RuleSet
from tests.grading.build import record, spoken
from tests.grading.worked_cases import CASES, Case, d

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_the_table_gives(case: Case) -> None:
    if case.by_violation:
        RuleSet.objects.update(count_by=CountBy.VIOLATION)
    subject = record(case.facts)
    view = selectors.view(subject.pk, d(case.day))
    expected_money = str(int(Decimal(case.amount) * 100))
    assert spoken(view.now) == (
        case.grade, case.clauses, case.counts, expected_money, case.flags,
    )  # fmt: skip
    upcoming = d(case.next_change_on) if case.next_change_on else None
    assert view.both.next_change_on == upcoming


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_nothing_differs_before_the_day_that_is_named(case: Case) -> None:
    if case.by_violation:
        RuleSet.objects.update(count_by=CountBy.VIOLATION)
    subject = record(case.facts)
    now = selectors.view(subject.pk, d(case.day))
    turn = now.both.next_change_on
    if turn is None:
        return
    eve = selectors.view(subject.pk, turn - timedelta(days=1))
    then = selectors.view(subject.pk, turn)
    assert eve.now.outcome == now.now.outcome
    assert then.now.outcome != now.now.outcome


def test_before_the_first_rule_set_there_is_no_grade() -> None:
    subject = record(next(case for case in CASES if case.name == "black list").facts)
    RuleSet.objects.update(effective_from=d("2030-01-01"))
    view = selectors.view(subject.pk, d("2026-06-01"))
    assert view.now.rules is None
    assert view.now.decided.grade == ""
    # The term of the entry ends before the rule set begins: nothing will ever differ.
    assert view.both.next_change_on is None


def test_a_rule_set_never_applies_before_its_approval() -> None:
    subject = record(next(case for case in CASES if case.name == "two breaches").facts)
    RuleSet.objects.create(
        name="更严", effective_from=d("2026-01-01"), approved_on=d("2026-08-01"), breach_limit=2
    )
    june = selectors.view(subject.pk, d("2026-06-01"))
    assert june.now.decided.clauses == ("3-B-3",)
    assert june.both.next_change_on == d("2026-08-01")
    august = selectors.view(subject.pk, d("2026-08-01"))
    assert august.now.decided.exceeded == ("3-B-3",)
    assert august.now.decided.flags == ("over_limit",)
