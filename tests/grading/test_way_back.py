"""Doing the thing gives that grade on that day, for random facts (5-9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.counting import Act, Entry, Evaluation, Facts
from grading.way_back import NOTHING, REMOVED, REPAIRED, UPHELD, Risk, Way, outlook, rank
from grading.way_back_words import words_of
from tests.grading import oracle
from tests.grading.random_facts import OPEN, days, subjects
from tests.grading.test_random_facts import RULES, as_facts, said

DAY = timedelta(days=1)
TODAY = date(2026, 11, 23)
RANKS = {"C": 0, "B": 1, "": 2, "A": 3}
BUCKETS = ("penalty", "warning", "breach")


def plain_rank(answer: tuple[str, str, int, int, int, int, str]) -> tuple[int, bool]:
    return RANKS[answer[0]], "over_limit" not in answer[6]


def done(subject: oracle.PlainSubject, way: Way) -> oracle.PlainSubject:
    """The thing done to the plain facts, apart from the code under test."""
    acts = list(subject.acts)
    entries = list(subject.entries)
    for one in way.ids:
        if way.event == UPHELD:
            acts[one] = replace(acts[one], revoked=True)
        elif way.event == REPAIRED:
            acts[one] = replace(acts[one], repaired_on=way.on)
        elif way.event == REMOVED:
            entries[one] = replace(entries[one], removed_on=way.on)
    return replace(subject, acts=tuple(acts), entries=tuple(entries))


def repairable(facts: Facts, day: date, months: int) -> dict[int, date]:
    """Every other record can be repaired some days from now."""
    return {
        act.violation_id: day + timedelta(days=29 * months - 40 + act.violation_id)
        for act in facts.acts
        if act.violation_id % 3
    }


@settings(max_examples=120, deadline=None)
@given(subjects(), days, st.integers(1, 6))
def test_doing_it_gives_that_grade_on_that_day_and_no_day_sooner(
    subject: oracle.PlainSubject, day: date, months: int
) -> None:
    facts = as_facts(subject)
    seen = outlook(facts, day, [RULES], repairable(facts, day, months))
    now = plain_rank(oracle.answer(subject, day))
    for way in seen.ways:
        after = done(subject, way)
        assert said(way.better) == oracle.answer(after, way.better.day), way
        assert plain_rank(oracle.answer(after, way.better.day)) > now, way
        at = way.on if way.event != NOTHING else day
        while at < way.better.day:
            assert plain_rank(oracle.answer(after, at)) <= now, (way, at)
            at += DAY


@settings(max_examples=60, deadline=None)
@given(subjects(), days, st.integers(1, 6))
def test_no_way_is_left_out(subject: oracle.PlainSubject, day: date, months: int) -> None:
    """Each record alone: if revoking or repairing it helped sooner, it is named."""
    facts = as_facts(subject)
    mendable = repairable(facts, day, months)
    seen = outlook(facts, day, [RULES], mendable)
    by_itself = next((way.better.day for way in seen.ways if way.event == NOTHING), None)
    named = {(way.event, way.ids): way for way in seen.ways}
    now = plain_rank(oracle.answer(subject, day))
    for one, act in enumerate(subject.acts):
        if act.revoked:
            continue
        tries = [Way(UPHELD, (one,), day, seen.now)]
        if one in mendable and act.repaired_on is None:
            tries.append(Way(REPAIRED, (one,), max(mendable[one], day), seen.now))
        for way in tries:
            after = done(subject, way)
            if by_itself is None or way.on < by_itself:
                helps = plain_rank(oracle.answer(after, way.on)) > now
                assert not helps or (way.event, way.ids) in named, way


def with_decisions(subject: oracle.PlainSubject, risk: Risk, day: date) -> oracle.PlainSubject:
    fen = 0 if risk.over_fen is None else risk.over_fen + 1
    more = [
        oracle.PlainAct(100 + n, risk.bucket, fen if n == 0 else 0, OPEN, day, None, (), False)
        for n in range(risk.number)
    ]
    return replace(subject, acts=(*subject.acts, *more))


@settings(max_examples=120, deadline=None)
@given(subjects(), days, st.integers(0, 400))
def test_what_makes_it_worse_does_so_up_to_its_day(
    subject: oracle.PlainSubject, day: date, later: int
) -> None:
    facts = as_facts(subject)
    seen = outlook(facts, day, [RULES], {})
    now = plain_rank(oracle.answer(subject, day))
    for risk in seen.risks:
        assert plain_rank(oracle.answer(with_decisions(subject, risk, day), day)) < now
        last = risk.until - DAY if risk.until else day + timedelta(days=later)
        for on in {last, day + min(timedelta(days=later), last - day)}:
            after = oracle.answer(with_decisions(subject, risk, on), on)
            assert plain_rank(after) == plain_rank(said(risk.worse)), (risk, on)
            assert after[0] != "C" or now[0] == 0  # nothing leads to C
        if risk.until:
            after = oracle.answer(with_decisions(subject, risk, risk.until), risk.until)
            assert plain_rank(after) != plain_rank(said(risk.worse)), risk
        if risk.number > 1:
            fewer = risk._replace(number=risk.number - 1)
            assert plain_rank(oracle.answer(with_decisions(subject, fewer, day), day)) >= now
        if risk.over_fen is not None:
            exactly = with_decisions(subject, risk._replace(over_fen=risk.over_fen - 1), day)
            assert plain_rank(oracle.answer(exactly, day)) >= now
    named = {risk.bucket for risk in seen.risks}
    for bucket in BUCKETS:
        one = Risk(bucket, 1, None, None, seen.now)
        worsens = plain_rank(oracle.answer(with_decisions(subject, one, day), day)) < now
        assert not worsens or bucket in named


@settings(max_examples=60, deadline=None)
@given(subjects(), days)
def test_one_more_record_that_keeps_the_grade_puts_the_better_day_off(
    subject: oracle.PlainSubject, day: date
) -> None:
    seen = outlook(as_facts(subject), day, [RULES], {})
    now = plain_rank(oracle.answer(subject, day))
    for delay in seen.delays:
        more = with_decisions(subject, Risk(delay.bucket, 1, None, None, seen.now), day)
        assert plain_rank(oracle.answer(more, day)) >= now
        by_itself = next(way.better.day for way in seen.ways if way.event == NOTHING)
        assert plain_rank(oracle.answer(more, by_itself)) <= now
        if delay.better is not None:
            assert delay.better.day > by_itself
            assert plain_rank(oracle.answer(more, delay.better.day)) > now


@settings(max_examples=60, deadline=None)
@given(subjects(), days)
def test_every_outlook_can_be_said(subject: oracle.PlainSubject, day: date) -> None:
    facts = as_facts(subject)
    seen = outlook(facts, day, [RULES], repairable(facts, day, 3))
    words = words_of(seen, {one.violation_id: f"{one.violation_id}号" for one in facts.acts})
    for line in [*words.better, *words.worse]:
        assert line.doing
        assert line.result
        assert line.clauses
        assert "转为 C" not in line.result


def act(number: int, bucket: str, fen: int, decided_on: date) -> Act:
    return Act(number, number, bucket, fen, OPEN, decided_on)


HOTEL = Facts(
    [
        act(1, "penalty", 300_000_00, date(2026, 8, 14)),
        act(2, "penalty", 20_000_00, date(2026, 3, 5)),
        act(3, "warning", 0, date(2026, 2, 10)),
    ]
)
NAMES = {1: "0203号", 2: "0012号", 3: "0031号"}


def spoken(facts: Facts, repair_from: dict[int, date] | None = None) -> tuple[list[str], list[str]]:
    words = words_of(outlook(facts, TODAY, [RULES], repair_from or {}), NAMES)
    return tuple(  # type: ignore[return-value]
        [
            f"{line.doing}：{line.result}【{'、'.join(one.id for one in line.clauses)}】"
            for line in of
        ]
        for of in (words.better, words.worse)
    )


def test_the_words_for_a_hotel_with_three_records() -> None:
    better, worse = spoken(HOTEL, {1: date(2026, 11, 14), 2: date(2026, 12, 5), 3: TODAY})
    assert better == [
        "0203号、0012号、0031号 全部经异议认定撤销：撤销当日转为 未定级【5-9】",
        "0203号、0012号、0031号 全部信用修复（2026-12-05 起可申请）：认定修复当日转为 未定级"
        "【5-9】",
        "0203号经异议认定撤销：自 2027-03-06 起转为 未定级【5-9】",
        "0203号信用修复（现在即可申请）：自 2027-03-06 起转为 未定级【5-9】",
    ]
    assert worse == [
        "2027-03-06 之前再有 1 件行政处罚：达到上限，转入等级复核；系统不会自动定为 C 级【3-B-2】",
        "2027-02-11 之前再有 2 次警告或责令改正：达到上限，转入等级复核；系统不会自动定为 C 级"
        "【3-B-1】",
        "再有 3 次违反许可承诺：达到上限，转入等级复核；系统不会自动定为 C 级【3-B-3】",
        "今天再有 1 次警告或责令改正，或 1 次违反许可承诺：等级不变，恢复由 2027-08-15 推迟到"
        " 2027-11-24【3-B-1、3-B-3】",
    ]


@pytest.mark.parametrize(
    ("facts", "better", "worse"),
    [
        (
            Facts(),
            [],
            ["再有 1 件行政处罚，或 1 次警告或责令改正，或 1 次违反许可承诺：转为 B 一般失信，"
             "自决定之日起计一年【3-B-1、3-B-2、3-B-3】"],
        ),
        (
            Facts(entries=[Entry(7, "black", date(2026, 5, 1), date(2027, 4, 30))]),
            ["黑名单条目经名单程序移出：移出当日转为 未定级【3-C】"],
            ["新的记录不改变 C 级：黑名单条目结束之日，按届时计入的记录评定【3-C】"],
        ),
        (
            Facts([act(1, "penalty", 400_000_00, date(2026, 8, 14))]),
            ["0203号经异议认定撤销：撤销当日转为 未定级【5-9】"],
            None,
        ),
        (
            Facts([act(n, "warning", 0, date(2026, 8, n)) for n in (1, 2, 3)]),
            [
                "0031号 或 0012号 或 0203号 任一条经异议认定撤销：撤销当日不再达到上限，"
                "复核随之结束，仍为 B 一般失信【5-9】"
            ],
            None,
        ),
    ],
)  # fmt: skip
def test_the_words_of_other_grades(
    facts: Facts, better: list[str], worse: list[str] | None
) -> None:
    said_better, said_worse = spoken(facts)
    assert said_better == better
    assert worse is None or said_worse == worse


def test_money_alone_can_cross_a_limit() -> None:
    _, worse = spoken(Facts([act(1, "penalty", 400_000_00, date(2026, 8, 14))]))
    assert any("1 件罚没款超过 100,000 元的行政处罚" in line for line in worse)


def test_a_better_evaluation_is_ranked_above() -> None:
    def of(facts: Facts) -> Evaluation:
        return outlook(facts, TODAY, [RULES], {}).now

    red = Entry(1, "red", date(2026, 1, 1), date(2027, 1, 1))
    black = Entry(2, "black", date(2026, 1, 1), date(2027, 1, 1))
    crossed = Facts([act(n, "breach", 0, date(2026, 8, n)) for n in (1, 2, 3)])
    order = [Facts(entries=[black]), crossed, HOTEL, Facts(), Facts(entries=[red])]
    ranks = [rank(of(facts)) for facts in order]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == len(ranks)
