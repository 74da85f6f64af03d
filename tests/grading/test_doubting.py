"""A full re-grade does not take a stored outcome for right because its counts are."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from grading import services
from grading.models import Cause, Standing
from subjects.models import Subject
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)
OPEN_LAW = "保安服务管理条例"


def full(cause: Cause = Cause.COMMAND) -> None:
    services.regrade_range(0, 10**9, cause=cause, day=DAY)


@pytest.fixture
def subject() -> Subject:
    """One fine and one warning that both count, under a law that is not sealed."""
    made = factories.subject()
    factories.decision(made, decided_on=date(2026, 3, 1), acts=[[("fine", 500)]], law=OPEN_LAW)
    factories.decision(made, decided_on=date(2026, 4, 1), acts=[["warning"]], law=OPEN_LAW)
    full()
    standing = Standing.objects.get(pk=made.pk)
    assert (standing.grade, standing.disclosable_grade) == ("B", "B")
    return made


@pytest.mark.parametrize(
    "wrong",
    [
        {"clauses": "3-B-1"},
        {"exceeded": "3-B-2"},
        {"flags": "over_limit"},
        {"disclosable_grade": ""},
        {"disclosable_clauses": "3-B-3"},
        {"disclosable_flags": "over_limit"},
        {"next_change_on": date(2026, 12, 24)},
        {"disclosable_next_change_on": None},
        {"disclosable_next_change_on": date(2026, 12, 24)},
    ],
    ids=lambda wrong: "-".join(f"{key}={value}" for key, value in wrong.items()),
)
def test_a_wrong_outcome_beside_right_counts_is_mended(
    subject: Subject, wrong: dict[str, Any]
) -> None:
    right = Standing.objects.filter(pk=subject.pk).values(*wrong).get()
    Standing.objects.filter(pk=subject.pk).update(**wrong)
    full()
    assert Standing.objects.filter(pk=subject.pk).values(*wrong).get() == right


@pytest.mark.parametrize("wrong", [{"warnings": 2}, {"disclosable_amount_fen": 7}])
def test_counts_that_nothing_stands_behind_are_taken_back(wrong: dict[str, Any]) -> None:
    nobody = factories.subject()
    Standing.objects.create(subject=nobody, **wrong)
    full()
    assert Standing.objects.filter(pk=nobody.pk).values(*wrong).get() == dict.fromkeys(wrong, 0)


def test_what_is_right_is_left_alone(subject: Subject) -> None:
    before = Standing.objects.filter(pk=subject.pk).values().get()
    full()
    assert Standing.objects.filter(pk=subject.pk).values().get() == before
