"""3-A: A needs a red-list entry that counts, and nothing on record."""

from grading.rules import Counts, Limits, clause_3_a, decide

LIMITS = Limits()


def test_a_needs_the_red_list() -> None:
    assert clause_3_a(Counts(red_listed=True))
    assert not clause_3_a(Counts())
    assert decide(Counts(red_listed=True), LIMITS) == ("A", ("3-A",), (), ())


def test_without_it_and_without_records_there_is_no_grade() -> None:
    assert decide(Counts(), LIMITS) == ("", (), (), ())


def test_any_record_beside_it_gives_b_and_a_conflict() -> None:
    for counts in (Counts(warnings=1), Counts(penalties=1), Counts(breaches=1)):
        decided = decide(counts._replace(red_listed=True), LIMITS)
        assert decided.grade == "B"
        assert decided.flags == ("list_conflict",)


def test_an_outside_signal_changes_no_grade() -> None:
    for counts in (Counts(), Counts(red_listed=True), Counts(penalties=1)):
        plain = decide(counts, LIMITS)
        signalled = decide(counts._replace(outside_signal=True), LIMITS)
        assert signalled[:3] == plain[:3]
        assert signalled.flags == ("outside_signal",)


def test_flags_are_sorted() -> None:
    counts = Counts(warnings=3, red_listed=True, outside_signal=True)
    flags = decide(counts, LIMITS).flags
    assert flags == ("list_conflict", "outside_signal", "over_limit")
