"""Chapter three of 舞公〔2021〕394号 as plain Python: a function a clause, then the table.

No ORM, no clock, no settings: what counts on a day is ``grading.counting``'s matter, where the
figures come from is ``grading.facts``'s. Money is in fen. Clause ids as in clauses.md.
"""

from __future__ import annotations

from typing import NamedTuple

# Which way a limit of 3-B stands.
NOT_MET, MET, EXCEEDED = "not_met", "met", "exceeded"

OVER_LIMIT, LIST_CONFLICT, OUTSIDE_SIGNAL = "over_limit", "list_conflict", "outside_signal"


class Limits(NamedTuple):
    """The figures of 3-B: counts must stay below the first three, money must not pass the last."""

    warnings: int = 3
    penalties: int = 3
    breaches: int = 3
    amount_fen: int = 500_000_00


class Counts(NamedTuple):
    """What counts for one organisation on one day: W, P, L, M, and the lists it stands on."""

    warnings: int = 0
    penalties: int = 0
    breaches: int = 0
    amount_fen: int = 0
    black_listed: bool = False
    red_listed: bool = False
    outside_signal: bool = False


class Decided(NamedTuple):
    """What the table gives: ``grade`` is "A", "B", "C" or "" (未定级).

    ``clauses`` are those that carry the grade, ``exceeded`` the conditions of B whose limit is
    reached, ``flags`` what people must look at; each sorted.
    """

    grade: str
    clauses: tuple[str, ...]
    exceeded: tuple[str, ...]
    flags: tuple[str, ...]


def clause_3_a(counts: Counts) -> bool:
    """3-A: a red-list entry published by the bureau counts."""
    return counts.red_listed


def clause_3_b_1(counts: Counts, limits: Limits) -> str:
    """3-B-1: orders to correct and warnings together, fewer than the limit (3) in a year."""
    if counts.warnings == 0:
        return NOT_MET
    return MET if counts.warnings < limits.warnings else EXCEEDED


def clause_3_b_2(counts: Counts, limits: Limits) -> str:
    """3-B-2: penalty cases fewer than the limit (3), their money not over the limit (500,000)."""
    if counts.penalties == 0:
        return NOT_MET
    within = counts.penalties < limits.penalties and counts.amount_fen <= limits.amount_fen
    return MET if within else EXCEEDED


def clause_3_b_3(counts: Counts, limits: Limits) -> str:
    """3-B-3: breaches of licence commitments, fewer than the limit (3) in a year."""
    if counts.breaches == 0:
        return NOT_MET
    return MET if counts.breaches < limits.breaches else EXCEEDED


def clause_3_c(counts: Counts) -> bool:
    """3-C: a black-list entry published by the bureau counts; nothing else ever gives C."""
    return counts.black_listed


CONDITIONS_OF_B = (("3-B-1", clause_3_b_1), ("3-B-2", clause_3_b_2), ("3-B-3", clause_3_b_3))


def decide(counts: Counts, limits: Limits) -> Decided:
    """The decision table of domain.md §3: the first row that fits decides; flags beside it."""
    on_record = counts.warnings + counts.penalties + counts.breaches > 0
    clauses: tuple[str, ...] = ()
    exceeded: tuple[str, ...] = ()
    if clause_3_c(counts):
        grade, clauses = "C", ("3-C",)
    elif on_record:
        grade = "B"
        for clause, condition in CONDITIONS_OF_B:
            verdict = condition(counts, limits)
            if verdict == MET:
                clauses += (clause,)
            elif verdict == EXCEEDED:
                exceeded += (clause,)
    elif clause_3_a(counts):
        grade, clauses = "A", ("3-A",)
    else:
        grade = ""

    flags: tuple[str, ...] = ()
    if counts.red_listed and (on_record or counts.black_listed):
        flags += (LIST_CONFLICT,)
    if counts.outside_signal:
        flags += (OUTSIDE_SIGNAL,)
    if exceeded:
        flags += (OVER_LIMIT,)
    return Decided(grade, clauses, exceeded, flags)
