"""Two entries for one organisation: merged by two persons, taken apart again, grades right."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from grading import corrections
from grading.feed import number_changes
from grading.models import GradeChange, RegradeRequest, Review
from grading.selectors import evaluations_on_record, view
from grading.services import regrade
from grading.verification import differences
from subjects.lookup import find_by_code
from subjects.models import Subject
from tests import factories
from tests.grading.correcting import REASON, agree, graded, propose, undo
from violations.correction_models import Correction
from violations.correction_subjects import MergeTarget, UnmergeTarget
from violations.errors import InvalidDecision, NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-20 09:00+08:00")]


def merge(subject: Subject, survivor: Subject) -> Correction:
    about = MergeTarget(fresh(subject), fresh(survivor))
    return agree(propose(about, about.wanted(), document="市监登记〔2026〕1号"))


def unmerge(subject: Subject, survivor: Subject) -> Correction:
    about = UnmergeTarget(fresh(subject), fresh(survivor))
    return agree(propose(about, about.wanted(), document="市监登记〔2026〕2号"))


def fresh(subject: Subject) -> Subject:
    return Subject.objects.get(pk=subject.pk)


def standing(subject: Subject) -> Any:
    return fresh(subject).standing


def settle() -> None:
    """As the worker does: everything that asks is graded."""
    open_ones = RegradeRequest.objects.filter(done_at__isnull=True)
    regrade(open_ones.values_list("subject_id", flat=True).distinct())
    assert not open_ones.exists()


@pytest.fixture
def red() -> Subject:
    """On the red list."""
    subject = factories.subject()
    factories.list_entry(subject, "red", date(2026, 1, 10))
    settle()
    return subject


@pytest.fixture
def fined() -> Subject:
    """Two warnings and a fine on record."""
    subject = factories.subject()
    for day in (date(2026, 3, 1), date(2026, 4, 1)):
        factories.decision(subject, decided_on=day, acts=[["warning"]])
    factories.decision(subject, decided_on=date(2026, 5, 1), acts=[[("fine", 400_000)]])
    settle()
    return subject


@pytest.fixture
def warned() -> Subject:
    """One warning and one fine: with ``fined`` three warnings and more than 500,000."""
    subject = factories.subject()
    factories.decision(subject, decided_on=date(2026, 6, 1), acts=[["warning"]])
    factories.decision(subject, decided_on=date(2026, 6, 2), acts=[[("fine", 200_000)]])
    settle()
    return subject


def test_records_count_for_the_survivor(fined: Subject, warned: Subject) -> None:
    merge(warned, fined)
    settle()
    now = standing(fined)
    assert (now.warnings, now.penalties, now.amount_fen) == (3, 2, 60_000_000)
    assert now.flags == "over_limit"
    assert (standing(warned).grade, standing(warned).penalties) == ("", 0)
    assert fresh(warned).merged_into == fined
    assert find_by_code(warned.credit_code) == fined


def test_the_records_stay_where_they_are_and_come_back(fined: Subject, warned: Subject) -> None:
    before = graded(fined.pk), graded(warned.pk)
    owners = list(fined.decisions.values_list("pk", flat=True))
    merge(warned, fined)
    settle()
    assert list(fined.decisions.values_list("pk", flat=True)) == owners
    unmerge(warned, fined)
    settle()
    assert (graded(fined.pk), graded(warned.pk)) == before
    assert (standing(fined).grade, standing(warned).grade) == ("B", "B")
    assert list(differences()) == []


def test_new_records_on_both_follow_their_own_entry(fined: Subject, warned: Subject) -> None:
    merge(warned, fined)
    settle()
    factories.decision(fresh(warned), decided_on=date(2026, 7, 1), acts=[[("fine", 50)]])
    factories.decision(fresh(fined), decided_on=date(2026, 7, 2), acts=[[("fine", 70)]])
    settle()
    assert standing(fined).amount_fen == 60_012_000
    unmerge(warned, fined)
    settle()
    assert standing(fined).amount_fen == 40_007_000
    assert standing(warned).amount_fen == 20_005_000


def test_red_list_and_penalties_meet_in_a_conflict(red: Subject, fined: Subject) -> None:
    assert (standing(red).grade, standing(fined).grade) == ("A", "B")
    merge(red, fined)
    settle()
    assert (standing(fined).grade, standing(fined).flags) == ("B", "list_conflict")
    assert [r.flag for r in Review.objects.filter(subject=fined, closed_at=None)] == [
        "list_conflict"
    ]
    unmerge(red, fined)
    settle()
    assert (standing(red).grade, standing(fined).grade) == ("A", "B")
    assert not Review.objects.filter(closed_at=None).exists()


def test_an_open_review_moves_to_the_survivor(fined: Subject) -> None:
    over = factories.subject()
    factories.decision(over, decided_on=date(2026, 3, 1), acts=[[("fine", 600_000)]])
    settle()
    assert Review.objects.get(closed_at=None).subject == over
    merge(over, fined)
    settle()
    assert [one.subject for one in Review.objects.filter(closed_at=None)] == [fined]
    unmerge(over, fined)
    settle()
    assert [one.subject for one in Review.objects.filter(closed_at=None)] == [over]


def test_what_was_merged_into_it_before_follows_and_goes_back(
    red: Subject, fined: Subject, warned: Subject
) -> None:
    merge(red, warned)
    done = merge(warned, fined)
    settle()
    assert (fresh(red).merged_into, fresh(warned).merged_into) == (fined, fined)
    assert standing(fined).flags == "list_conflict over_limit"
    unmerge(warned, fined)
    settle()
    assert (fresh(red).merged_into, fresh(warned).merged_into) == (warned, None)
    assert standing(warned).flags == "list_conflict"
    done.refresh_from_db()
    assert done.state == "carried_out"  # taken apart by a decision of its own, not undone


def test_undoing_a_merger_restores_every_pointer(
    red: Subject, fined: Subject, warned: Subject
) -> None:
    merge(red, warned)
    settle()
    before = graded(warned.pk), graded(fined.pk)
    undo(merge(warned, fined))
    settle()
    assert (fresh(red).merged_into, fresh(warned).merged_into) == (warned, None)
    assert (graded(warned.pk), graded(fined.pk)) == before


def test_no_chain_and_no_circle(red: Subject, fined: Subject, warned: Subject) -> None:
    merge(red, fined)
    for subject, survivor, path in (
        (red, warned, "subject"),
        (warned, red, "survivor"),
        (warned, warned, "survivor"),
        (fined, red, "survivor"),
    ):
        with pytest.raises(InvalidDecision) as refused:
            merge(subject, survivor)
        assert [fault.path for fault in refused.value.faults] == [path]
    with pytest.raises(InvalidDecision):
        unmerge(warned, fined)
    assert not Subject.objects.filter(merged_into__merged_into__isnull=False).exists()


def test_a_merger_that_others_overtook_is_stale(
    red: Subject, fined: Subject, warned: Subject
) -> None:
    about = MergeTarget(fresh(red), fresh(fined))
    waiting = propose(about, about.wanted())
    merge(fined, warned)
    with pytest.raises(corrections.StaleCorrection):
        agree(waiting)
    assert fresh(red).merged_into is None


def test_a_merger_rests_on_evidence_and_two_persons(red: Subject, fined: Subject) -> None:
    about = MergeTarget(fresh(red), fresh(fined))
    with pytest.raises(InvalidDecision) as refused:
        propose(about, about.wanted(), document="")
    (fault,) = refused.value.faults
    assert (fault.path, fault.code) == ("why.document", "missing")
    both = factories.officer("office", "approver")
    proposed = propose(about, about.wanted(), by=both)
    with pytest.raises(NotAllowed):
        agree(proposed, by=both)
    assert fresh(red).merged_into is None


def test_the_feed_tells_of_both_and_past_changes_stay(fined: Subject, warned: Subject) -> None:
    past = list(GradeChange.objects.order_by("id").values())
    merge(warned, fined)
    settle()
    number_changes()
    told = GradeChange.objects.exclude(pk__in=[one["id"] for one in past])
    assert {(one.subject_id, one.grade) for one in told} == {(fined.pk, "B"), (warned.pk, "")}
    assert all(one.causes[0]["cause"] == "merge" for one in told)
    kept = list(GradeChange.objects.filter(pk__in=[one["id"] for one in past]).order_by("id"))
    for old, new in zip(past, kept, strict=True):
        assert (old["grade"], old["counted"], old["at"]) == (new.grade, new.counted, new.at)


def test_what_was_known_before_the_merger_can_still_be_asked_for(
    fined: Subject, warned: Subject
) -> None:
    moment = timezone.now()
    with time_machine.travel("2026-11-20 10:00+08:00"):
        merge(warned, fined)
        settle()
        then = view(fined.pk, known_at=moment).now.counts
        now = view(fined.pk).now.counts
    assert (then.warnings, now.warnings) == (2, 3)


def test_the_list_of_all_grades_names_the_survivor_once(fined: Subject, warned: Subject) -> None:
    merge(warned, fined)
    codes = [code for code, _ in evaluations_on_record(date(2026, 11, 20))]
    assert codes == [fined.credit_code]


def test_the_history_of_both_entries_names_who_and_why(red: Subject, fined: Subject) -> None:
    merge(red, fined)
    row = fresh(red).history.first()
    assert row.merged_into_id == fined.pk
    assert REASON in row.history_change_reason
    assert "提出）" in row.history_change_reason  # the first person; the second is its user
    assert row.history_user.roles == {"approver"}
