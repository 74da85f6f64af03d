"""Each flag opens one review: who may end it and how, and when the same flag opens the next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from core.clock import today
from core.models import AuditEntry
from core.settings_table import integer
from grading import review_tasks, services
from grading.models import Cause, GradeChange, Outcome, Review, ReviewState, Standing
from grading.review_clock import decide_by
from grading.review_services import (
    answer_for_unit,
    ask_unit,
    end_wait,
    return_proposal,
    transfer,
    withdraw_proposal,
)
from grading.services import regrade
from subjects.models import Subject
from tests import factories
from tests.grading.reviewing import (
    DAY,
    Desk,
    kept,
    red_listed_with_a_penalty,
    three_warnings,
    warn,
)
from violations.enums import ListState
from violations.errors import CaseChanged, CaseRefused, InvalidDecision, NotAllowed
from violations.models import ListEntry

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


def test_kept_with_a_reason_the_grade_stays_and_so_does_the_flag() -> None:
    review = kept(three_warnings())
    assert review.state == ReviewState.DECIDED
    assert review.seen == (3, 0, 0, 0)
    assert (standing(review.subject).grade, standing(review.subject).flags) == ("B", "over_limit")
    assert AuditEntry.objects.filter(action="review.decide").get().details["outcome"] == "keep"
    assert [row.history_user for row in review.history.all()[:2]] == [
        review.decided_by,
        review.proposed_by,
    ]


def test_a_black_list_entry_is_only_proposed_and_the_grade_does_not_change() -> None:
    desk = Desk(three_warnings())
    changes = GradeChange.objects.count()
    desk.propose(Outcome.BLACK_LIST)
    assert not ListEntry.objects.exists()  # nothing before the second person
    review = desk.decide()
    entry = ListEntry.objects.get()
    assert review.list_entry == entry
    assert (entry.state, entry.list, entry.proposed_by) == (
        ListState.PROPOSED,
        "black",
        desk.office,
    )
    assert entry.notified_on is None
    assert review.number in entry.evidence
    regrade([review.subject_id])
    assert (standing(review.subject).grade, GradeChange.objects.count()) == ("B", changes)
    assert open_reviews(review.subject) == []


def test_the_removal_of_a_red_entry_is_only_proposed() -> None:
    desk = Desk(red_listed_with_a_penalty())
    desk.propose(Outcome.RED_REMOVAL)
    review = desk.decide()
    entry = ListEntry.objects.get()
    assert review.list_entry == entry
    assert entry.awaits_closing
    assert (entry.removed_on, entry.closing_proposed_by) == (None, desk.office)


def test_what_a_flag_does_not_know_is_refused() -> None:
    with pytest.raises(InvalidDecision):
        Desk(three_warnings()).propose(Outcome.RED_REMOVAL)
    with pytest.raises(InvalidDecision):
        Desk(red_listed_with_a_penalty()).propose("nonsense")


def test_a_black_list_proposal_lacks_nothing_that_the_list_asks_for() -> None:
    desk = Desk(three_warnings())
    for lacking in ({"condition": None}, {"paper": ""}, {"term_months": 7}, {"reason": "短"}):
        with pytest.raises(InvalidDecision):
            desk.propose(Outcome.BLACK_LIST, **lacking)
    with pytest.raises(InvalidDecision, match="身份证"):
        desk.propose(reason=f"负责人 {PERSON} 已经整改完毕。")
    assert Review.objects.get().state == ReviewState.OPEN


def test_nobody_decides_an_own_proposal() -> None:
    desk = Desk(three_warnings(), office=factories.officer(Role.OFFICE, Role.APPROVER))
    review = desk.propose()
    with pytest.raises(NotAllowed, match="经办人不能担任复核人"):
        desk.decide(desk.office)
    review.decided_by, review.state = desk.office, ReviewState.DECIDED
    review.closed_at = review.proposed_at
    with pytest.raises(ValidationError, match="经办人不能担任复核人"):
        review.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        review.save()


@pytest.mark.parametrize("part", ["recorded_by", "confirmed_by", "edited"])
def test_nobody_decides_about_a_record_of_their_own(part: str) -> None:
    subject = factories.subject()
    judge = factories.officer(Role.APPROVER)
    made = factories.decision(
        subject,
        decided_on=date(2026, 6, 2),
        kind="order",
        **({part: judge} if part != "edited" else {}),  # type: ignore[arg-type]
    )
    if part == "edited":
        made.editors.create(officer=judge)
    desk = Desk(three_warnings(subject))
    desk.propose()
    with pytest.raises(NotAllowed, match="录入、修改或审核过"):
        desk.decide(judge)
    desk.decide()


def test_the_right_roles_alone() -> None:
    desk = Desk(three_warnings())
    recorder = factories.officer(Role.RECORDER)
    desk.office, office = recorder, desk.office
    with pytest.raises(NotAllowed):
        desk.propose()
    desk.office = office
    desk.propose()
    with pytest.raises(NotAllowed):
        desk.decide(factories.officer(Role.OFFICE))


def test_a_stale_version_is_refused() -> None:
    review = three_warnings()
    Desk(review).propose()
    with pytest.raises(CaseChanged):
        return_proposal(
            officer=factories.officer(Role.APPROVER),
            review_id=review.pk,
            version=1,
            remark="再核一次",
        )


def test_it_closes_by_itself_when_the_flag_goes_and_says_so() -> None:
    desk = Desk(three_warnings())
    desk.propose()
    with time_machine.travel("2027-03-02T02:00:00+00:00", tick=False):
        regrade([desk.review.subject_id], cause=Cause.TIME)
        review = Review.objects.get()
        assert (review.state, review.decided_by) == (ReviewState.LAPSED, None)
        assert "自动结束" in review.closed_because
        with pytest.raises(CaseRefused):
            desk.decide()


def test_more_on_record_after_the_proposal_is_not_decided_unseen() -> None:
    desk = Desk(three_warnings())
    desk.propose()
    warn(desk.review.subject, date(2026, 8, 1))
    with pytest.raises(CaseRefused, match="正在重新评定"):
        desk.decide()
    regrade([desk.review.subject_id])
    with pytest.raises(CaseRefused, match="计数又有增加"):
        desk.decide()
    desk.review = return_proposal(
        officer=desk.approver,
        review_id=desk.review.pk,
        version=desk.review.version,
        remark="请按现在的计数重新提出",
    )
    desk.propose()
    assert desk.decide().seen == (4, 0, 0, 0)


def test_a_unit_s_word_holds_the_deadline_and_the_proposal() -> None:
    desk = Desk(three_warnings())
    review, unit = desk.review, factories.unit()
    before = decide_by(review).day
    asked = ask_unit(
        officer=desk.office,
        review_id=review.pk,
        version=review.version,
        kind="statement",
        unit_id=unit.pk,
        question="请说明三次责令改正的整改情况。",
    )
    assert Review.objects.get().handler == desk.office
    with pytest.raises(CaseRefused, match="还在等待"):
        desk.propose()
    speaker = factories.officer(Role.UNIT_REVIEWER, unit=unit)
    foreign = factories.officer(Role.UNIT_REVIEWER, unit=factories.unit())
    with pytest.raises(type(asked).DoesNotExist):
        answer_for_unit(officer=foreign, request_id=asked.pk, answer="不是本单位的事项，不作说明。")
    with pytest.raises(NotAllowed):
        answer_for_unit(
            officer=factories.officer(Role.RECORDER, unit=unit),
            request_id=asked.pk,
            answer="已整改",
        )
    with time_machine.travel("2026-11-25T02:00:00+00:00", tick=False):
        answer_for_unit(
            officer=speaker, request_id=asked.pk, answer="三次均已按期整改完毕，有复查记录。"
        )
        review = Review.objects.get()
        # Monday to Wednesday did not count.
        assert (before, decide_by(review).day) == (date(2026, 12, 4), date(2026, 12, 9))
        with pytest.raises(CaseRefused):
            answer_for_unit(officer=speaker, request_id=asked.pk, answer="再补充说明一次整改情况。")
        desk.propose()


def test_the_office_need_not_wait_for_ever() -> None:
    desk = Desk(three_warnings())
    ask_unit(
        officer=desk.office,
        review_id=desk.review.pk,
        version=1,
        kind="material",
        unit_id=factories.unit().pk,
        question="请补充第三次责令改正的复查记录。",
    )
    end_wait(officer=desk.office, review_id=desk.review.pk, version=2, reason="单位已电话说明")
    assert desk.propose().state == ReviewState.PROPOSED


def test_another_outcome_than_the_usual_one_asks_for_a_sentence() -> None:
    for _ in range(2):
        kept(three_warnings())
    desk = Desk(three_warnings())
    with pytest.raises(InvalidDecision, match="与先例不同的理由"):
        desk.propose(Outcome.BLACK_LIST)
    desk.propose(Outcome.BLACK_LIST, differs_reason="第三次拒不整改，与先例情形不同。")
    assert desk.decide().differs_reason


def test_it_is_handed_on_and_taken_back() -> None:
    desk = Desk(three_warnings())
    colleague = factories.officer(Role.OFFICE)
    with pytest.raises(InvalidDecision):
        transfer(
            officer=desk.office,
            review_id=desk.review.pk,
            version=1,
            to_id=factories.officer(Role.RECORDER).pk,
            reason="出差一周",
        )
    transfer(
        officer=desk.office,
        review_id=desk.review.pk,
        version=1,
        to_id=colleague.pk,
        reason="出差一周",
    )
    assert Review.objects.get().handler == colleague
    review = desk.propose()
    withdraw_proposal(officer=desk.office, review_id=review.pk, version=review.version)
    assert Review.objects.get().state == ReviewState.OPEN


def test_a_proposer_who_is_disabled_opens_no_list_procedure() -> None:
    desk = Desk(three_warnings())
    desk.propose(Outcome.BLACK_LIST)
    desk.office.is_active = False
    desk.office.save()
    with pytest.raises(CaseRefused, match="已不能提请名单"):
        desk.decide()
    assert Review.objects.get().state == ReviewState.PROPOSED


def test_both_paths_open_the_same_reviews_with_as_few_statements(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    flagged = [kept(three_warnings()).subject for _ in range(4)]
    for subject in flagged[:2]:
        warn(subject, date(2026, 8, 1))
    monkeypatch.setattr(services, "MANY", 1)
    regrade([one.pk for one in flagged])
    assert sorted(Review.objects.filter(closed_at=None).values_list("subject", flat=True)) == [
        one.pk for one in flagged[:2]
    ]
    counts = []
    for chosen in ([flagged[2]], flagged):
        for subject in chosen:
            warn(subject, date(2026, 9, 1))
        with CaptureQueriesContext(connection) as asked:
            regrade([one.pk for one in chosen])
        counts.append(sum("grading_review" in one["sql"] for one in asked.captured_queries))
    assert counts[1] <= counts[0] + 1


def test_the_deadline_is_the_office_s_setting() -> None:
    assert integer("review_working_days") == 10
    assert decide_by(three_warnings()).day == date(2026, 12, 4)


def test_the_queue_names_the_cent_that_crossed_the_limit() -> None:
    subject = factories.subject()
    factories.decision(subject, acts=[[("fine", Decimal("500000.01"))]])
    regrade([subject.pk])
    office = factories.officer(Role.OFFICE, unit=factories.unit(is_office=True))
    (task,) = review_tasks.open_reviews(office, today())
    assert "罚没款 500,000.01 元" in task.title
