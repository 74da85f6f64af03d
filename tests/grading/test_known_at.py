"""A past grade asked in two ways: as of a day with what is known now, or as it was known then."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from grading import selectors
from subjects.models import Subject
from tests import factories
from tests.grading.build import record
from tests.grading.worked_cases import BLACK, d, fine
from violations.models import Factor

pytestmark = pytest.mark.django_db
JUNE = date(2026, 6, 1)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def subject() -> Subject:
    """Fined in March (recorded in April), contested in May, revoked in July."""
    with time_machine.travel("2026-04-10 10:00:00+08:00", tick=False):
        made = record([fine("2026-03-01", 500)])
    with time_machine.travel("2026-05-10 10:00:00+08:00", tick=False):
        contest = factories.contest(made.decisions.get(), d("2026-05-05"))
    with time_machine.travel("2026-05-20 10:00:00+08:00", tick=False):
        contest.contested_until = d("2026-05-15")
        contest.save()
    with time_machine.travel("2026-07-10 10:00:00+08:00", tick=False):
        violation = made.decisions.get().violations.get()
        violation.revoked_on = d("2026-07-10")
        violation.save()
    return made


@pytest.mark.parametrize(
    ("day", "known_at", "grade"),
    [
        ("2026-04-01", "2026-04-09T00:00", ""),  # not recorded yet
        ("2026-04-01", "2026-04-11T00:00", "B"),  # recorded late, counts from its own day
        ("2026-05-08", "2026-05-11T00:00", ""),  # contested without end
        ("2026-05-16", "2026-05-11T00:00", ""),
        ("2026-05-16", "2026-05-21T00:00", "B"),  # the contest is over
        ("2026-05-16", "2026-07-11T00:00", ""),  # revoked: on no day, past days included
        ("2026-05-16", None, ""),
    ],
)
def test_as_known_then(subject: Subject, day: str, known_at: str | None, grade: str) -> None:
    known = moment(known_at) if known_at else None
    assert selectors.view(subject.pk, d(day), known_at=known).now.decided.grade == grade


def test_lists_factors_and_merging_as_known_then() -> None:
    with time_machine.travel("2026-05-02 10:00:00+08:00", tick=False):
        merged, survivor = record([BLACK]), factories.subject()
        factor = Factor.objects.create(
            subject=survivor, kind="discipline_list", scheme="失信惩戒名单", value="列入",
            source="市信用办", in_force_from=d("2026-05-01"), recorded_by=factories.officer(),
        )  # fmt: skip
    with time_machine.travel("2026-05-12 10:00:00+08:00", tick=False):
        merged.merged_into = survivor
        merged.save()
        factor.revoked_on = d("2026-05-12")
        factor.save()
    then, now = moment("2026-05-10T00:00"), moment("2026-05-13T00:00")
    before = selectors.view(survivor.pk, JUNE, known_at=then).now.decided
    after = selectors.view(survivor.pk, JUNE, known_at=now).now.decided
    assert (before.grade, before.flags) == ("", ("outside_signal",))
    assert (after.grade, after.flags) == ("C", ())
    codes = dict(selectors.evaluations_on_record(JUNE, known_at=then))
    assert codes[merged.credit_code].internal.decided.grade == "C"
    assert dict(selectors.evaluations_on_record(JUNE, known_at=moment("2026-05-01T00:00"))) == {}


def test_now_and_known_now_are_the_same(subject: Subject) -> None:
    record([fine("2026-02-01", 7), BLACK], subject)
    live = dict(selectors.evaluations_on_record(JUNE))
    known = dict(selectors.evaluations_on_record(JUNE, known_at=moment("2099-01-01T00:00")))
    assert live == known


def test_a_rule_set_that_was_not_approved_then_does_not_apply() -> None:
    view = selectors.view(factories.subject().pk, JUNE, known_at=moment("2021-12-01T00:00"))
    assert view.now.rules is None
