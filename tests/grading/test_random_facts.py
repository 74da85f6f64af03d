"""The rules over random facts against the plain evaluation of ``oracle``, one by one."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from grading.counting import (
    Act,
    Entry,
    Evaluation,
    Facts,
    Rules,
    Signal,
    evaluate,
    evaluate_both,
    next_change,
)
from tests.grading import oracle
from tests.grading.random_facts import OPEN, days, subjects

RULES = Rules(1, "制度", date(2022, 1, 1), date(2021, 12, 25), open_laws=frozenset({OPEN}))
BY_VIOLATION = Rules(
    2, "按行为", date(2022, 1, 1), date(2021, 12, 25), by_violation=True,
    open_laws=frozenset({OPEN}),
)  # fmt: skip


def as_facts(subject: oracle.PlainSubject) -> Facts:
    """What ``facts.py`` hands over: nothing revoked, nothing unpublished."""
    return Facts(
        [
            Act(n, a.decision, a.bucket, a.fen, a.law, a.decided_on, a.repaired_on, a.contests)
            for n, a in enumerate(subject.acts)
            if not a.revoked
        ],
        [
            Entry(n, e.kind, e.listed_on, e.expires_on, e.removed_on)
            for n, e in enumerate(subject.entries)
            if e.published
        ],
        [Signal(n, s.begins, s.until) for n, s in enumerate(subject.signals)],
    )


def said(evaluation: Evaluation) -> tuple[str, str, int, int, int, int, str]:
    grade, clauses, _, flags = evaluation.decided
    w, p, br, money = evaluation.counts[:4]
    return (grade, " ".join(clauses), w, p, br, money, " ".join(flags))


@settings(max_examples=60, deadline=None)
@given(subjects(), days, st.booleans())
def test_grade_counts_flags_and_next_day(
    subject: oracle.PlainSubject, day: date, by_violation: bool
) -> None:
    versions = [BY_VIOLATION if by_violation else RULES]
    facts = as_facts(subject)
    both = evaluate_both(facts, day, versions)
    outside = {"by_violation": by_violation, "open_laws": [OPEN]}
    assert said(both.internal) == oracle.answer(subject, day, by_violation=by_violation)
    assert said(both.disclosable) == oracle.answer(subject, day, **outside)  # type: ignore[arg-type]
    assert both.next_change_on == oracle.next_day(subject, day, by_violation=by_violation)
    assert both.disclosable_next_change_on == oracle.next_day(subject, day, **outside)  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(subjects(), days)
def test_following_the_named_days_meets_every_change(
    subject: oracle.PlainSubject, day: date
) -> None:
    facts = as_facts(subject)
    at = evaluate(facts, day, [RULES])
    for _ in range(30):
        turn = next_change(facts, at, [RULES])
        if turn is None:
            return
        assert turn > at.day
        at = evaluate(facts, turn, [RULES])
        assert said(at) == oracle.answer(subject, turn)
    raise AssertionError("the chain of changes does not end")
