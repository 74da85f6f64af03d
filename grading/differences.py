"""Why two evaluations of one organisation differ: a named reason for each thing that moved.

Two days, two moments of knowledge, or both: each side brings its evaluation and the facts it rests
on. Where the evaluations are the same there is no reason; where they differ there is at least one,
because an evaluation is decided by nothing but the rules and by what counts, and each of these is
compared. Plain Python over plain values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from grading.counting import (
    ONE_DAY,
    Act,
    Entry,
    Evaluation,
    Facts,
    Rules,
    Signal,
    entry_counts,
    last_counted_day,
    signal_counts,
    why_not_counted,
)

COUNTS = ""
# Why something does not count on a side; of acts also those of ``why_not_counted``.
NO_RULES, UNKNOWN, UNCONFIRMED, REVOKED, WITHDRAWN, ELSEWHERE = (
    "no_rules", "unknown", "unconfirmed", "revoked", "withdrawn", "elsewhere",
)  # fmt: skip
NOT_YET, LAPSED, REPAIRED, CONTESTED = "not_yet", "lapsed", "repaired", "contested"
EXPIRED, REMOVED = "expired", "removed"
ACT, ENTRY, SIGNAL, RULES = "act", "entry", "signal", "rules"
LOST, GAINED, CORRECTED, CHANGED = "lost", "gained", "corrected", "changed"


@dataclass(frozen=True, slots=True)
class Side:
    """One evaluation and the facts it rests on.

    ``fates`` say of things that are not among the facts why: revoked, withdrawn, unconfirmed, in
    another file; what is not named there was not known. Keys are (ACT, ENTRY or SIGNAL, id).
    """

    evaluation: Evaluation
    facts: Facts
    fates: Mapping[tuple[str, int], str] = field(default_factory=dict)

    @property
    def day(self) -> date:
        return self.evaluation.day

    @property
    def rules(self) -> Rules | None:
        return self.evaluation.rules

    def acts(self) -> dict[int, Act]:
        return {act.violation_id: act for act in self.facts.acts}

    def entries(self) -> dict[int, Entry]:
        return {entry.entry_id: entry for entry in self.facts.entries}

    def signals(self) -> dict[int, Signal]:
        return {signal.factor_id: signal for signal in self.facts.signals}


class Reason(NamedTuple):
    """One thing that moved: ``why`` is what keeps it from counting on the side where it does not.

    ``on`` is the day on which that began or ended, where the facts tell. Of rules ``ids`` are those
    of the rule sets before and after.
    """

    what: str
    how: str
    why: str
    ids: tuple[int, ...]
    on: date | None = None


def same(before: Evaluation, after: Evaluation) -> bool:
    """Whether nothing that an evaluation says differs but its day."""
    return _essence(before) == _essence(after)


def _essence(at: Evaluation) -> tuple[object, ...]:
    rules = at.rules.id if at.rules else None
    return rules, at.outcome, at.counted, at.entries


def reasons(before: Side, after: Side) -> tuple[Reason, ...]:
    """What moved from one side to the other; empty where the evaluations are the same."""
    if same(before.evaluation, after.evaluation):
        return ()
    old, new = before.rules, after.rules
    found: list[Reason] = []
    if (old and old.id) != (new and new.id):
        ids = tuple(rules.id for rules in (old, new) if rules)
        found.append(Reason(RULES, CHANGED, "", ids, new.begins_on if new else None))
    if old is None or new is None:  # nothing counts without rules: no more is to be said
        return tuple(found)
    found += _acts(before, after)
    found += _entries(before, after)
    found += _signals(before, after)
    return tuple(found)


def act_status(side: Side, violation_id: int, act: Act | None) -> str:
    """ "" where the act counts on this side, else why not."""
    if side.rules is None:
        return NO_RULES
    if act is None:
        return side.fates.get((ACT, violation_id), UNKNOWN)
    why = why_not_counted(act, side.day, side.rules)
    last = last_counted_day(act.decided_on, side.rules.window_months)
    if why == LAPSED and act.repaired_on is not None and act.repaired_on <= last:
        return REPAIRED  # that came first
    return why


def entry_status(side: Side, entry_id: int, entry: Entry | None) -> str:
    """ "" where the list entry counts on this side, else why not."""
    if entry is None:
        return side.fates.get((ENTRY, entry_id), UNKNOWN)
    if entry_counts(entry, side.day):
        return COUNTS
    if side.day < entry.listed_on:
        return NOT_YET
    is_removed = entry.removed_on is not None and entry.removed_on <= entry.expires_on
    return REMOVED if is_removed else EXPIRED


def signal_status(side: Side, factor_id: int, signal: Signal | None) -> str:
    """ "" where the factor is in force on this side, else why not."""
    if signal is None:
        return side.fates.get((SIGNAL, factor_id), UNKNOWN)
    if signal_counts(signal, side.day):
        return COUNTS
    return NOT_YET if side.day < signal.in_force_from else EXPIRED


def _acts(before: Side, after: Side) -> Iterator[Reason]:
    olds, news = before.acts(), after.acts()
    for one in sorted(olds.keys() | news.keys()):
        old, new = olds.get(one), news.get(one)
        was, now = act_status(before, one, old), act_status(after, one, new)
        if was == now == COUNTS and old and new and _weight(old) != _weight(new):
            yield Reason(ACT, CORRECTED, "", (one,))
        elif COUNTS in (was, now) and was != now:
            if old and new and old.decided_on != new.decided_on:
                yield Reason(ACT, CORRECTED, "", (one,))
            elif was == COUNTS:
                yield Reason(ACT, LOST, now, (one,), _day_of(now, new or old, after))
            else:
                why = NOT_YET if was == UNKNOWN and new and new.decided_on > before.day else was
                yield Reason(ACT, GAINED, why, (one,), _day_of(why, old or new, before))


def _weight(act: Act) -> tuple[object, ...]:
    return act.decision_id, act.bucket, act.amount_fen, act.decided_on


def _day_of(why: str, act: Act | None, side: Side) -> date | None:
    """The day with which what keeps the act from counting begins, or of a contest that is over."""
    if act is None or side.rules is None:
        return None
    if why == LAPSED:
        return last_counted_day(act.decided_on, side.rules.window_months) + ONE_DAY
    if why == NOT_YET:
        return act.decided_on
    if why == REPAIRED:
        return act.repaired_on
    if why == CONTESTED:
        covering = [
            begins
            for begins, ends in act.contests
            if begins <= side.day and (ends is None or side.day < ends)
        ]
        return min(covering, default=None)
    return None


def _entries(before: Side, after: Side) -> Iterator[Reason]:
    olds, news = before.entries(), after.entries()
    for one in sorted(olds.keys() | news.keys()):
        old, new = olds.get(one), news.get(one)
        was, now = entry_status(before, one, old), entry_status(after, one, new)
        if was == now == COUNTS and old and new and old.kind != new.kind:
            yield Reason(ENTRY, CORRECTED, "", (one,))
        elif was == COUNTS and now != COUNTS:
            yield Reason(ENTRY, LOST, now, (one,), _entry_day(now, new or old))
        elif now == COUNTS and was != COUNTS:
            why = NOT_YET if was == UNKNOWN and new and new.listed_on > before.day else was
            yield Reason(ENTRY, GAINED, why, (one,), _entry_day(why, old or new))


def _entry_day(why: str, entry: Entry | None) -> date | None:
    if entry is None:
        return None
    days = {NOT_YET: entry.listed_on, REMOVED: entry.removed_on}
    return entry.expires_on + ONE_DAY if why == EXPIRED else days.get(why)


def _signals(before: Side, after: Side) -> Iterator[Reason]:
    olds, news = before.signals(), after.signals()
    for one in sorted(olds.keys() | news.keys()):
        old, new = olds.get(one), news.get(one)
        was, now = signal_status(before, one, old), signal_status(after, one, new)
        if was == COUNTS and now != COUNTS:
            yield Reason(SIGNAL, LOST, now, (one,))
        elif now == COUNTS and was != COUNTS:
            yield Reason(SIGNAL, GAINED, was, (one,))
