"""The decision table read a second time, day by day and record by record, for comparison.

Nothing of ``grading.counting`` or ``grading.rules`` is used: what domain.md §2 and §3 say is said
here again in the plainest way, and the next change is found by walking through the days.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)
# Random facts begin by 2026-01-01 and end 500 days or a year later at the latest.
LAST_DAY = date(2027, 6, 30)


@dataclass(frozen=True)
class PlainAct:
    decision: int
    bucket: str
    fen: int
    law: str
    decided_on: date
    repaired_on: date | None
    contests: tuple[tuple[date, date | None], ...]
    revoked: bool


@dataclass(frozen=True)
class PlainEntry:
    kind: str
    listed_on: date
    expires_on: date
    removed_on: date | None
    published: bool


@dataclass(frozen=True)
class PlainSignal:
    begins: date
    until: date | None


@dataclass(frozen=True)
class PlainSubject:
    acts: tuple[PlainAct, ...]
    entries: tuple[PlainEntry, ...]
    signals: tuple[PlainSignal, ...]


def a_year_later(day: date) -> date:
    last = monthrange(day.year + 1, day.month)[1]
    return date(day.year + 1, day.month, min(day.day, last))


def act_counts(act: PlainAct, day: date) -> bool:
    if act.revoked:
        return False
    if not act.decided_on <= day <= a_year_later(act.decided_on):
        return False
    if act.repaired_on is not None and act.repaired_on <= day:
        return False
    return not any(
        begins <= day and (until is None or day < until) for begins, until in act.contests
    )


def entry_counts(entry: PlainEntry, day: date) -> bool:
    if not entry.published or day < entry.listed_on or day > entry.expires_on:
        return False
    return entry.removed_on is None or day < entry.removed_on


def answer(
    subject: PlainSubject,
    day: date,
    *,
    by_violation: bool = False,
    open_laws: Sequence[str] | None = None,
) -> tuple[str, str, int, int, int, int, str]:
    """(grade, clauses, W, P, L, M in fen, flags); with ``open_laws`` the disclosable answer."""
    if day < date(2022, 1, 1):
        return ("", "", 0, 0, 0, 0, "")
    acts = [
        (position, act)
        for position, act in enumerate(subject.acts)
        if act_counts(act, day) and (open_laws is None or act.law in open_laws)
    ]
    numbers = []
    for bucket in ("warning", "penalty", "breach"):
        keys = {p if by_violation else a.decision for p, a in acts if a.bucket == bucket}
        numbers.append(len(keys))
    w, p, br = numbers
    money = sum(act.fen for _, act in acts if act.bucket == "penalty")
    black = any(e.kind == "black" and entry_counts(e, day) for e in subject.entries)
    red = any(e.kind == "red" and entry_counts(e, day) for e in subject.entries)
    signalled = open_laws is None and any(
        s.begins <= day and (s.until is None or day <= s.until) for s in subject.signals
    )
    holds = {
        "3-B-1": 1 <= w < 3,
        "3-B-2": 1 <= p < 3 and money <= 50000000,
        "3-B-3": 1 <= br < 3,
    }
    if black:
        grade, clauses = "C", ["3-C"]
    elif w + p + br > 0:
        grade, clauses = "B", [clause for clause, held in holds.items() if held]
    elif red:
        grade, clauses = "A", ["3-A"]
    else:
        grade, clauses = "", []
    flags = []
    if grade != "C" and (w >= 3 or p >= 3 or money > 50000000 or br >= 3):
        flags.append("over_limit")
    if red and (w + p + br > 0 or black):
        flags.append("list_conflict")
    if signalled:
        flags.append("outside_signal")
    return (grade, " ".join(clauses), w, p, br, money, " ".join(sorted(flags)))


def next_day(
    subject: PlainSubject,
    day: date,
    *,
    by_violation: bool = False,
    open_laws: Sequence[str] | None = None,
) -> date | None:
    """The first day after ``day`` with another answer, looked for as far as facts reach."""
    now = answer(subject, day, by_violation=by_violation, open_laws=open_laws)
    for ahead in range(1, (LAST_DAY - day).days + 1):
        then = day + ahead * DAY
        if answer(subject, then, by_violation=by_violation, open_laws=open_laws) != now:
            return then
    return None
