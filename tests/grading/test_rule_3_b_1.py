"""3-B-1: orders to correct and warnings together, 1 or 2 in a year."""

import pytest

from grading.rules import EXCEEDED, MET, NOT_MET, Counts, Limits, clause_3_b_1, decide

LIMITS = Limits()


@pytest.mark.parametrize(
    ("warnings", "verdict"), [(0, NOT_MET), (1, MET), (2, MET), (3, EXCEEDED), (4, EXCEEDED)]
)
def test_the_third_reaches_the_limit(warnings: int, verdict: str) -> None:
    assert clause_3_b_1(Counts(warnings=warnings), LIMITS) == verdict


def test_the_third_keeps_b_and_asks_for_a_review() -> None:
    decided = decide(Counts(warnings=3), LIMITS)
    assert decided.grade == "B"
    assert decided.clauses == ()
    assert decided.exceeded == ("3-B-1",)
    assert decided.flags == ("over_limit",)


def test_the_limit_is_the_rule_sets_figure() -> None:
    assert clause_3_b_1(Counts(warnings=4), Limits(warnings=5)) == MET


def test_penalties_and_breaches_do_not_count_here() -> None:
    assert clause_3_b_1(Counts(penalties=9, breaches=9), LIMITS) == NOT_MET
