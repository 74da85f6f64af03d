"""Single visits, their results as factors, inspectors drawn anew, conflicts of interest."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.roles import Role
from core.clock import today
from core.models import AuditEntry
from grading.models import GradeChange
from grading.services import regrade
from sanctions.inspection_conflicts import conflicts_of, declare_interest, end_interest
from sanctions.inspection_enums import Outcome, VisitState
from sanctions.inspection_models import Inspection
from sanctions.inspection_results import ResultInput, record_result, reopen_result
from sanctions.inspection_tasks import draws, follow_ups, free_places, visits
from sanctions.inspection_visits import (
    VisitInput,
    excuse_visit,
    order_visit,
    replace_inspector,
    replace_leaver,
    to_reassign,
)
from sanctions.measure_enums import MeasureState
from tests import factories
from tests.sanctions.inspection_cases import (
    drawn,
    frozen,
    graded,
    inspectors,
    planner,
    station,
    visit,
)
from violations.errors import CaseChanged, CaseRefused, InvalidDecision, NotAllowed
from violations.models import Factor

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CLEAN = ResultInput(today(), Outcome.CLEAN)


def ordered(subject: Any, reason: str, document: str = "", **changes: Any) -> Inspection:
    data = VisitInput(
        credit_code=subject.credit_code,
        reason=reason,
        unit_code=station().code,
        due_on=today() + 5 * DAY,
        document=document,
    )
    return order_visit(officer=planner(), data=replace(data, **changes))


def test_a_routine_visit_to_an_a_organisation_is_blocked_with_the_clause() -> None:
    inspectors()
    best = graded("A", name="舞钢市样例青禾有限公司")
    with pytest.raises(InvalidDecision, match=r"免于日常巡查检查.*4-A-2"):
        ordered(best, "routine")
    with pytest.raises(InvalidDecision, match="受理编号或文号"):
        ordered(best, "complaint")
    made = ordered(best, "complaint", "举报受理 2026-118 号")
    assert (made.grade, made.is_exempt, made.document) == ("A", True, "举报受理 2026-118 号")
    assert ordered(best, "campaign", "舞公〔2026〕9号").pk
    assert ordered(graded("A", state=MeasureState.SUSPENDED), "routine").pk
    assert ordered(graded("B"), "routine").pk
    with pytest.raises(InvalidDecision, match="检查事由"):
        ordered(best, "key")


def test_the_database_itself_holds_what_the_clause_says() -> None:
    two, best = inspectors(2), graded("A")
    for name, changes in (
        ("inspection_routine_never_of_exempt", {"is_exempt": True}),
        ("inspection_exception_is_named", {"reason": "complaint"}),
        ("inspection_two_inspectors", {"second": two[0]}),
        ("inspection_planner_does_not_inspect", {"ordered_by": two[1]}),
        ("inspection_done_has_a_result", {"state": "done"}),
        ("inspection_excused_for_a_reason", {"state": "excused"}),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            visit(best, two, **changes)
    stranger = planner()
    with (
        pytest.raises(IntegrityError, match="inspection_done_has_a_result"),
        transaction.atomic(),
    ):
        visit(best, two, state="done", outcome="clean", visited_on=today(), recorded_by=stranger)


def test_what_is_wrong_with_a_single_visit_is_said() -> None:
    inspectors()
    one = graded("")
    for changes, words in (
        ({"credit_code": factories.credit_code(7)}, "没有登记"),
        ({"due_on": None}, "期限"),
        ({"due_on": today() - DAY}, "早于今天"),
        ({"unit_code": "x"}, "检查单位"),
        ({"unit_code": factories.unit("WG-E", "空所").code}, "不足 2 人"),
    ):
        with pytest.raises(InvalidDecision, match=words):
            ordered(one, "routine", **changes)
    with pytest.raises(InvalidDecision, match="身份证"):
        ordered(one, "complaint", "举报人 11010519491231002X")


def test_a_result_becomes_a_factor_for_a_year_and_changes_no_grade() -> None:
    two = inspectors(2)
    one = visit(two=two)
    regrade([one.subject_id])
    changes = GradeChange.objects.count()
    data = ResultInput(today(), Outcome.MENDED, "登记簿缺 2 页，当场补齐。")
    done = record_result(officer=two[1], visit_id=one.pk, version=1, data=data)
    factor = Factor.objects.get()
    assert done.factor == factor
    assert (factor.kind, factor.scheme) == ("inspection", "监督检查（日常检查）")
    assert factor.value == f"发现问题，当场改正（{one.pk} 号）"
    assert factor.in_force_from == today()
    assert factor.in_force_until is not None
    assert factor.in_force_until - today() in (365 * DAY, 366 * DAY)
    regrade([one.subject_id])
    assert GradeChange.objects.count() == changes
    assert AuditEntry.objects.filter(action="inspection.record").exists()


def test_a_reviewer_without_the_right_to_factors_records_a_result_as_well() -> None:
    first = factories.officer(Role.UNIT_REVIEWER, unit=station())
    one = visit(two=[first, *inspectors(1)])
    assert record_result(officer=first, visit_id=one.pk, version=1, data=CLEAN).factor


def test_a_closed_door_says_nothing_about_the_organisation() -> None:
    two = inspectors(2)
    one = visit(two=two)
    data = ResultInput(today(), Outcome.CLOSED, "门店停业，房东称已搬走。")
    assert record_result(officer=two[0], visit_id=one.pk, version=1, data=data).factor is None


def test_only_the_two_who_were_drawn_record_and_what_is_wrong_is_said() -> None:
    two = inspectors(2)
    one = visit(two=two)
    given: dict[str, Any] = {"visit_id": one.pk, "version": 1}
    with pytest.raises(NotAllowed, match="不是此次检查"):
        record_result(officer=inspectors(1)[0], data=CLEAN, **given)
    with pytest.raises(NotAllowed, match="角色"):
        record_result(officer=factories.officer(Role.APPROVER), data=CLEAN, **given)
    for changes, words in (
        ({"visited_on": None}, "检查日期"),
        ({"visited_on": today() + DAY}, "晚于今天"),
        ({"visited_on": today() - DAY}, "早于安排日期"),
        ({"outcome": ""}, "检查结果"),
        ({"outcome": Outcome.ORDER}, "检查情况"),
        ({"outcome": Outcome.ORDER, "found": "无", "correct_by": today()}, "改正期限"),
        ({"found": "法人 11010519491231002X"}, "身份证"),
    ):
        with pytest.raises(InvalidDecision, match=words):
            record_result(officer=two[0], data=replace(CLEAN, **changes), **given)
    with pytest.raises(CaseChanged):
        record_result(officer=two[0], data=CLEAN, visit_id=one.pk, version=9)
    record_result(officer=two[0], data=CLEAN, **given)
    with pytest.raises(CaseRefused, match="重复登记"):
        record_result(officer=two[0], data=CLEAN, visit_id=one.pk, version=2)


def test_who_became_a_since_the_draw_is_not_visited_routinely() -> None:
    two = inspectors(2)
    one = visit(graded("A"), two)
    with pytest.raises(CaseRefused, match="4-A-2"):
        record_result(officer=two[0], visit_id=one.pk, version=1, data=CLEAN)
    done = excuse_visit(officer=planner(), visit_id=one.pk, version=1, reason="已列入红名单")
    assert done.state == VisitState.EXCUSED
    with pytest.raises(CaseRefused, match="不再调整"):
        excuse_visit(officer=planner(), visit_id=one.pk, version=2, reason="再来")


def test_a_wrong_result_is_taken_back_with_its_factor_and_recorded_anew() -> None:
    two = inspectors(2)
    one = visit(two=two)
    record_result(officer=two[0], visit_id=one.pk, version=1, data=CLEAN)
    given = {"reason": "登记到了另一家", "document": "检查笔录"}
    with pytest.raises(NotAllowed):
        reopen_result(officer=two[0], visit_id=one.pk, version=2, **given)
    back = reopen_result(officer=planner(), visit_id=one.pk, version=2, **given)
    assert (back.state, back.outcome, back.factor) == ("open", "", None)
    assert Factor.objects.get().revoked_on == today()
    data = ResultInput(today(), Outcome.CLEAN)
    assert record_result(officer=two[0], visit_id=one.pk, version=3, data=data).factor
    assert one.history.count() == 4


# --- inspectors ----------------------------------------------------------------------------------


def test_an_inspector_who_left_is_replaced_by_the_next_of_the_same_seed() -> None:
    three = inspectors(3)
    graded("C")
    plan = drawn(frozen())
    one = plan.inspections.get()
    gone = one.first
    assert gone is not None
    gone.is_active = False
    gone.save()
    assert list(to_reassign()) == [one]
    mine = planner()
    with pytest.raises(InvalidDecision, match="不是此次检查"):
        replace_inspector(
            officer=mine, visit_id=one.pk, version=1, leaving_id=mine.pk, reason="调离"
        )
    assert replace_leaver(officer=mine, leaver=gone, reason="调离") == 1
    one.refresh_from_db()
    assert set(one.inspector_ids) == {officer.pk for officer in three} - {gone.pk}
    assert not to_reassign().exists()
    with pytest.raises(InvalidDecision, match="另一单位支援"):
        replace_leaver(officer=mine, leaver=three[0] if three[0] != gone else three[1], reason="病")
    help_from = factories.unit("WG-ZL", "朱兰派出所")
    inspectors(2, help_from)
    lent = replace_inspector(
        officer=mine,
        visit_id=one.pk,
        version=2,
        leaving_id=one.first_id,
        reason="借调",
        unit_code=help_from.code,
    )
    assert lent.helped_by == help_from
    assert not to_reassign().exists()


def test_an_inspector_moved_to_another_unit_leaves_the_place() -> None:
    two = inspectors(2)
    one = visit(two=two)
    two[1].unit = factories.unit("WG-ZL", "朱兰派出所")
    two[1].save()
    assert list(to_reassign()) == [one]


def test_conflicts_are_declared_by_oneself_or_the_office_and_ended_by_the_office() -> None:
    mine, other = inspectors(2)
    one, office = graded(""), planner()
    given: dict[str, Any] = {"credit_code": one.credit_code, "ground": "relative"}
    made = declare_interest(officer=mine, **given)
    with pytest.raises(InvalidDecision, match="已登记"):
        declare_interest(officer=mine, **given)
    with pytest.raises(NotAllowed, match="本人"):
        declare_interest(officer=mine, about=other, **given)
    assert declare_interest(officer=office, about=other, **given).officer == other
    assert conflicts_of([mine.pk, other.pk], today()) == {(one.pk, mine.pk), (one.pk, other.pk)}
    with pytest.raises(NotAllowed):
        end_interest(officer=mine, interest_id=made.pk, reason="已不任职")
    end_interest(officer=office, interest_id=made.pk, reason="已不任职")
    assert conflicts_of([mine.pk, other.pk], today()) == {(one.pk, other.pk)}


def test_whoever_handled_a_decision_stays_away_only_while_it_is_contested() -> None:
    recorder, *others = inspectors(3)
    one = graded("B")
    about = factories.decision(one, station(), recorded_by=recorder)
    assert conflicts_of([recorder.pk], today()) == set()
    factories.contest(about, today())
    assert conflicts_of([recorder.pk], today()) == {(one.pk, recorder.pk)}
    made = ordered(one, "routine")
    assert set(made.inspector_ids) == {officer.pk for officer in others}


def test_a_conflict_found_later_keeps_the_inspector_from_recording() -> None:
    two = inspectors(2)
    one = visit(two=two)
    declare_interest(officer=two[0], credit_code=one.subject.credit_code, ground="business")
    with pytest.raises(NotAllowed, match="回避"):
        record_result(officer=two[0], visit_id=one.pk, version=1, data=CLEAN)
    assert list(to_reassign()) == [one]


# --- scope and open tasks ------------------------------------------------------------------------


def test_another_unit_s_visits_do_not_exist_for_a_unit() -> None:
    two = inspectors(2)
    one = visit(two=two)
    elsewhere = inspectors(1, factories.unit("WG-ZL", "朱兰派出所"))[0]
    assert list(Inspection.objects.visible_to(elsewhere)) == []
    assert list(Inspection.objects.visible_to(two[0])) == [one]
    assert list(Inspection.objects.visible_to(planner())) == [one]
    assert list(Inspection.objects.visible_to(factories.officer(Role.WINDOW))) == []
    one.second = elsewhere
    one.save()
    assert list(Inspection.objects.visible_to(elsewhere)) == [one]


def test_open_tasks_say_who_does_what_until_when() -> None:
    two = inspectors(2)
    one, office = visit(two=two), planner()
    (mine,) = visits(two[1], today())
    assert (mine.officer_id, mine.deadline and mine.deadline.day) == (two[1].pk, one.due_on)
    assert not list(visits(factories.officer(Role.APPROVER), today()))
    plan = frozen(office)
    (own,) = draws(office, today())
    assert own.waits_for == "局办公室另一人"
    (others,) = draws(planner(), today())
    assert (others.waits_for, str(plan.pk) in others.url) == ("", True)
    one.first = None
    one.second = None
    one.save()
    assert [task.kind for task in free_places(office, today())] == ["inspection.reassign"]
    assert not list(free_places(two[0], today()))


def test_a_decision_that_is_expected_stays_a_task_until_it_is_entered() -> None:
    two = inspectors(2)
    one = visit(two=two)
    data = ResultInput(today(), Outcome.ORDER, "消防通道堆放杂物。", today() + 7 * DAY)
    record_result(officer=two[0], visit_id=one.pk, version=1, data=data)
    (task,) = follow_ups(two[0], today())
    assert (task.kind, task.officer_id) == ("inspection.follow", two[0].pk)
    factories.decision(one.subject, station(), kind="order", state="draft", recorded_by=two[0])
    assert not list(follow_ups(two[0], today()))


@pytest.mark.parametrize(
    ("data", "paths"),
    [
        (ResultInput(today(), Outcome.ORDER, "消防通道堆放杂物。"), {"correct_by"}),
        (ResultInput(None, Outcome.ORDER), {"visited_on", "found", "correct_by"}),
        (ResultInput(None, ""), {"visited_on", "outcome"}),
    ],
)
def test_all_that_a_result_lacks_is_said_at_once(data: ResultInput, paths: set[str]) -> None:
    two = inspectors(2)
    one = visit(two=two)
    with pytest.raises(InvalidDecision) as said:
        record_result(officer=two[0], visit_id=one.pk, version=1, data=data)
    assert {fault.path for fault in said.value.faults} == paths
