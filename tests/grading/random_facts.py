"""Random facts around a few days that matter: anniversaries, leap days, month ends."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from tests.grading.oracle import PlainAct, PlainEntry, PlainSignal, PlainSubject

OPEN, SEALED = "保安服务管理条例", "治安管理处罚法"
ANCHORS = [
    date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(2023, 2, 28), date(2025, 2, 28),
    date(2024, 12, 31), date(2025, 1, 1), date(2025, 6, 30),
]  # fmt: skip


def near(anchor: date, days: int) -> date:
    return anchor + timedelta(days=days)


days = st.one_of(
    st.builds(near, st.sampled_from(ANCHORS), st.integers(-2, 2)),
    st.dates(date(2023, 1, 1), date(2026, 1, 1)),
)
spans = st.tuples(days, st.integers(1, 500))
MONEY = [0, 100, 20_000_000, 30_000_000, 50_000_000, 50_000_001]


@st.composite
def contests(draw: st.DrawFn) -> tuple[tuple[date, date | None], ...]:
    found: list[tuple[date, date | None]] = []
    for begins, length in draw(st.lists(spans, max_size=2)):
        ends = begins + timedelta(days=length)
        found.append((begins, draw(st.sampled_from([ends, ends, None]))))
    return tuple(found)


@st.composite
def decisions(draw: st.DrawFn, number: int) -> list[PlainAct]:
    """The acts of one decision: its day and its contests are common to them."""
    decided_on = draw(days)
    contested = draw(contests())
    is_breach = draw(st.booleans()) and draw(st.booleans())
    acts = []
    for _ in range(draw(st.integers(1, 3))):
        bucket = "breach" if is_breach else draw(st.sampled_from(["warning", "penalty"]))
        fen = draw(st.sampled_from(MONEY)) if bucket == "penalty" else 0
        repaired = draw(st.one_of(st.none(), st.none(), days))
        acts.append(
            PlainAct(
                number, bucket, fen, draw(st.sampled_from([OPEN, SEALED])), decided_on,
                repaired, contested, draw(st.integers(0, 5)) == 0,
            )
        )  # fmt: skip
    return acts


@st.composite
def entries(draw: st.DrawFn) -> PlainEntry:
    listed_on, term = draw(spans)
    removed = draw(st.one_of(st.none(), st.integers(0, term)))
    return PlainEntry(
        draw(st.sampled_from(["red", "black"])),
        listed_on,
        listed_on + timedelta(days=term),
        None if removed is None else listed_on + timedelta(days=removed),
        draw(st.integers(0, 4)) > 0,
    )


@st.composite
def signals(draw: st.DrawFn) -> PlainSignal:
    begins, length = draw(spans)
    return PlainSignal(begins, draw(st.sampled_from([begins + timedelta(days=length), None])))


@st.composite
def subjects(draw: st.DrawFn) -> PlainSubject:
    acts: list[PlainAct] = []
    for number in range(draw(st.integers(0, 5))):
        acts += draw(decisions(number))
    return PlainSubject(
        tuple(acts),
        tuple(draw(st.lists(entries(), max_size=2))),
        tuple(draw(st.lists(signals(), max_size=1))),
    )
