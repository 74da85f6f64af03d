"""The good-news letter says why the grade is better, and praises nobody for a court's judgment."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.template.loader import render_to_string

from grading.models import Cause
from grading.services import regrade
from sanctions.measure_letters import issue_letter
from sanctions.models import Improvement
from sanctions.paper_kinds import paper_kind
from sanctions.paper_layout import context_of
from subjects.models import Subject
from tests import factories
from tests.sanctions.measure_cases import improved, of_grade
from tests.sanctions.paper_cases import office_officer
from violations.enums import ListKind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blank_pdf")]
PRAISE = "纠正失信行为、依法经营"


def words(better: Improvement) -> str:
    paper = issue_letter(officer=office_officer(), improvement=better)
    kind = paper_kind("good_news")
    return render_to_string(kind.template, context_of(kind, paper))


def bettered(subject: Subject, cause: Cause) -> Improvement:
    regrade([subject.pk], cause=cause)
    found: Improvement = Improvement.objects.get(subject=subject)
    return found


def test_what_was_set_aside_was_nobodys_correction() -> None:
    letter = words(improved())
    assert "原计入的失信记录已撤销，不再计入" in letter
    assert PRAISE not in letter


def test_a_judgment_at_the_end_of_a_suit_is_one_too() -> None:
    subject = of_grade("B")
    act = subject.decisions.get().violations.get()
    act.revoked_on = act.decision.decided_on
    act.save()
    assert "原计入的失信记录已撤销，不再计入" in words(bettered(subject, Cause.CONTEST))


def test_a_whole_decision_that_fell() -> None:
    subject = of_grade("B")
    decision = subject.decisions.get()
    decision.state = "withdrawn"
    decision.save()
    letter = words(bettered(subject, Cause.REVOCATION))
    assert "原计入的失信记录已撤销，不再计入" in letter
    assert PRAISE not in letter


def test_a_repair_keeps_the_words_of_the_office() -> None:
    subject = of_grade("B")
    act = subject.decisions.get().violations.get()
    act.repaired_on = act.decision.decided_on
    act.save()
    letter = words(bettered(subject, Cause.REPAIR))
    assert PRAISE in letter
    assert "信用修复" in letter
    assert "撤销" not in letter


def test_a_year_without_a_record() -> None:
    with time_machine.travel("2026-11-23 10:00+08:00", tick=False):
        subject = factories.subject()
        factories.decision(subject, decided_on=date(2026, 11, 2))
        regrade([subject.pk])
    with time_machine.travel("2027-11-23 10:00+08:00", tick=False):
        letter = words(bettered(subject, Cause.TIME))
    assert "一年内没有新的失信记录" in letter
    assert PRAISE not in letter


def test_a_review_that_runs_suspends_and_sets_nothing_aside() -> None:
    subject = of_grade("B")
    factories.contest(subject.decisions.get(), subject.decisions.get().decided_on)
    letter = words(bettered(subject, Cause.CONTEST))
    assert "复议、诉讼期间暂不计入" in letter
    assert "已撤销" not in letter


def test_off_the_black_list_with_a_record_that_counts() -> None:
    subject = factories.subject()
    factories.decision(subject)
    entry = factories.list_entry(subject, ListKind.BLACK, taken_over=True)
    regrade([subject.pk])
    entry.removed_on, entry.closing_reason = entry.listed_on, "已移出"
    entry.closing_proposed_by, entry.closing_approved_by = entry.proposed_by, entry.approved_by
    entry.save()
    letter = words(bettered(subject, Cause.LIST_ENTRY))
    assert "已移出黑名单" in letter
    assert "没有新的失信记录" not in letter


def test_what_has_no_words_of_its_own_is_told_without_a_cause() -> None:
    better = improved()
    act = better.subject.decisions.get().violations.get()
    act.revoked_on = None
    act.save()
    letter = words(better)
    assert "你单位的信用等级有变动" in letter
    assert PRAISE not in letter
