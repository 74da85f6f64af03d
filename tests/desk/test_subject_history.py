"""A file's history: in the order of entry, with the day of the event, words only to readers."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import Officer
from accounts.roles import Role
from desk.history_row import Row
from desk.subject_history import rows_of
from grading.models import Cause
from grading.services import regrade
from subjects.models import Subject
from tests import factories
from violations.enums import DecisionState, ListKind
from violations.models import Violation

pytestmark = pytest.mark.django_db


def at(day: int, hour: int = 2) -> time_machine.travel:
    return time_machine.travel(datetime(2026, 11, day, hour, tzinfo=UTC), tick=False)


def lived() -> tuple[Subject, Violation]:
    """Registered on the 1st, decided on the 10th, entered on the 12th, revoked on the 20th."""
    with at(1):
        subject = factories.subject(address="样例路 11 号")
    with at(12):
        decision = factories.decision(
            subject, factories.unit("WG-HB"), date(2026, 11, 10), number="舞公罚〔2026〕7号"
        )
        regrade([subject.pk], cause=Cause.DECISION)
    with at(15):
        subject.address = "样例路 1 号"
        subject._change_reason = "原录入笔误"  # type: ignore[attr-defined]
        subject.save()
    act = decision.violations.get()
    with at(20):
        act.revoked_on, act.revoked_reason = date(2026, 11, 19), "异议成立，认定撤销"
        act.save()
        regrade([subject.pk], cause=Cause.REVOCATION)
    return subject, act


def told(subject: Subject, officer: Officer, only: str = "") -> list[Row]:
    rows, left_out = rows_of(subject, officer, only=only)
    assert left_out == 0
    return rows


def test_rows_stand_in_the_order_of_entry_with_the_day_of_the_event() -> None:
    subject, _ = lived()
    rows = told(subject, factories.officer(Role.OFFICE))
    assert [row.at for row in rows] == sorted((row.at for row in rows), reverse=True)
    entered = next(row for row in rows if row.words.startswith("审核同意"))
    assert (entered.at.day, entered.event_on) == (12, date(2026, 11, 10))
    revoked = next(row for row in rows if row.after == "已撤销")
    assert (revoked.at.day, revoked.event_on) == (20, date(2026, 11, 19))


def test_grade_changes_say_from_what_to_what_and_why() -> None:
    subject, _ = lived()
    last, first = told(subject, factories.officer(Role.OFFICE), only="grade")
    assert (first.before, first.after) == ("未定级", "B 一般失信")
    assert first.reason == "处理决定；处罚 0 → 1 件；罚没款 0 → 20,000 元；依据 三（二）B 级 条件 2"
    assert (last.before, last.after) == ("B 一般失信", "未定级")
    assert "撤销" in last.reason


def test_a_mended_particular_shows_both_values_and_the_reason() -> None:
    subject, _ = lived()
    mended = told(subject, factories.officer(Role.OFFICE), only="subject")[0]
    assert (mended.before, mended.after) == ("样例路 11 号", "样例路 1 号")
    assert mended.reason == "原录入笔误"


def test_reasons_of_another_units_records_are_not_told() -> None:
    subject, _ = lived()
    foreign = told(subject, factories.officer(Role.RECORDER), only="record")
    assert [row.after for row in foreign if row.after] == ["已撤销"]
    assert all(row.reason == "" for row in foreign)
    own = factories.officer(Role.RECORDER, unit=factories.unit("WG-HB"))
    assert any("异议成立" in row.reason for row in told(subject, own, only="record"))


def test_steps_before_a_decision_is_in_force_are_told_to_its_readers_alone() -> None:
    subject = factories.subject()
    there = factories.unit("WG-HB")
    decision = factories.decision(subject, there, state=DecisionState.DRAFT)
    steps = (("submitted", ""), ("draft", "金额有误"), ("submitted", ""), ("draft", ""))
    for state, remark in steps:
        decision.state, decision.returned_remark = DecisionState(state), remark
        decision.save()
    assert told(subject, factories.officer(Role.RECORDER), only="record") == []
    own = told(subject, factories.officer(Role.RECORDER, unit=there), only="record")
    assert [row.words.split()[0] for row in own] == [
        "修改，回到草稿",  # by the unit itself: nobody returned it
        "提交审核",
        "退回更正",
        "提交审核",
        "录入",
    ]
    assert [row.reason for row in own if row.reason] == ["金额有误"]


def test_list_entries_come_and_go() -> None:
    with at(2):
        subject = factories.subject()
        entry = factories.list_entry(
            subject, ListKind.RED, date(2026, 11, 2), document="舞公信〔2026〕30号"
        )
    with at(9):
        entry.removed_on, entry.closing_reason = date(2026, 11, 8), "不再符合条件"
        entry.closing_proposed_by, entry.closing_approved_by = entry.proposed_by, entry.approved_by
        entry.save()
    gone, came = told(subject, factories.officer(Role.RECORDER), only="list")
    assert came.words.startswith("列入红名单，舞公信〔2026〕30号")
    assert (gone.event_on, gone.reason) == (date(2026, 11, 8), "不再符合条件")


def test_the_page_filters_by_kind(client: Client) -> None:
    subject, _ = lived()
    client.force_login(factories.officer(Role.OFFICE))
    url = reverse("desk:subject-history", args=[subject.pk])
    everything = client.get(url).content.decode()
    grades = client.get(url + "?only=grade").content.decode()
    assert "样例路 11 号" in everything
    assert "样例路 11 号" not in grades
    assert client.get(url + "?only=nonsense").status_code == 200


def test_a_contest_and_its_end_are_told() -> None:
    with at(2):
        decision = factories.decision(decided_on=date(2026, 11, 1))
    with at(5):
        contest = factories.contest(decision, date(2026, 11, 4))
    with at(9):
        contest.contested_until, contest.outcome = date(2026, 11, 8), "维持"
        contest.save()
    rows = told(decision.subject, factories.officer(Role.OFFICE), only="record")
    assert [(row.before, row.after) for row in rows[:2]] == [
        ("2026-11-04 起", "2026-11-04 起，至 2026-11-08（不含） 不计入"),
        ("计入", "2026-11-04 起 不计入"),
    ]
    assert rows[0].reason == "维持"


def test_an_edit_shows_both_values_and_is_no_return() -> None:
    recorder = factories.officer(Role.RECORDER)
    with at(2):
        decision = factories.decision(
            state=DecisionState.SUBMITTED, recorded_by=recorder, handler="王五"
        )
    with at(3):
        decision.state, decision.handler = DecisionState.DRAFT, "赵六"
        decision._change_reason = "修改"  # type: ignore[attr-defined]
        decision.save()
    rows = told(decision.subject, recorder, only="record")
    assert rows[0].words == f"修改 {decision.number}，承办民警："
    assert (rows[0].before, rows[0].after) == ("王五", "赵六")
    stranger = factories.officer(Role.RECORDER, unit=factories.unit())
    assert told(decision.subject, stranger, only="record") == []


def test_what_happened_at_one_moment_stands_cause_before_consequence() -> None:
    with at(2):
        subject = factories.subject()
        factories.decision(subject, decided_on=date(2026, 11, 1))
        regrade([subject.pk], cause=Cause.DECISION)
    rows = told(subject, factories.officer(Role.OFFICE))
    assert [row.group for row in rows] == ["grade", "record", "subject"]


def test_a_record_that_was_taken_over_says_so() -> None:
    decision = factories.decision(taken_over=True)
    rows = told(decision.subject, factories.officer(Role.OFFICE), only="record")
    assert rows[0].words.startswith("历史接收，生效")
