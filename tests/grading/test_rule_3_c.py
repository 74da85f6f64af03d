"""3-C: C needs a published black-list entry; no number of records ever gives it."""

from hypothesis import given
from hypothesis import strategies as st

from grading.rules import Counts, Limits, clause_3_c, decide

numbers = st.integers(min_value=0, max_value=1000)
money = st.integers(min_value=0, max_value=10**13)


def test_the_black_list_gives_c_by_3_c_alone() -> None:
    assert clause_3_c(Counts(black_listed=True))
    counts = Counts(warnings=3, penalties=1, amount_fen=1, black_listed=True)
    assert decide(counts, Limits()) == ("C", ("3-C",), (), ())


@given(numbers, numbers, numbers, money, st.booleans(), st.booleans())
def test_no_record_gives_c(w: int, p: int, breaches: int, m: int, red: bool, sig: bool) -> None:
    decided = decide(Counts(w, p, breaches, m, False, red, sig), Limits())
    assert decided.grade != "C"


@given(numbers, numbers, numbers, money, st.booleans())
def test_c_is_never_over_limit(w: int, p: int, breaches: int, m: int, red: bool) -> None:
    decided = decide(Counts(w, p, breaches, m, True, red, False), Limits())
    assert decided.grade == "C"
    assert "over_limit" not in decided.flags
    assert ("list_conflict" in decided.flags) == red
