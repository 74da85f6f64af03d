"""3-B-3: breaches of licence commitments, 1 or 2 in a year."""

import pytest

from grading.rules import EXCEEDED, MET, NOT_MET, Counts, Limits, clause_3_b_3, decide

LIMITS = Limits()


@pytest.mark.parametrize(
    ("breaches", "verdict"), [(0, NOT_MET), (1, MET), (2, MET), (3, EXCEEDED), (4, EXCEEDED)]
)
def test_the_third_reaches_the_limit(breaches: int, verdict: str) -> None:
    assert clause_3_b_3(Counts(breaches=breaches), LIMITS) == verdict


def test_one_condition_within_its_limit_carries_b_beside_an_exceeded_one() -> None:
    decided = decide(Counts(warnings=3, breaches=2), LIMITS)
    assert decided.grade == "B"
    assert decided.clauses == ("3-B-3",)
    assert decided.exceeded == ("3-B-1",)
    assert decided.flags == ("over_limit",)
