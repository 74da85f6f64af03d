"""When a flag that was looked at opens the next review, and when it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
import time_machine

from grading import services
from grading.models import Cause, GradeChange, Review, Standing
from grading.services import regrade
from grading.verification import verify
from subjects.models import Subject
from tests import factories
from tests.grading.reviewing import (
    DAY,
    kept,
    three_warnings,
    warn,
)

pytestmark = pytest.mark.django_db
PERSON = "110101199003070011"


@pytest.fixture(autouse=True)
def _friday() -> Iterator[None]:
    with time_machine.travel(f"{DAY}T02:00:00+00:00", tick=False):
        yield


def open_reviews(subject: Subject) -> list[Review]:
    return list(Review.objects.filter(subject=subject, closed_at=None))


def standing(subject: Subject) -> Standing:
    return Standing.objects.get(pk=subject.pk)


def _fine(subject: Subject, amount: int = 1000) -> None:
    factories.decision(subject, decided_on=date(2026, 7, 1), acts=[[("fine", amount)]])


MORE: dict[str, Callable[[Subject], object]] = {
    "W": lambda subject: warn(subject, date(2026, 7, 1)),
    "P": lambda subject: factories.act(
        factories.decision(subject, decided_on=date(2026, 7, 1), acts=[["criticism"]]),
        ["criticism"],
    ),
    "L": lambda subject: factories.decision(subject, decided_on=date(2026, 7, 1), kind="breach"),
}


@pytest.mark.parametrize("what", sorted(MORE))
@pytest.mark.parametrize("path", ["single", "bulk"])
def test_more_than_was_looked_at_opens_the_next_in_the_same_transaction(
    what: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if path == "bulk":
        monkeypatch.setattr(services, "MANY", 1)
    review = kept(three_warnings())
    MORE[what](review.subject)
    regrade([review.subject_id])
    (again,) = open_reviews(review.subject)
    assert again.follows == review
    assert again.opened_by_change == GradeChange.objects.filter(subject=review.subject).first()


@pytest.mark.parametrize("path", ["single", "bulk"])
def test_more_money_alone_opens_the_next(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """M is the sum of either way; the count of penalties stays as it was looked at."""
    if path == "bulk":
        monkeypatch.setattr(services, "MANY", 1)
    subject = factories.subject()
    made = factories.decision(subject, decided_on=date(2026, 7, 1), acts=[[("fine", 600_000)]])
    regrade([subject.pk])
    review = kept(Review.objects.get())
    assert review.seen == (0, 1, 0, 60_000_000)
    factories.act(made, [("fine", 1)])
    regrade([subject.pk])
    assert standing(subject).penalties == 1
    assert len(open_reviews(subject)) == 1


@pytest.mark.parametrize("path", ["single", "bulk"])
def test_as_much_or_less_opens_none(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if path == "bulk":
        monkeypatch.setattr(services, "MANY", 1)
    subject = factories.subject()
    for month in (3, 4, 5, 6):
        warn(subject, date(2026, month, 1))
    regrade([subject.pk])
    kept(Review.objects.get())
    act = subject.decisions.earliest("decided_on").violations.get()
    act.revoked_on = DAY  # W falls to 3: a change, the flag stays
    act.revoked_reason = "撤销"
    act.save()
    regrade([subject.pk])
    assert standing(subject).warnings == 3
    assert open_reviews(subject) == []
    warn(subject, date(2026, 8, 1))  # and back to 4, no more than was looked at
    regrade([subject.pk])
    assert standing(subject).warnings == 4
    assert open_reviews(subject) == []


def test_the_nightly_proof_and_a_rebuild_open_nothing_that_was_kept() -> None:
    review = kept(three_warnings())
    Standing.objects.filter(pk=review.subject_id).update(grade="", flags="", warnings=0)
    verify(repair=True)
    assert standing(review.subject).flags == "over_limit"
    services.regrade_range(0, 10**9, cause=Cause.COMMAND)
    assert open_reviews(review.subject) == []


def test_a_look_holds_while_something_of_it_counts() -> None:
    review = kept(three_warnings())
    subject = review.subject
    with time_machine.travel("2027-06-01T02:00:00+00:00", tick=False):
        regrade([subject.pk], cause=Cause.TIME)
        assert standing(subject).flags == ""
    with time_machine.travel("2027-11-23T02:00:00+00:00", tick=False):  # a year and more later
        for month in (8, 9, 10):
            warn(subject, date(2027, month, 1))
        regrade([subject.pk])
        (again,) = open_reviews(subject)
        assert again.follows == review
