"""Why a grade is what it is, in Chinese, from the evaluation that gave it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from grading import explanations, selectors
from grading.models import RuleSet
from grading.selectors import View
from tests.grading.build import record
from tests.grading.worked_cases import BLACK, CASES, RED, WARNINGS, breach, d, fine, warning
from violations.models import Violation

pytestmark = pytest.mark.django_db
JUNE = date(2026, 6, 1)


def seen(*facts: Any, day: date = JUNE) -> View:
    return selectors.view(record(facts).pk, day)


def records(view: View) -> list[explanations.RecordLine]:
    rows = Violation.objects.filter(decision__subject=view.subject_id).select_related("decision")
    return explanations.record_lines(view, rows.order_by("decision__decided_on", "ordinal"))


def test_b_within_its_limits() -> None:
    view = seen(fine("2026-03-01", 20_000), warning("2026-04-01"))
    assert explanations.conclusion(view.now) == (
        "一年内有 1 件行政处罚、1 次警告、责令改正，罚没款 20,000 元，均未达到上限；未列入黑名单。"
    )
    assert explanations.headroom(view.now) == (
        "再发生 2 件行政处罚或 2 次警告或责令改正，或罚没款再增加超过 480,000 元，"
        "即达到上限并转入等级复核；系统不会自动定为 C 级。"
    )


def test_over_the_limit_says_that_people_decide() -> None:
    view = seen(*WARNINGS)
    assert explanations.conclusion(view.now) == (
        "一年内有 3 次警告、责令改正；B 级 条件 1达到上限。系统不自动定为 C 级，等级保持 B，"
        "由局办公室双人复核。"
    )
    assert explanations.headroom(view.now) == ""


@pytest.mark.parametrize(
    ("facts", "words"), [((BLACK,), "黑名单"), ((RED,), "红名单"), ((), "不是负面评价")]
)
def test_other_grades_say_why(facts: Any, words: str) -> None:
    assert words in explanations.conclusion(seen(*facts).now)


def test_before_the_regulation_it_says_so() -> None:
    RuleSet.objects.update(effective_from=d("2030-01-01"))
    view = seen(fine("2026-03-01", 1))
    assert explanations.conclusion(view.now) == "制度尚未施行，不定级。"
    assert explanations.clause_lines(view) == []


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_the_clauses_table_agrees_with_the_grade(case: Any) -> None:
    if case.by_violation:
        return
    view = selectors.view(record(case.facts).pk, d(case.day))
    lines = {line.clause.id: line for line in explanations.clause_lines(view)}
    decided = view.now.decided
    conditions = ("3-B-1", "3-B-2", "3-B-3")
    if decided.grade != "C":
        assert {one for one in conditions if lines[one].state == "met"} == {
            one for one in decided.clauses if one in conditions
        }
        assert {one for one in conditions if lines[one].state == "exceeded"} == set(
            decided.exceeded
        )
    assert (lines["3-A"].state == "met") == (decided.grade == "A")
    assert (lines["3-C"].state == "met") == (decided.grade == "C")
    shown = {one for line in lines.values() for one in line.violation_ids}
    assert shown == set(view.now.counted)


def test_each_record_says_whether_and_until_when_it_counts() -> None:
    view = seen(
        fine("2024-01-01", 1),
        warning("2026-01-05", revoked=True),
        breach("2026-02-01", repaired={1: "2026-05-20"}),
        fine("2026-03-01", 1, contests=[("2026-04-01", None)]),
        warning("2026-04-01"),
    )
    assert [(line.why_not, line.words) for line in records(view)] == [
        ("lapsed", "已移出一年窗口"),
        ("revoked", "已撤销"),
        ("repaired", "已修复"),
        ("contested", "复议诉讼期间，暂不计入"),
        ("", "警告 1 次"),
    ]
    assert records(view)[-1].counts_until == d("2027-04-01")
    assert [line.counts for line in records(view)].count(True) == len(view.now.counted)


def test_what_happens_next_and_when() -> None:
    view = seen(fine("2025-08-14", 300_000), warning("2025-09-01"), RED)
    coming = explanations.upcoming(view)
    assert [(one.day, one.grade) for one in coming] == [
        (d("2026-08-15"), "B"),
        (d("2026-09-02"), "A"),
        (d("2028-01-10"), ""),
    ]
    assert coming[0].happenings == (
        "1 条记录移出一年窗口", "处罚 1 → 0 件", "罚没款 300,000 → 0 元",
    )  # fmt: skip
    assert coming[1].result == "预计转为 A 信用优良"
    assert coming[2].happenings == ("红名单到期移出",)
    assert coming[2].result == "预计转为 未定级"


def test_a_repair_to_come_is_named_as_such() -> None:
    view = seen(breach("2026-04-01", repaired={1: "2026-06-20"}))
    assert explanations.upcoming(view)[0].happenings[0] == "1 条记录修复生效"


def test_the_timeline_as_known_now() -> None:
    subject = record([fine("2025-06-01", 1), warning("2026-03-01"), RED])
    assert selectors.timeline(subject.pk, d("2025-01-01"), d("2028-12-31")) == [
        (d("2025-01-01"), ""),
        (d("2025-06-01"), "B"),
        (d("2027-03-02"), "A"),
        (d("2028-01-10"), ""),
    ]


def test_a_late_standing_is_shown_as_of_today() -> None:
    from grading import services
    from grading.models import Standing

    subject = record([fine("2025-06-01", 1)])
    services.regrade([subject.pk], day=JUNE)
    standing = Standing.objects.get(pk=subject.pk)
    selectors.brought_up_to_date([standing])
    assert standing.grade == ""
    assert Standing.objects.get(pk=subject.pk).grade == "B"


def test_a_red_list_that_yields_to_a_record_is_neither_met_nor_missing() -> None:
    view = seen(RED, fine("2026-03-01", 20_000))
    line = explanations.clause_lines(view)[0]
    assert (line.clause.id, line.state, line.words) == ("3-A", "outranked", "从低评定")
    assert line.entry_ids
    alone = explanations.clause_lines(seen(RED))[0]
    assert alone.words == "符合"
