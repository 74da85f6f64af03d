"""The letters of a repair: what they say, once, and never a contact."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.template.loader import render_to_string

from appeals.repair_answers import answer, answer_content, issue_receipt, receipt_content
from appeals.repair_models import Repair
from appeals.repair_steps import reject
from core.clock import today
from grading.record_clocks import clocks
from sanctions.paper_content import chinese_day
from sanctions.paper_kinds import paper_kind
from sanctions.paper_texts import texts_for
from tests import factories
from tests.appeals.repair_cases import REASON, Case, decided, received
from violations.errors import CaseRefused, NotAllowed

pytestmark = pytest.mark.django_db


def printed(repair: Repair) -> str:
    kind = paper_kind("repair_answer")
    content = answer_content(repair)
    texts, _ = texts_for(kind, {}, today())
    return render_to_string(kind.template, {"content": content, "texts": texts})


def test_the_receipt_says_what_is_missing_and_by_when_it_is_accepted() -> None:
    case = Case()
    repair = received(case, contact_name="张三", contact_phone="13800000000", commitment="")
    content = receipt_content(repair)
    assert content["receipt"] == repair.number
    assert "履行证明" in content["records"][0][2]
    assert "信用承诺书" in content["missing"]
    assert "13800000000" not in str(content)
    assert "张三" not in str(content)
    repair = issue_receipt(officer=case.office, repair_id=repair.pk, version=repair.version)
    assert repair.receipt is not None
    assert repair.receipt.kind == "repair_receipt"
    with pytest.raises(CaseRefused, match="只出具一次"):
        issue_receipt(officer=case.office, repair_id=repair.pk, version=repair.version)


def test_the_answer_says_outcome_reason_and_both_sides_of_the_grade_and_ends_the_case() -> None:
    case = Case()
    repair = decided(case)
    content = answer_content(repair)
    assert content["records"][0][2:] == [
        f"准予修复，自{chinese_day(today())}起不再计入信用评定，终止公示",
        REASON,
        "",
    ]
    said = printed(repair)
    assert "不予受理" not in said
    assert "不予修复" not in said
    assert "对本答复有异议的" in said
    assert content["effect"] == "你单位的信用等级由B（一般失信）变更为未定级。"
    with pytest.raises(NotAllowed):
        answer(officer=case.decider, repair_id=repair.pk, version=repair.version)
    repair = answer(officer=case.office, repair_id=repair.pk, version=repair.version)
    assert (repair.state, repair.answered_on) == ("answered", today())
    assert repair.answer is not None
    assert repair.answer.content["effect"] == content["effect"]


def test_what_is_not_accepted_is_answered_with_its_reason() -> None:
    case = Case(factories.decision())
    repair = received(case)
    repair = reject(officer=case.office, repair_id=repair.pk, version=repair.version, reason=REASON)
    content = answer_content(repair)
    first = clocks([case.act], today())[case.act.pk].repair_from
    assert first is not None
    earliest = f"该记录自{chinese_day(first)}起可以申请信用修复。"
    assert content["records"][0][2:] == ["不予受理", REASON, earliest]
    said = printed(repair)
    assert earliest in said
    assert "不予受理、不予修复的，具备条件后可以再次申请" in said
    repair = answer(officer=case.office, repair_id=repair.pk, version=repair.version)
    assert repair.state == "not_accepted"
    with pytest.raises(CaseRefused, match="答复"):
        answer(officer=case.office, repair_id=repair.pk, version=repair.version)


def test_a_record_that_came_too_early_is_told_its_day_once_and_a_ripe_one_none() -> None:
    case = Case()
    young = factories.decision(case.decision.subject, decided_on=today() - timedelta(days=5))
    repair = decided(case, case.act, young.violations.get(), verdict="refused")
    ripe, early = answer_content(repair)["records"]
    assert ripe[2:] == ["不予修复", REASON, ""]
    first = clocks([young.violations.get()], today())[young.violations.get().pk].repair_from
    assert first is not None
    day = f"该记录自{chinese_day(first)}起可以申请信用修复。"
    assert early[2:] == ["不予受理", "未满最短公示期。", day]
    assert "不予修复的，具备条件后可以再次申请" in printed(repair)
