"""A reason is named whenever two evaluations differ, and none where they do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading import differences
from grading.counting import Act, Entry, Facts, Rules, Signal, evaluate
from grading.differences import Reason, Side, reasons
from tests.grading import oracle
from tests.grading.random_facts import OPEN, days, subjects
from tests.grading.test_random_facts import BY_VIOLATION, RULES, as_facts, said

SHORTER = replace(RULES, id=3, name="半年", window_months=6)
LATER = replace(RULES, id=4, name="2025 版", effective_from=date(2025, 1, 1))
VERSIONS = [[RULES], [BY_VIOLATION], [SHORTER], [RULES, LATER], []]


def side(facts: Facts, day: date, versions: list[Rules], **fates: str) -> Side:
    keyed = {(key.split("_")[0], int(key.split("_")[1])): why for key, why in fates.items()}
    return Side(evaluate(facts, day, versions), facts, keyed)


@st.composite
def moved(draw: st.DrawFn) -> tuple[oracle.PlainSubject, oracle.PlainSubject]:
    """A subject, and the same after something happened to some of its records."""
    before = draw(subjects())
    acts = []
    for act in before.acts:
        what = draw(st.integers(0, 9))
        if what == 0:
            act = replace(act, revoked=not act.revoked)
        elif what == 1:
            act = replace(act, repaired_on=draw(st.one_of(st.none(), days)))
        elif what == 2:
            act = replace(act, contests=((draw(days), None),))
        elif what == 3:
            act = replace(act, bucket="penalty", fen=draw(st.sampled_from([0, 50_000_001])))
        elif what == 4:
            act = replace(act, decided_on=draw(days))
        acts.append(act)
    more = draw(subjects())
    acts += [replace(act, decision=act.decision + 50) for act in more.acts[:2]]
    entries = [
        replace(one, published=draw(st.booleans()), removed_on=one.removed_on)
        for one in before.entries
    ]
    return before, replace(before, acts=tuple(acts), entries=(*entries, *more.entries[:1]))


@settings(max_examples=200, deadline=None)
@given(moved(), days, days, st.sampled_from(VERSIONS), st.sampled_from(VERSIONS))
def test_a_reason_is_named_where_evaluations_differ_and_only_there(
    pair: tuple[oracle.PlainSubject, oracle.PlainSubject],
    first: date,
    second: date,
    old_rules: list[Rules],
    new_rules: list[Rules],
) -> None:
    before = side(as_facts(pair[0]), first, old_rules)
    after = side(as_facts(pair[1]), second, new_rules)
    found = reasons(before, after)
    differ = (
        said(before.evaluation) != said(after.evaluation)
        or before.evaluation.counted != after.evaluation.counted
        or before.evaluation.entries != after.evaluation.entries
        or before.evaluation.rules != after.evaluation.rules
    )
    assert bool(found) == differ
    lost = {r.ids[0] for r in found if r.what == "act" and r.how == "lost"}
    gained = {r.ids[0] for r in found if r.what == "act" and r.how == "gained"}
    corrected = {r.ids[0] for r in found if r.how == "corrected"}
    old, new = set(before.evaluation.counted), set(after.evaluation.counted)
    assert lost <= old - new
    assert gained <= new - old
    if before.rules and after.rules:
        assert (old ^ new) <= lost | gained | corrected


@settings(max_examples=100, deadline=None)
@given(subjects(), days, days)
def test_time_alone_is_told_by_the_days_themselves(
    subject: oracle.PlainSubject, first: date, second: date
) -> None:
    """Forward in time nothing is called new, revoked or unknown that was on record all along."""
    first, second = sorted((first, second))
    facts = as_facts(subject)
    for reason in reasons(side(facts, first, [RULES]), side(facts, second, [RULES])):
        assert reason.why in ("lapsed", "repaired", "contested", "not_yet", "removed", "expired")
        if reason.why in ("lapsed", "not_yet", "removed", "expired") and reason.on:
            assert first < reason.on <= second


def act(number: int, bucket: str = "penalty", **more: object) -> Act:
    fen = 100 if bucket == "penalty" else 0
    made = Act(number, number, bucket, fen, OPEN, date(2024, 3, 5))
    return made._replace(**more)  # type: ignore[arg-type]


THEN, LATER_DAY = date(2024, 6, 1), date(2024, 7, 1)
ONE = Facts([act(1)])
RED = Entry(9, "red", date(2024, 1, 1), date(2025, 1, 1))
FACTOR = Signal(5, date(2024, 1, 1))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (side(ONE, date(2025, 3, 5), [RULES]), side(ONE, date(2025, 3, 6), [RULES]),
         Reason("act", "lost", "lapsed", (1,), date(2025, 3, 6))),
        (side(ONE, THEN, [RULES]),
         side(Facts([act(1, repaired_on=date(2024, 6, 20))]), LATER_DAY, [RULES]),
         Reason("act", "lost", "repaired", (1,), date(2024, 6, 20))),
        (side(ONE, THEN, [RULES]), side(Facts(), THEN, [RULES], act_1="revoked"),
         Reason("act", "lost", "revoked", (1,))),
        (side(ONE, THEN, [RULES]), side(Facts(), THEN, [RULES], act_1="withdrawn"),
         Reason("act", "lost", "withdrawn", (1,))),
        (side(ONE, THEN, [RULES]),
         side(Facts([act(1, contests=((date(2024, 6, 10), None),))]), LATER_DAY, [RULES]),
         Reason("act", "lost", "contested", (1,), date(2024, 6, 10))),
        (side(Facts([act(1, contests=((date(2024, 5, 10), date(2024, 6, 9)),))]), THEN, [RULES]),
         side(Facts([act(1, contests=((date(2024, 5, 10), date(2024, 6, 9)),))]), LATER_DAY,
              [RULES]),
         Reason("act", "gained", "contested", (1,), date(2024, 5, 10))),
        (side(Facts(), THEN, [RULES]), side(Facts([act(2, decided_on=LATER_DAY)]), LATER_DAY,
                                            [RULES]),
         Reason("act", "gained", "not_yet", (2,), LATER_DAY)),
        (side(Facts(), THEN, [RULES]), side(ONE, THEN, [RULES]),
         Reason("act", "gained", "unknown", (1,))),
        (side(Facts(), THEN, [RULES], act_1="unconfirmed"), side(ONE, THEN, [RULES]),
         Reason("act", "gained", "unconfirmed", (1,))),
        (side(Facts(), THEN, [RULES], act_1="elsewhere"), side(ONE, THEN, [RULES]),
         Reason("act", "gained", "elsewhere", (1,))),
        (side(ONE, THEN, [RULES]), side(Facts([act(1, "warning")]), THEN, [RULES]),
         Reason("act", "corrected", "", (1,))),
        (side(ONE, date(2025, 3, 5), [RULES]),
         side(Facts([act(1, decided_on=date(2023, 3, 5))]), date(2025, 3, 5), [RULES]),
         Reason("act", "corrected", "", (1,))),
        (side(Facts(entries=[RED]), THEN, [RULES]),
         side(Facts(entries=[RED._replace(removed_on=LATER_DAY)]), LATER_DAY, [RULES]),
         Reason("entry", "lost", "removed", (9,), LATER_DAY)),
        (side(Facts(entries=[RED]), THEN, [RULES]),
         side(Facts(entries=[RED]), date(2025, 2, 1), [RULES]),
         Reason("entry", "lost", "expired", (9,), date(2025, 1, 2))),
        (side(Facts(entries=[RED]), THEN, [RULES]), side(Facts(), THEN, [RULES], entry_9="revoked"),
         Reason("entry", "lost", "revoked", (9,))),
        (side(Facts(), THEN, [RULES]), side(Facts(entries=[RED]), THEN, [RULES]),
         Reason("entry", "gained", "unknown", (9,))),
        (side(Facts(signals=[FACTOR]), THEN, [RULES]),
         side(Facts(), THEN, [RULES], signal_5="revoked"),
         Reason("signal", "lost", "revoked", (5,))),
        (side(ONE, THEN, [RULES]), side(ONE, THEN, [BY_VIOLATION]),
         Reason("rules", "changed", "", (1, 2), date(2022, 1, 1))),
        (side(ONE, date(2021, 6, 1), [RULES]), side(Facts(), date(2022, 6, 1), [RULES]),
         Reason("rules", "changed", "", (1,), date(2022, 1, 1))),
    ],
)  # fmt: skip
def test_each_reason(before: Side, after: Side, expected: Reason) -> None:
    assert reasons(before, after) == (expected,)


def test_what_has_no_effect_is_no_reason() -> None:
    """A correction of the law alone, and a day without anything."""
    other_law = Facts([act(1, law_key="治安管理处罚法")])
    assert reasons(side(ONE, THEN, [RULES]), side(other_law, THEN, [RULES])) == ()
    assert reasons(side(ONE, THEN, [RULES]), side(ONE, THEN + timedelta(days=1), [RULES])) == ()
    assert differences.same(evaluate(ONE, THEN, [RULES]), evaluate(ONE, LATER_DAY, [RULES]))
