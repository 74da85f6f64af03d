"""The feed of changes: in order, resumable, without gaps outside, and never past a late commit."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import connection, transaction

from accounts.models import Officer
from grading import tasks
from grading.feed import changes_after, number_changes
from grading.models import FeedCounter, GradeChange, RuleSet
from grading.services import regrade
from subjects.models import Subject
from tests import factories
from tests.api.calls import caller, errors, outsider
from violations.enums import ListState
from violations.models import Violation

SEALED = "治安管理处罚法"


def graded(law: str = "保安服务管理条例", subject: Subject | None = None) -> Subject:
    """One change of the grade of an organisation."""
    decision = factories.decision(subject, decided_on=date(2026, 3, 5), law=law)
    regrade([decision.subject_id])
    return decision.subject


@pytest.mark.django_db
def test_it_is_resumed_where_it_ended(recorder: Officer) -> None:
    subjects = [graded() for _ in range(5)]
    assert number_changes() == 5
    me = caller(recorder)

    first = me.get("grade-changes/", limit=2).json()
    second = me.get("grade-changes/", limit=2, after=first["next"]).json()
    third = me.get("grade-changes/", after=second["next"]).json()
    rest = me.get("grade-changes/", after=third["next"]).json()

    seen = [one for page in (first, second, third) for one in page["results"]]
    assert [one["credit_code"] for one in seen] == [one.credit_code for one in subjects]
    assert [one["cursor"] for one in seen] == [1, 2, 3, 4, 5]
    assert rest == {"results": [], "next": third["next"]}
    assert seen[0]["old_grade"] is None
    assert (seen[0]["grade"], seen[0]["clauses"]) == ("B", ["3-B-2"])


@pytest.mark.django_db
def test_outside_only_disclosable_changes_are_seen_and_their_numbers_have_no_gaps(
    recorder: Officer,
) -> None:
    one = graded()
    sealed = graded(law=SEALED)
    graded(law=SEALED, subject=one)
    other = graded()
    number_changes()

    for who in (outsider(), caller(recorder, "grades:read")):
        body = who.get("grade-changes/").json()
        assert [(item["cursor"], item["credit_code"]) for item in body["results"]] == [
            (1, one.credit_code),
            (2, other.credit_code),
        ]
        assert sealed.credit_code not in str(body)
        assert {item["counts"]["penalties"] for item in body["results"]} == {1}
    assert len(caller(recorder).get("grade-changes/").json()["results"]) == 4


@pytest.mark.django_db
def test_numbering_again_changes_nothing_and_goes_on_from_there(recorder: Officer) -> None:
    graded()
    assert number_changes() == 1
    assert number_changes() == 0
    graded()
    assert number_changes() == 1
    assert list(changes_after(0, 10, disclosable=False).values_list("feed_number", flat=True)) == [
        1,
        2,
    ]
    assert FeedCounter.objects.get().last == 2


@pytest.mark.django_db
def test_a_change_is_in_the_feed_once_the_task_has_numbered_it(recorder: Officer) -> None:
    graded()
    assert caller(recorder).get("grade-changes/").json()["results"] == []
    tasks.number_changes()
    assert len(caller(recorder).get("grade-changes/").json()["results"]) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"after": "-1"}, "min_value"),
        ({"after": "9" * 25}, "max_value"),
        ({"after": "x"}, "invalid"),
    ],
)
def test_wrong_cursors(recorder: Officer, query: dict[str, str], code: str) -> None:
    answer = caller(recorder).get("grade-changes/", **query)
    assert (answer.status_code, errors(answer)) == (400, [("after", code)])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "ended",
    [{"revoked_on": date(2026, 5, 20)}, {"repaired_on": date(2026, 5, 20)}],
)
def test_what_was_revoked_or_repaired_since_does_not_leave_again(
    recorder: Officer, ended: dict[str, object]
) -> None:
    gone = graded()
    stays = graded()
    act = Violation.objects.get(decision__subject=gone)
    for name, value in ended.items():
        setattr(act, name, value)
    act.save()
    number_changes()

    before = outsider().get("grade-changes/").json()
    assert [one["credit_code"] for one in before["results"]] == [stays.credit_code]
    regrade([gone.pk])
    number_changes()

    whole = outsider().get("grade-changes/").json()
    said = [(one["credit_code"], one["old_grade"], one["grade"]) for one in whole["results"]]
    # The change that takes it back is told, but not what stood before.
    assert said == [(stays.credit_code, None, "B"), (gone.credit_code, None, None)]
    assert whole["next"] == 3
    assert len(caller(recorder).get("grade-changes/").json()["results"]) == 3


@pytest.mark.django_db
def test_what_a_later_rule_set_seals_does_not_leave_again(recorder: Officer) -> None:
    graded()
    number_changes()
    assert len(outsider().get("grade-changes/").json()["results"]) == 1
    RuleSet.objects.create(
        name="封存",
        effective_from=date(2026, 11, 1),
        approved_on=date(2026, 11, 1),
        laws={"保安服务管理条例": True},
    )

    assert outsider().get("grade-changes/").json() == {"results": [], "next": 1}


@pytest.mark.django_db
def test_the_cursor_passes_over_what_is_left_out(recorder: Officer) -> None:
    for subject in [graded() for _ in range(3)]:
        act = Violation.objects.get(decision__subject=subject)
        act.revoked_on = date(2026, 5, 20)
        act.save()
    last = graded()
    number_changes()

    page = outsider().get("grade-changes/", limit=1).json()

    assert [one["credit_code"] for one in page["results"]] == [last.credit_code]
    assert page["next"] == 4
    assert outsider().get("grade-changes/", after=4).json() == {"results": [], "next": 4}


@pytest.mark.django_db
def test_a_sealed_record_that_is_revoked_takes_nothing_from_the_feed(recorder: Officer) -> None:
    subject = graded()
    hidden = factories.decision(subject, decided_on=date(2026, 3, 6), law=SEALED)
    fresh = factories.decision(subject, decided_on=date(2026, 3, 7))
    regrade([subject.pk])
    number_changes()
    before = outsider().get("grade-changes/").json()
    act = hidden.violations.get()
    act.revoked_on = date(2026, 5, 20)
    act.save()

    assert fresh.subject_id == subject.pk
    assert len(before["results"]) == 2
    assert outsider().get("grade-changes/").json() == before


@pytest.mark.django_db
def test_a_revoked_list_entry_does_not_leave_again(recorder: Officer) -> None:
    entry = factories.list_entry(listed_on=date(2026, 3, 5))
    regrade([entry.subject_id])
    number_changes()
    assert len(outsider().get("grade-changes/").json()["results"]) == 1
    entry.state = ListState.REVOKED
    entry.closing_proposed_by, entry.closing_approved_by = entry.proposed_by, entry.approved_by
    entry.save()

    assert outsider().get("grade-changes/").json() == {"results": [], "next": 1}


def committed_late(subject_id: int, inserted: threading.Event, go_on: threading.Event) -> None:
    """Grade the subject in a transaction that stays open until it is told to commit."""
    try:
        with transaction.atomic():
            regrade([subject_id])
            inserted.set()
            assert go_on.wait(20)
    finally:
        connection.close()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_cursor_never_skips_what_commits_late() -> None:
    early, late = (factories.decision(decided_on=date(2026, 3, 5)).subject_id for _ in range(2))
    inserted, go_on = threading.Event(), threading.Event()
    slow = threading.Thread(target=committed_late, args=(early, inserted, go_on))
    slow.start()
    assert inserted.wait(20)
    regrade([late])  # gets the higher id and commits first
    number_changes()
    read = list(changes_after(0, 10, disclosable=False))
    go_on.set()
    slow.join(20)
    number_changes()
    resumed = list(changes_after(read[-1].feed_number or 0, 10, disclosable=False))

    assert [one.subject_id for one in read] == [late]
    assert [one.subject_id for one in resumed] == [early]
    assert resumed[0].pk < read[0].pk, "the ids are out of order: after the id it would be skipped"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_schedulers_have_the_effect_of_one() -> None:
    subjects = [factories.decision(decided_on=date(2026, 3, 5)).subject_id for _ in range(40)]
    regrade(subjects[:20])
    together = threading.Barrier(4)
    given: list[int] = []

    def schedule() -> None:
        try:
            together.wait(20)
            given.append(number_changes())
        finally:
            connection.close()

    threads = [threading.Thread(target=schedule) for _ in range(4)]
    for thread in threads:
        thread.start()
    regrade(subjects[20:])
    for thread in threads:
        thread.join(20)
    number_changes()

    numbers = GradeChange.objects.order_by("feed_number").values_list("feed_number", flat=True)
    assert list(numbers) == list(range(1, 41))
    outside = GradeChange.objects.order_by("disclosable_number")
    assert list(outside.values_list("disclosable_number", flat=True)) == list(range(1, 41))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_whoever_does_not_wait_leaves_the_work_to_who_numbers_now() -> None:
    FeedCounter.objects.create(pk=1)
    regrade([factories.decision(decided_on=date(2026, 3, 5)).subject_id])
    GradeChange.objects.update(feed_number=None, disclosable_number=None)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                FeedCounter.objects.select_for_update().get(pk=1)
                held.set()
                assert done.wait(20)
        finally:
            connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(20)
    assert number_changes(wait=False) == 0
    done.set()
    holder.join(20)
