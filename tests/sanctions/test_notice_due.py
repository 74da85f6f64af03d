"""When somebody has to be told (5-1): once a decision counts and was served, and only then."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.roles import Role
from sanctions.notice_after import record_attempt
from sanctions.notice_due import taken_over, tasks, unserved
from sanctions.notice_register import cancel_notice, report_notice
from sanctions.notice_tasks import at_the_office, in_hand, to_tell
from sanctions.paper_tasks import list_decisions_to_issue
from tests import factories
from tests.sanctions.notice_cases import DAY, SERVED, Case, on
from violations.errors import InvalidDecision, NotAllowed
from violations.models import Decision

pytestmark = pytest.mark.django_db
FIFTH = date(2026, 11, 9)  # the fifth working day after SERVED
AFTER = date(2026, 11, 10)


def due(case: Case, day: date = DAY) -> list[int]:
    with on(day):
        return [one.record.pk for one in tasks(case.recorder, day)]


def test_a_decision_is_due_five_working_days_after_service() -> None:
    case = Case()
    with on(DAY):
        (one,) = tasks(case.recorder, DAY)
    assert (one.record, one.since, one.deadline.day) == (case.decision, SERVED, FIFTH)
    assert not one.is_late(FIFTH)
    assert one.is_late(AFTER)


def test_nothing_is_due_before_service() -> None:
    case = Case(served_on=None)
    assert due(case) == []
    with on(DAY):
        assert list(unserved(DAY)) == [case.decision]


def test_confirmed_after_service_it_is_due_from_the_confirmation() -> None:
    case = Case(confirmed_at=f"{DAY} 12:00+08:00")
    with on(DAY):
        (one,) = tasks(case.recorder, DAY)
    assert one.since == DAY


def test_also_when_the_grade_stays() -> None:
    case = Case()
    case.report(case.oral())
    with on(DAY):
        second = factories.decision(case.subject, case.unit, DAY, recorded_by=case.recorder)
    assert due(case) == [second.pk]


def test_the_acts_of_one_decision_are_one_task() -> None:
    case = Case(acts=[["warning"], [("fine", 500)], [("fine", 500)]])
    assert due(case) == [case.decision.pk]


def test_what_was_taken_over_opens_no_task_and_stands_on_a_list() -> None:
    case = Case(taken_over=True)
    assert due(case) == []
    with on(DAY):
        assert list(taken_over(DAY)) == [case.decision]
    case.report(case.oral())
    with on(DAY):
        assert list(taken_over(DAY)) == []


def test_not_when_revoked_repaired_contested_withdrawn_or_lapsed() -> None:
    case = Case()
    act = case.decision.violations.get()
    act.repaired_on = DAY
    act.save()
    assert due(case, DAY - timedelta(days=1)) == [case.decision.pk]
    assert due(case) == []
    act.repaired_on, act.revoked_on = None, DAY
    act.save()
    assert due(case, DAY - timedelta(days=1)) == []
    act.revoked_on = None
    act.save()
    assert due(case) == [case.decision.pk]
    last = date(2027, 10, 30)
    assert due(case, last) == [case.decision.pk]
    assert due(case, last + timedelta(days=1)) == []
    Decision.objects.get().save()
    case.decision.state = "withdrawn"
    case.decision.save()
    assert due(case) == []


def test_a_contest_puts_it_off_and_its_end_begins_it_anew() -> None:
    case = Case()
    contest = factories.contest(case.decision, DAY)
    assert due(case) == []
    contest.contested_until = AFTER
    contest.save()
    with on(AFTER):
        (one,) = tasks(case.recorder, AFTER)
    assert one.since == AFTER


def test_a_draft_leaves_it_due_and_what_was_cancelled_is_due_again() -> None:
    case = Case()
    draft = case.open(case.oral())
    assert due(case) == [case.decision.pk]
    with on(DAY):
        cancel_notice(
            officer=case.recorder, notice_id=draft.pk, version=draft.version, reason="误登记"
        )
    assert due(case) == [case.decision.pk]


def test_recorded_anew_it_is_not_told_again() -> None:
    case = Case()
    case.report(case.oral())
    with on(DAY):
        old = Decision.objects.get()
        old.state = "withdrawn"
        old.save()
        factories.decision(
            case.subject, case.unit, old.decided_on, recorded_by=case.recorder, replaces=old
        )
    assert due(case) == []


def test_a_black_list_entry_is_due_at_the_office() -> None:
    case = Case(black=True)
    with on(DAY):
        found = [one.record for one in tasks(case.office, DAY)]
        own = [task.title for task in to_tell(case.office, DAY)]
    assert set(found) == {case.decision, case.entry}
    assert len(own) == 1
    assert "黑名单" in own[0]
    case.report(case.interview(), officer=case.office)
    with on(DAY):
        assert tasks(case.office, DAY) == []
        assert list(to_tell(case.recorder, DAY)) == []


def test_nobody_is_told_of_a_black_list_entry_before_its_decision_is_served() -> None:
    case = Case(black=True, served_on=None)
    with on(DAY):
        assert [one.record for one in tasks(case.office, DAY)] == []
        (task,) = list_decisions_to_issue(case.office, DAY)
        assert task.subject_id == case.subject.pk
        assert list(list_decisions_to_issue(case.recorder, DAY)) == []
    with pytest.raises(InvalidDecision) as refused:
        case.report(case.interview(decision_ids=frozenset()), officer=case.office)
    assert [fault.code for fault in refused.value.faults] == ["not_served"]


def test_the_deadline_for_an_entry_runs_from_the_service_of_its_decision() -> None:
    case = Case(black=True)
    with on(DAY):
        (due_entry,) = (one for one in tasks(case.office, DAY) if one.record == case.entry)
        assert due_entry.since == SERVED
        assert list(list_decisions_to_issue(case.office, DAY)) == []


def test_another_unit_has_no_task() -> None:
    Case()
    other = factories.officer(Role.RECORDER, unit=factories.unit())
    with on(DAY):
        assert tasks(other, DAY) == []
        assert tasks(factories.officer(Role.AUDITOR), DAY) == []


def test_overdue_ones_escalate_and_say_why() -> None:
    case = Case()
    with on(FIFTH):
        assert list(to_tell(case.office, FIFTH)) == []
    with on(AFTER):
        (task,) = to_tell(case.office, AFTER)
        assert (task.unit_id, task.late_because) == (case.unit.pk, "未登记原因")
        record_attempt(
            officer=case.recorder,
            decision_id=case.decision.pk,
            on=FIFTH,
            hindrance="refused",
            remark="负责人拒绝到场",
        )
        (task,) = to_tell(case.recorder, AFTER)
    assert task.late_because == "拒绝接受（2026-11-09）"
    assert task.url.endswith(f"?decision={case.decision.pk}")


def test_an_attempt_says_what_stood_in_the_way_and_is_of_the_own_unit() -> None:
    case = Case()
    other = factories.officer(Role.RECORDER, unit=factories.unit())
    auditor = factories.officer(Role.AUDITOR, unit=case.unit)
    said: dict[str, Any] = {
        "decision_id": case.decision.pk,
        "hindrance": "absent",
        "remark": "电话无人接听",
    }
    with on(DAY):
        with pytest.raises(Decision.DoesNotExist):
            record_attempt(officer=other, on=DAY, **said)
        with pytest.raises(NotAllowed):
            record_attempt(officer=auditor, on=DAY, **said)
        with pytest.raises(NotAllowed):
            record_attempt(officer=case.recorder, entry_id=1, on=DAY, hindrance="x", remark="")
        with pytest.raises(InvalidDecision) as refused:
            record_attempt(
                officer=case.recorder,
                decision_id=case.decision.pk,
                on=SERVED - timedelta(days=1),
                hindrance="",
                remark="",
            )
    assert {fault.path for fault in refused.value.faults} == {"on", "hindrance", "remark"}


def test_what_was_held_is_to_be_reported_in_three_working_days() -> None:
    case = Case()
    draft = case.open(case.oral())
    with on(DAY):
        (task,) = in_hand(case.recorder, DAY)
        assert (task.kind, task.deadline and task.deadline.day) == ("notice.report", FIFTH)
        report_notice(officer=case.recorder, notice_id=draft.pk, version=draft.version)
        assert list(in_hand(case.recorder, DAY)) == []
        (task,) = at_the_office(case.office, DAY)
        assert (task.kind, task.unit_id) == ("notice.keep", None)
        assert list(at_the_office(case.recorder, DAY)) == []
