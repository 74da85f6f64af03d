"""What counts on a day, and on which day that next differs (domain.md §2 "What counts", §3).

Plain Python over plain values. The only readings of "one year" (Civil Code, arts. 201 and 203) are
``last_counted_day`` and its exact inverse ``first_decision_day``.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from grading.rules import Counts, Decided, Limits, decide

ONE_DAY = timedelta(days=1)
WARNING, PENALTY, BREACH = "warning", "penalty", "breach"
REGULATION_LIMITS = Limits()


class Act(NamedTuple):
    """One violation of a decision in force that is not revoked; ``contests`` are (from, until)."""

    violation_id: int
    decision_id: int
    bucket: str
    amount_fen: int
    law_key: str
    decided_on: date
    repaired_on: date | None = None
    contests: tuple[tuple[date, date | None], ...] = ()


class Entry(NamedTuple):
    """One published list entry that is not revoked; ``kind`` is "red" or "black"."""

    entry_id: int
    kind: str
    listed_on: date
    expires_on: date
    removed_on: date | None = None


class Signal(NamedTuple):
    """One factor that opens an outside signal while it is in force (last day included)."""

    factor_id: int
    in_force_from: date
    in_force_until: date | None = None


@dataclass(slots=True)
class Facts:
    """Everything on record about one organisation that counts on some day."""

    acts: list[Act] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    signals: list[Signal] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Rules:
    """One approved rule set.

    ``open_laws`` are the normalised names of the laws whose records may leave the bureau; every
    other law counts as sealed.
    """

    id: int
    name: str
    effective_from: date
    approved_on: date
    limits: Limits = REGULATION_LIMITS
    window_months: int = 12
    by_violation: bool = False
    open_laws: frozenset[str] = frozenset()

    @property
    def begins_on(self) -> date:
        """Its first day: the one it names, but never before its approval."""
        return max(self.effective_from, self.approved_on)

    def discloses(self, law_key: str) -> bool:
        """Whether an act under this law (or these, joined by "|") may be known outside."""
        return all(law in self.open_laws for law in law_key.split("|"))


class Evaluation(NamedTuple):
    """One application of the rules to one organisation on one day, with what it rests on."""

    day: date
    rules: Rules | None
    counts: Counts
    decided: Decided
    counted: tuple[int, ...]
    entries: tuple[int, ...]
    earliest_on: date | None = None  # the earliest day of a decision that counts

    @property
    def outcome(self) -> tuple[object, ...]:
        """What makes one evaluation differ from another (domain.md §3, ``next_change_on``)."""
        return (*self.decided, *self.counts[:4])


@lru_cache(maxsize=8192)
def last_counted_day(decided_on: date, months: int = 12) -> date:
    """The corresponding day ``months`` later, or that month's last day where there is none."""
    years, month = divmod(decided_on.month - 1 + months, 12)
    year, month = decided_on.year + years, month + 1
    return date(year, month, min(decided_on.day, monthrange(year, month)[1]))


@lru_cache(maxsize=1024)
def first_decision_day(day: date, months: int = 12) -> date:
    """The earliest day of a decision that still counts on ``day``; inverse of the above."""
    first = last_counted_day(day, -months)
    while last_counted_day(first, months) < day:
        first += ONE_DAY
    while last_counted_day(first - ONE_DAY, months) >= day:
        first -= ONE_DAY
    return first


def why_not_counted(act: Act, day: date, rules: Rules) -> str:
    """ "" where the act counts on ``day``; else "repaired", "contested", "not_yet" or "lapsed"."""
    if day < act.decided_on:
        return "not_yet"
    if day > last_counted_day(act.decided_on, rules.window_months):
        return "lapsed"
    if act.repaired_on is not None and act.repaired_on <= day:
        return "repaired"
    for begins, ends in act.contests:
        if begins <= day and (ends is None or day < ends):
            return "contested"
    return ""


def entry_counts(entry: Entry, day: date) -> bool:
    """Whether a published entry counts: from its first day to its term or its removal."""
    return entry.listed_on <= day <= entry.expires_on and (
        entry.removed_on is None or day < entry.removed_on
    )


def signal_counts(signal: Signal, day: date) -> bool:
    """Whether a factor is in force."""
    return signal.in_force_from <= day and (
        signal.in_force_until is None or day <= signal.in_force_until
    )


