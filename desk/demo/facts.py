"""What a demonstration case is made of: papers, list entries, and the grade they must give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

# A treatment: a kind, or a kind with its money in yuan.
Treatment = str | tuple[str, Decimal]


@dataclass(frozen=True, slots=True)
class ActMade:
    """One act: its treatments, and whether its law's records are sealed."""

    treatments: tuple[Treatment, ...]
    sealed: bool = False
    repaired_on: date | None = None
    revoked_on: date | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """One decision in force; ``contest`` is (from, until)."""

    decided_on: date
    acts: tuple[ActMade, ...]
    kind: str = "penalty"
    contest: tuple[date, date | None] | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One published list entry."""

    list: str
    listed_on: date
    expires_on: date
    removed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """The right answer, worked out by hand beside each case (domain.md §3), not by the rules.

    ``clauses`` and ``flags`` are sorted and joined by one blank, money is in yuan.
    """

    grade: str = ""
    clauses: str = ""
    flags: str = ""
    warnings: int = 0
    penalties: int = 0
    breaches: int = 0
    amount: Decimal = Decimal(0)
    disclosable_grade: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """An organisation's facts with the grade they give on the day they were made for."""

    facts: tuple[Paper | Listed, ...]
    expected: Expected


# A case on a day, with some chance for days and sums that do not matter.
MakeCase = Callable[[date, Random], Case]


def first_day_that_counts(day: date) -> date:
    """The earliest day of a decision that still counts on ``day`` (Civil Code, arts. 201, 203)."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February: what was decided on 28 February ended a day ago
        return date(day.year - 1, 3, 1)


def recent(day: date, chance: Random) -> date:
    """A day that counts on ``day``, well away from the ends."""
    return day - timedelta(days=chance.randint(20, 330))


def long_ago(day: date, chance: Random) -> date:
    """A day whose decisions lapsed before ``day``."""
    return day - timedelta(days=chance.randint(380, 1200))


def yuan(chance: Random, low: int = 200, high: int = 60_000) -> Decimal:
    """A sum of whole tens of yuan."""
    return Decimal(chance.randint(low // 10, high // 10) * 10).quantize(Decimal("0.01"))


def fine(amount: Decimal | int | str) -> ActMade:
    return ActMade((("fine", Decimal(amount).quantize(Decimal("0.01"))),))


def warning(*, repaired_on: date | None = None, revoked_on: date | None = None) -> ActMade:
    return ActMade(("warning",), repaired_on=repaired_on, revoked_on=revoked_on)


def order() -> ActMade:
    return ActMade(("order_to_correct",))
