"""What a list entry would do to the grade, before anybody approves it; and conflicts at once."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.db import transaction

from accounts.roles import Role
from grading.list_conflicts import red_list_conflicts
from grading.list_preview import preview_closing, preview_listing
from grading.models import RegradeRequest, Review
from grading.services import regrade
from tests import factories
from violations.confirming import confirm_decision
from violations.enums import DecisionState, ListKind

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)


@pytest.fixture(autouse=True)
def _on_the_day():  # type: ignore[no-untyped-def]
    with time_machine.travel("2026-06-01 09:00+08:00", tick=False):
        yield


def test_listing_is_previewed_on_the_day_it_begins() -> None:
    subject = factories.subject()
    factories.decision(subject, decided_on=date(2025, 6, 2))  # counts up to 2026-06-02
    for begins, before in ((DAY, "B"), (date(2026, 6, 3), "")):
        seen = preview_listing(
            subject, list_kind="black", listed_on=begins, expires_on=date(2027, 6, 1)
        )
        assert (seen.day, seen.before.decided.grade, seen.after.decided.grade) == (
            begins,
            before,
            "C",
        )
    assert not RegradeRequest.objects.filter(cause="list_entry").exists()


def test_an_organisation_not_registered_has_no_grade_before() -> None:
    seen = preview_listing(None, list_kind="red", listed_on=DAY, expires_on=date(2027, 6, 1))
    assert (seen.before.decided.grade, seen.after.decided.grade) == ("", "A")


def test_the_preview_is_the_grade_that_follows() -> None:
    entry = factories.list_entry(list=ListKind.BLACK, listed_on=date(2026, 5, 1))
    factories.decision(entry.subject, decided_on=date(2026, 4, 1))
    for closing, day in (("removal", date(2026, 6, 10)), ("revocation", None)):
        seen = preview_closing(entry, closing=closing, on=day)
        assert (seen.before.decided.grade, seen.after.decided.grade) == ("C", "B")


def test_a_penalty_for_the_red_list_is_seen_before_any_worker_has_run() -> None:
    entry = factories.list_entry(listed_on=date(2026, 5, 1))
    unit = factories.unit()
    decision = factories.decision(
        entry.subject,
        unit,
        state=DecisionState.SUBMITTED,
        recorded_by=factories.officer(Role.RECORDER, unit=unit),
    )
    regrade([entry.subject_id])
    assert red_list_conflicts() == []
    with transaction.atomic():
        confirm_decision(
            officer=factories.officer(Role.UNIT_REVIEWER, unit=unit),
            decision_id=decision.pk,
            version=decision.version,
        )
    (conflict,) = red_list_conflicts()
    assert conflict.entry == entry
    assert conflict.now.decided.grade == "B"
    assert not Review.objects.exists()  # the worker comes later
    regrade([entry.subject_id])
    assert Review.objects.get().flag == "list_conflict"
    assert [one.entry for one in red_list_conflicts()] == [entry]


def test_what_a_merged_entry_did_contradicts_the_survivor_s_red_list() -> None:
    entry = factories.list_entry(listed_on=date(2026, 5, 1))
    other = factories.subject()
    factories.decision(other, decided_on=date(2026, 4, 1))
    other.merged_into = entry.subject
    other.save()
    assert [one.entry for one in red_list_conflicts()] == [entry]


def test_an_entry_that_ended_contradicts_nothing() -> None:
    entry = factories.list_entry(listed_on=date(2026, 1, 1), expires_on=date(2026, 5, 31))
    factories.decision(entry.subject, decided_on=date(2026, 4, 1))
    assert red_list_conflicts() == []