def rules_on(day: date, versions: Sequence[Rules]) -> Rules | None:
    """The one with the latest ``effective_from`` among those begun; None before the first."""
    begun = [version for version in versions if version.begins_on <= day]
    return max(begun, key=lambda version: version.effective_from) if begun else None


_NOTHING = Decided("", (), (), ())


def evaluate(
    facts: Facts, day: date, versions: Sequence[Rules], *, disclosable: bool = False
) -> Evaluation:
    """The grade on ``day``; with ``disclosable`` from what may be known outside alone.

    Before the first rule set there is no grade and ``rules`` is None (制度尚未施行).
    """
    rules = rules_on(day, versions)
    if rules is None:
        return Evaluation(day, None, Counts(), _NOTHING, (), ())
    acts = [
        act
        for act in facts.acts
        if not why_not_counted(act, day, rules)
        and (not disclosable or rules.discloses(act.law_key))
    ]
    entries = [entry for entry in facts.entries if entry_counts(entry, day)]
    kinds = {entry.kind for entry in entries}
    counts = Counts(
        *_how_many(acts, by_violation=rules.by_violation),
        sum(act.amount_fen for act in acts if act.bucket == PENALTY),
        "black" in kinds,
        "red" in kinds,
        not disclosable and any(signal_counts(signal, day) for signal in facts.signals),
    )
    return Evaluation(
        day,
        rules,
        counts,
        decide(counts, rules.limits),
        tuple(sorted(act.violation_id for act in acts)),
        tuple(sorted(entry.entry_id for entry in entries)),
        min((act.decided_on for act in acts), default=None),
    )


def _how_many(acts: list[Act], *, by_violation: bool) -> tuple[int, int, int]:
    """W, P, L: decisions with at least one act in the bucket, or the acts themselves."""
    seen: dict[str, set[int]] = {WARNING: set(), PENALTY: set(), BREACH: set()}
    for act in acts:
        seen[act.bucket].add(act.violation_id if by_violation else act.decision_id)
    return len(seen[WARNING]), len(seen[PENALTY]), len(seen[BREACH])


def turning_days(facts: Facts, versions: Sequence[Rules]) -> set[date]:
    """Every day on which something on record begins or ends to count."""
    days = {version.begins_on for version in versions}
    windows = {version.window_months for version in versions}
    for act in facts.acts:
        days.add(act.decided_on)
        days.update(last_counted_day(act.decided_on, months) + ONE_DAY for months in windows)
        if act.repaired_on is not None:
            days.add(act.repaired_on)
        for begins, ends in act.contests:
            days.add(begins)
            if ends is not None:
                days.add(ends)
    for entry in facts.entries:
        days.update((entry.listed_on, entry.expires_on + ONE_DAY))
        if entry.removed_on is not None:
            days.add(entry.removed_on)
    for signal in facts.signals:
        days.add(signal.in_force_from)
        if signal.in_force_until is not None:
            days.add(signal.in_force_until + ONE_DAY)
    return days


def next_change(
    facts: Facts, now: Evaluation, versions: Sequence[Rules], *, disclosable: bool = False
) -> date | None:
    """The earliest day after ``now.day`` with another outcome if no new fact came in, or None."""
    for day in sorted(turn for turn in turning_days(facts, versions) if turn > now.day):
        if evaluate(facts, day, versions, disclosable=disclosable).outcome != now.outcome:
            return day
    return None


class Both(NamedTuple):
    """The internal and the disclosable evaluation of one organisation, each with its next day."""

    internal: Evaluation
    next_change_on: date | None
    disclosable: Evaluation
    disclosable_next_change_on: date | None


def evaluate_both(facts: Facts, day: date, versions: Sequence[Rules]) -> Both:
    """Both grades on ``day``; the second costs nothing where everything may be known outside."""
    internal = evaluate(facts, day, versions)
    upcoming = next_change(facts, internal, versions)
    laws = {act.law_key for act in facts.acts}
    if not facts.signals and all(rules.discloses(law) for rules in versions for law in laws):
        return Both(internal, upcoming, internal, upcoming)
    outside = evaluate(facts, day, versions, disclosable=True)
    return Both(
        internal, upcoming, outside, next_change(facts, outside, versions, disclosable=True)
    )
