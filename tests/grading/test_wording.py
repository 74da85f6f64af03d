"""Each version of the words is held to what it said; what stood on the page still stands."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from grading import wording
from grading.counting import Act, Entry, Evaluation, Facts, evaluate
from grading.wording_models import WordsVersion
from tests.grading.random_facts import OPEN
from tests.grading.test_random_facts import RULES

DAY = date(2026, 6, 1)


def act(number: int, bucket: str, fen: int = 0) -> Act:
    return Act(number, number, bucket, fen, OPEN, date(2026, 3, number))


CASES = {
    "nothing": Facts(),
    "fine": Facts([act(1, "penalty", 20_000_00)]),
    "all three": Facts([act(1, "penalty", 50), act(2, "warning"), act(3, "breach")]),
    "over": Facts([act(n, "warning") for n in (1, 2, 3)]),
    "red": Facts(entries=[Entry(1, "red", date(2026, 1, 1), date(2027, 1, 1))]),
    "black": Facts(entries=[Entry(1, "black", date(2026, 1, 1), date(2027, 1, 1))]),
}
# A version that is here is never edited: a new sentence is a new version and a new column here.
SAID = {
    1: {
        "before": "制度尚未施行，不定级。",
        "nothing": "一年内没有计入的失信记录，未列入红名单、黑名单，不定级。未定级不是负面评价。",
        "fine": "一年内有 1 件行政处罚，罚没款 20,000 元，均未达到上限；未列入黑名单。",
        "all three": (
            "一年内有 1 件行政处罚、1 次警告、责令改正、1 次违反许可承诺，罚没款 0.50 元，"
            "均未达到上限；未列入黑名单。"
        ),
        "over": (
            "一年内有 3 次警告、责令改正；B 级 条件 1达到上限。系统不自动定为 C 级，等级保持 B，"
            "由局办公室双人复核。"
        ),
        "red": "在公安局发布的红名单有效期内，一年内没有计入的失信记录，符合三（一）A 级条件。",
        "black": "在公安局发布的黑名单有效期内，符合三（三）C 级条件。",
    }
}


def evaluated(case: str) -> Evaluation:
    if case == "before":
        return evaluate(Facts(), date(2021, 1, 1), [RULES])
    return evaluate(CASES[case], DAY, [RULES])


@pytest.mark.parametrize("number", wording.VERSIONS)
def test_a_version_says_what_it_always_said(number: int) -> None:
    said = {case: wording.VERSIONS[number].conclusion(evaluated(case)) for case in SAID[number]}
    assert said == SAID[number], "keep the old function in wording.VERSIONS and add a new version"


@pytest.mark.django_db
def test_every_version_after_the_first_came_with_a_migration() -> None:
    written = set(WordsVersion.objects.values_list("number", flat=True))
    assert written == set(wording.VERSIONS) - {wording.FIRST}


@pytest.mark.django_db
def test_the_words_of_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    second = wording.Wording(2, lambda _: "新的说法")
    monkeypatch.setitem(wording.VERSIONS, 2, second)
    WordsVersion.objects.create(number=2, since=datetime(2026, 5, 1, tzinfo=UTC))
    assert wording.at(datetime(2026, 4, 30, tzinfo=UTC)).number == 1
    assert wording.at(datetime(2026, 5, 1, tzinfo=UTC)) is second
    assert wording.current() is second
