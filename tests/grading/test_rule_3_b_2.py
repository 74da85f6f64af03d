"""3-B-2: penalty cases, 1 or 2 in a year, and their money together not over 500,000 yuan."""

import pytest

from grading.rules import EXCEEDED, MET, NOT_MET, Counts, Limits, clause_3_b_2, decide

LIMITS = Limits()
HALF_A_MILLION = 500_000_00


@pytest.mark.parametrize(
    ("penalties", "verdict"), [(0, NOT_MET), (1, MET), (2, MET), (3, EXCEEDED), (4, EXCEEDED)]
)
def test_the_third_reaches_the_limit(penalties: int, verdict: str) -> None:
    assert clause_3_b_2(Counts(penalties=penalties), LIMITS) == verdict


@pytest.mark.parametrize(
    ("amount_fen", "verdict"),
    [(0, MET), (HALF_A_MILLION, MET), (HALF_A_MILLION + 1, EXCEEDED)],
)
def test_money_may_reach_the_limit_and_not_pass_it(amount_fen: int, verdict: str) -> None:
    assert clause_3_b_2(Counts(penalties=1, amount_fen=amount_fen), LIMITS) == verdict


def test_either_limit_alone_asks_for_a_review() -> None:
    for counts in (Counts(penalties=3), Counts(penalties=1, amount_fen=HALF_A_MILLION + 1)):
        decided = decide(counts, LIMITS)
        assert (decided.grade, decided.clauses) == ("B", ())
        assert decided.flags == ("over_limit",)


def test_limits_are_the_rule_sets_figures() -> None:
    assert clause_3_b_2(Counts(penalties=1, amount_fen=2), Limits(amount_fen=1)) == EXCEEDED
    assert clause_3_b_2(Counts(penalties=4), Limits(penalties=5)) == MET
