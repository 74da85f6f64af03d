"""The constructed cases, each with its right answer: every row of the decision table and its edges.

A case is a function of a day; the answers hold on that day.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from desk.demo.facts import (
    ActMade,
    Case,
    Expected,
    Listed,
    MakeCase,
    Paper,
    fine,
    first_day_that_counts,
    long_ago,
    order,
    recent,
    warning,
    yuan,
)

DAY = timedelta(days=1)
NONE = Expected()
CASES: list[MakeCase] = []


def case(make: MakeCase) -> MakeCase:
    CASES.append(make)
    return make


def b_penalty(amount: Decimal, penalties: int = 1) -> Expected:
    return Expected("B", "3-B-2", "", 0, penalties, 0, amount, "B")


def red(day: date) -> Listed:
    return Listed("red", day - timedelta(days=200), day + timedelta(days=500))


def black(day: date) -> Listed:
    return Listed("black", day - timedelta(days=90), day + timedelta(days=275))


def warnings(
    day: date, how_many: int, *, second_revoked_on: date | None = None
) -> tuple[Paper, ...]:
    """Warnings 60 days apart."""
    return tuple(
        Paper(
            day - timedelta(days=40 + 60 * at),
            (warning(revoked_on=second_revoked_on if at == 1 else None),),
        )
        for at in range(how_many)
    )


@case
def one_fine(day: date, chance: Random) -> Case:
    amount = yuan(chance)
    return Case((Paper(recent(day, chance), (fine(amount),)),), b_penalty(amount))


@case
def two_fines(day: date, chance: Random) -> Case:
    one, two = yuan(chance), yuan(chance)
    papers = tuple(Paper(recent(day, chance), (fine(amount),)) for amount in (one, two))
    return Case(papers, b_penalty(one + two, 2))


@case
def half_a_million_exactly(day: date, chance: Random) -> Case:
    papers = tuple(Paper(recent(day, chance), (fine(amount),)) for amount in (300_000, 200_000))
    return Case(papers, b_penalty(Decimal(500_000), 2))


@case
def one_fen_more(day: date, chance: Random) -> Case:
    papers = tuple(
        Paper(recent(day, chance), (fine(amount),)) for amount in ("300000", "200000.01")
    )
    return Case(papers, Expected("B", "", "over_limit", 0, 2, 0, Decimal("500000.01"), "B"))


@case
def great_confiscation(day: date, chance: Random) -> Case:
    act = ActMade((("confiscate_gains", Decimal(600_000)),))
    return Case(
        (Paper(recent(day, chance), (act,)),),
        Expected("B", "", "over_limit", 0, 1, 0, Decimal(600_000), "B"),
    )


@case
def three_fines(day: date, chance: Random) -> Case:
    sums = [yuan(chance) for _ in range(3)]
    papers = tuple(Paper(recent(day, chance), (fine(amount),)) for amount in sums)
    return Case(papers, Expected("B", "", "over_limit", 0, 3, 0, sum(sums, Decimal(0)), "B"))


@case
def one_warning(day: date, chance: Random) -> Case:
    return Case((Paper(recent(day, chance), (warning(),)),), b_warning(1))


def b_warning(how_many: int) -> Expected:
    return Expected("B", "3-B-1", "", how_many, 0, 0, Decimal(0), "B")


@case
def three_warnings(day: date, chance: Random) -> Case:
    return Case(warnings(day, 3), Expected("B", "", "over_limit", 3, disclosable_grade="B"))


@case
def three_warnings_one_revoked(day: date, chance: Random) -> Case:
    return Case(warnings(day, 3, second_revoked_on=day - 5 * DAY), b_warning(2))


@case
def warning_and_fine_for_one_act(day: date, chance: Random) -> Case:
    amount = yuan(chance)
    act = ActMade(("warning", ("fine", amount)))
    return Case((Paper(recent(day, chance), (act,)),), b_penalty(amount))


@case
def two_acts_of_one_decision(day: date, chance: Random) -> Case:
    paper = Paper(recent(day, chance), (ActMade(("warning", ("fine", Decimal(500)))), order()))
    return Case((paper,), Expected("B", "3-B-1 3-B-2", "", 1, 1, 0, Decimal(500), "B"))


@case
def three_acts_of_one_decision(day: date, chance: Random) -> Case:
    paper = Paper(recent(day, chance), (fine(1000), fine(1000), fine(1000)))
    return Case((paper,), b_penalty(Decimal(3000)))


@case
def one_act_of_three_repaired(day: date, chance: Random) -> Case:
    repaired = ActMade((("fine", Decimal(1000)),), repaired_on=day - 3 * DAY)
    paper = Paper(recent(day, chance), (fine(1000), repaired, fine(1000)))
    return Case((paper,), b_penalty(Decimal(2000)))


@case
def criticism(day: date, chance: Random) -> Case:
    paper = Paper(recent(day, chance), (ActMade(("criticism",)),))
    return Case((paper,), b_penalty(Decimal(0)))


@case
def business_stopped(day: date, chance: Random) -> Case:
    paper = Paper(recent(day, chance), (ActMade(("warning", "stop_business")),))
    return Case((paper,), b_penalty(Decimal(0)))


@case
def order_to_correct(day: date, chance: Random) -> Case:
    return Case((Paper(recent(day, chance), (order(),), "order"),), b_warning(1))


@case
def one_breach(day: date, chance: Random) -> Case:
    paper = Paper(recent(day, chance), (ActMade(()),), "breach")
    return Case((paper,), Expected("B", "3-B-3", "", 0, 0, 1, Decimal(0), "B"))


@case
def three_breaches(day: date, chance: Random) -> Case:
    papers = tuple(Paper(recent(day, chance), (ActMade(()),), "breach") for _ in range(3))
    return Case(papers, Expected("B", "", "over_limit", breaches=3, disclosable_grade="B"))


@case
def breach_repaired(day: date, chance: Random) -> Case:
    act = ActMade((), repaired_on=day - 2 * DAY)
    return Case((Paper(recent(day, chance), (act,), "breach"),), NONE)


@case
def repaired_today(day: date, chance: Random) -> Case:
    return Case((Paper(recent(day, chance), (warning(repaired_on=day),)),), NONE)


@case
def counts_for_the_last_day(day: date, chance: Random) -> Case:
    return Case((Paper(first_day_that_counts(day), (fine(8000),)),), b_penalty(Decimal(8000)))


@case
def lapsed_a_day_ago(day: date, chance: Random) -> Case:
    return Case((Paper(first_day_that_counts(day) - DAY, (fine(8000),)),), NONE)


@case
def decided_today(day: date, chance: Random) -> Case:
    return Case((Paper(day, (fine(8000),)),), b_penalty(Decimal(8000)))


@case
def lapsed_long_ago(day: date, chance: Random) -> Case:
    papers = tuple(Paper(long_ago(day, chance), (fine(yuan(chance)),)) for _ in range(4))
    return Case(papers, NONE)


@case
def red_list(day: date, chance: Random) -> Case:
    return Case((red(day),), Expected("A", "3-A", disclosable_grade="A"))


@case
def red_list_for_the_last_day(day: date, chance: Random) -> Case:
    entry = Listed("red", day - timedelta(days=700), day)
    return Case((entry,), Expected("A", "3-A", disclosable_grade="A"))


@case
def red_list_ended_yesterday(day: date, chance: Random) -> Case:
    return Case((Listed("red", day - timedelta(days=700), day - DAY),), NONE)


@case
def red_list_and_warning(day: date, chance: Random) -> Case:
    facts = (red(day), Paper(recent(day, chance), (warning(),)))
    return Case(facts, Expected("B", "3-B-1", "list_conflict", 1, disclosable_grade="B"))


@case
def black_list(day: date, chance: Random) -> Case:
    return Case((black(day),), Expected("C", "3-C", disclosable_grade="C"))


@case
def black_list_and_three_warnings(day: date, chance: Random) -> Case:
    facts: tuple[Paper | Listed, ...] = (black(day), *warnings(day, 3))
    return Case(facts, Expected("C", "3-C", "", 3, disclosable_grade="C"))


@case
def both_lists(day: date, chance: Random) -> Case:
    facts = (red(day), black(day))
    return Case(facts, Expected("C", "3-C", "list_conflict", disclosable_grade="C"))


@case
def black_list_expired(day: date, chance: Random) -> Case:
    return Case((Listed("black", day - timedelta(days=365), day - DAY),), NONE)


@case
def black_list_removed_today(day: date, chance: Random) -> Case:
    entry = Listed("black", day - timedelta(days=90), day + timedelta(days=200), removed_on=day)
    return Case((entry,), NONE)


@case
def contested_and_open(day: date, chance: Random) -> Case:
    paper = Paper(day - timedelta(days=90), (fine(5000),), contest=(day - timedelta(days=40), None))
    return Case((paper,), NONE)


@case
def contested_until_tomorrow(day: date, chance: Random) -> Case:
    contest = (day - timedelta(days=40), day + DAY)
    return Case((Paper(day - timedelta(days=90), (fine(5000),), contest=contest),), NONE)


@case
def contested_and_upheld_today(day: date, chance: Random) -> Case:
    contest = (day - timedelta(days=40), day)
    paper = Paper(day - timedelta(days=90), (fine(5000),), contest=contest)
    return Case((paper,), b_penalty(Decimal(5000)))


@case
def sealed_only(day: date, chance: Random) -> Case:
    act = ActMade((("fine", Decimal(3000)),), sealed=True)
    return Case(
        (Paper(recent(day, chance), (act,)),),
        Expected("B", "3-B-2", "", 0, 1, 0, Decimal(3000), ""),
    )


@case
def sealed_and_open(day: date, chance: Random) -> Case:
    sealed = Paper(recent(day, chance), (ActMade((("fine", Decimal(3000)),), sealed=True),))
    return Case(
        (sealed, Paper(recent(day, chance), (warning(),))),
        Expected("B", "3-B-1 3-B-2", "", 1, 1, 0, Decimal(3000), "B"),
    )


@case
def sealed_and_red_list(day: date, chance: Random) -> Case:
    sealed = Paper(recent(day, chance), (ActMade((("fine", Decimal(3000)),), sealed=True),))
    return Case(
        (red(day), sealed),
        Expected("B", "3-B-2", "list_conflict", 0, 1, 0, Decimal(3000), "A"),
    )


@case
def three_warnings_and_a_fine(day: date, chance: Random) -> Case:
    facts = (*warnings(day, 3), Paper(recent(day, chance), (fine(200),)))
    return Case(facts, Expected("B", "3-B-2", "over_limit", 3, 1, 0, Decimal(200), "B"))


@case
def a_bit_of_everything(day: date, chance: Random) -> Case:
    one, two = yuan(chance), yuan(chance)
    facts: tuple[Paper | Listed, ...] = (
        *warnings(day, 2),
        Paper(recent(day, chance), (fine(one),)),
        Paper(recent(day, chance), (fine(two),)),
        Paper(recent(day, chance), (ActMade(()),), "breach"),
        Paper(long_ago(day, chance), (fine(yuan(chance)),)),
    )
    return Case(facts, Expected("B", "3-B-1 3-B-2 3-B-3", "", 2, 2, 1, one + two, "B"))


# Beyond the constructed cases: what a register is mostly made of.
COMMON: list[tuple[MakeCase, int]] = [
    (one_fine, 22),
    (one_warning, 16),
    (lapsed_long_ago, 30),
    (order_to_correct, 10),
    (one_breach, 4),
    (two_fines, 5),
    (warning_and_fine_for_one_act, 6),
    (red_list, 3),
    (sealed_only, 3),
    (a_bit_of_everything, 1),
]
