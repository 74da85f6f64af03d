"""The three clocks of a record: counts until, shown from and until, repair possible from.

Plain Python over plain values, each clock worked out from the facts (law.md, "repair tiers"): none
is counted up. A period in months ends with the corresponding day (Civil Code, arts. 201 and 203);
what asks for a period that has run begins on the day after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from grading.counting import ONE_DAY, Act, Rules, last_counted_day, why_not_counted
from grading.tiers import TierMap

# Why a record is not shown, or not repaired.
REVOKED, REPAIRED, SEALED = "revoked", "repaired", "sealed"
LIGHT_ACT, UNSERVED, CONTESTED, TOO_LATE = "light", "unserved", "contested", "too_late"


class Record(NamedTuple):
    """One act of a decision in force, with what its clocks hang on; ``act`` as it is counted."""

    act: Act
    procedure: str
    kinds: tuple[str, ...]
    fine_fen: int
    served_on: date | None = None
    revoked_on: date | None = None


class Clocks(NamedTuple):
    """What stands on the record; each day is included, None where there is none.

    ``counts_until`` is the last day on which it counts as things are known now. ``not_shown`` says
    why it is never shown (then both days are None) or, with days, why not at present
    ("contested"). ``no_repair`` says why repair is out of the question; a running contest only
    puts it off, and ``repair_from`` stays.
    """

    tier: str
    counts_until: date | None
    shown_from: date | None
    shown_until: date | None
    not_shown: str
    repair_from: date | None
    no_repair: str


def clocks_of(record: Record, day: date, rules: Rules, tiers: TierMap) -> Clocks:
    """The three clocks as of ``day`` under the rule set in force then."""
    tier = tier_of(record, tiers)
    if record.revoked_on is not None:
        return Clocks(tier, None, None, None, REVOKED, None, REVOKED)
    shown = _shown(record, day, rules, tiers)
    until = counts_until(record.act, rules)
    if record.act.repaired_on is not None:
        return Clocks(tier, until, *shown, None, REPAIRED)
    return Clocks(tier, until, *shown, earliest_repair(record, tiers), "")


def tier_of(record: Record, tiers: TierMap) -> str:
    return tiers.tier(procedure=record.procedure, kinds=record.kinds, fine_fen=record.fine_fen)


def counts_until(act: Act, rules: Rules) -> date | None:
    """The last day on which the act counts; None where it counts on no day."""
    for last in sorted(_last_days(act, rules), reverse=True):
        if not why_not_counted(act, last, rules):
            return last
    return None


def earliest_repair(record: Record, tiers: TierMap) -> date:
    """The first day after the minimum period, counted from the decision; without one that day."""
    months = tiers.terms[tier_of(record, tiers)].min_months
    decided = record.act.decided_on
    return last_counted_day(decided, months) + ONE_DAY if months else decided


def is_shown(record: Record, day: date, rules: Rules, tiers: TierMap) -> bool:
    """Whether the record may be shown outside on ``day``."""
    begins, ends, why = _shown(record, day, rules, tiers)
    return begins is not None and ends is not None and not why and begins <= day <= ends


def _shown(
    record: Record, day: date, rules: Rules, tiers: TierMap
) -> tuple[date | None, date | None, str]:
    act, term = record.act, tiers.terms[tier_of(record, tiers)]
    if record.revoked_on is not None:
        return None, None, REVOKED
    if not rules.discloses(act.law_key):
        return None, None, SEALED
    if not term.shown:
        return None, None, LIGHT_ACT
    if record.served_on is None:
        return None, None, UNSERVED
    ends = last_counted_day(act.decided_on, term.max_months)
    if act.repaired_on is not None:
        ends = min(ends, act.repaired_on - ONE_DAY)
    if record.served_on > ends:
        return None, None, REPAIRED if act.repaired_on is not None else TOO_LATE
    return record.served_on, ends, CONTESTED if is_contested(act, day) else ""


def is_contested(act: Act, day: date) -> bool:
    """Whether an administrative review or a suit covers ``day``."""
    return any(begins <= day and (ends is None or day < ends) for begins, ends in act.contests)


def _last_days(act: Act, rules: Rules) -> Iterator[date]:
    """Every day that may be the last: of the year, before a repair, before a contest."""
    yield last_counted_day(act.decided_on, rules.window_months)
    if act.repaired_on is not None:
        yield act.repaired_on - ONE_DAY
    for begins, _ in act.contests:
        yield begins - ONE_DAY
