"""By which event and on which day a grade becomes better, and what would make it worse (5-9).

The rules themselves are asked: each way is the evaluation of the facts as they would stand once
the thing is done, so doing it gives that grade on that day. Nothing here leads to C or to a list:
those come through the list procedure alone. Plain Python; who knows when repair becomes possible
hands the days over.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from grading.counting import (
    BREACH,
    PENALTY,
    WARNING,
    Act,
    Evaluation,
    Facts,
    Rules,
    evaluate,
    turning_days,
    why_not_counted,
)
from grading.rules import OVER_LIMIT

NOTHING, UPHELD, REPAIRED, REMOVED = "nothing", "upheld", "repaired", "removed"
BUCKETS = (PENALTY, WARNING, BREACH)
MOST_RECORDS = 12  # records that are looked at one by one, or together: the latest
MOST_STEPS = 240  # ... and fewer of them where there are very many
_RANKS = {"C": 0, "B": 1, "": 2, "A": 3}
_NEW = -1  # ids of records that are only imagined are negative


class Way(NamedTuple):
    """Done on ``on``, the thing gives ``better``, whose day is the first with a better grade.

    ``ids`` are violations; of the black list those of its entries. ``NOTHING`` needs no doing.
    """

    event: str
    ids: tuple[int, ...]
    on: date
    better: Evaluation


class Risk(NamedTuple):
    """``number`` more decisions of a bucket on any day from today to before ``until``.

    They give the outcome of ``worse`` on that day (that of today is shown). With ``over_fen`` it
    takes one whose money is more than that. ``until`` is None where no day is known.
    """

    bucket: str
    number: int
    over_fen: int | None
    until: date | None
    worse: Evaluation


class Delay(NamedTuple):
    """One more decision of a bucket today keeps the grade, but for longer.

    ``better`` is the first better evaluation then, or None where none is in sight.
    """

    bucket: str
    better: Evaluation | None


class Outlook(NamedTuple):
    """Everything that can be said of one organisation on one day, the soonest way first."""

    now: Evaluation
    ways: tuple[Way, ...]
    risks: tuple[Risk, ...]
    delays: tuple[Delay, ...]


def rank(evaluation: Evaluation) -> tuple[int, bool]:
    """Which of two grades is better: the higher; a crossed limit is worse within one grade."""
    decided = evaluation.decided
    return _RANKS[decided.grade], OVER_LIMIT not in decided.flags


def outlook(
    facts: Facts, day: date, versions: Sequence[Rules], repair_from: Mapping[int, date]
) -> Outlook:
    """The internal grade of ``day``, how it becomes better, and what would make it worse.

    ``repair_from`` is the earliest day on which each record can be repaired; records that are not
    in it cannot.
    """
    now = evaluate(facts, day, versions)
    ways = tuple(sorted(_ways(facts, now, versions, repair_from), key=_soonest))
    return Outlook(now, ways, _risks(facts, now, versions), _delays(facts, now, versions, ways))


def _soonest(way: Way) -> tuple[date, int, int]:
    order = (NOTHING, UPHELD, REPAIRED, REMOVED)
    return way.better.day, order.index(way.event), len(way.ids)


def without(facts: Facts, violation_ids: Collection[int]) -> Facts:
    """The facts once these acts are revoked: they count on no day."""
    left = [act for act in facts.acts if act.violation_id not in violation_ids]
    return Facts(left, facts.entries, facts.signals)


def repaired(facts: Facts, violation_ids: Collection[int], on: date) -> Facts:
    """The facts once these acts are repaired on a day."""
    acts = [
        act._replace(repaired_on=on) if act.violation_id in violation_ids else act
        for act in facts.acts
    ]
    return Facts(acts, facts.entries, facts.signals)


def removed(facts: Facts, entry_ids: Collection[int], on: date) -> Facts:
    """The facts once these list entries are removed on a day."""
    entries = [
        entry._replace(removed_on=on) if entry.entry_id in entry_ids else entry
        for entry in facts.entries
    ]
    return Facts(facts.acts, entries, facts.signals)


def with_more(facts: Facts, bucket: str, number: int, day: date, *, amount_fen: int = 0) -> Facts:
    """The facts and ``number`` more decisions of a bucket, each with one act, decided on a day."""
    more = [
        Act(_NEW - n, _NEW - n, bucket, amount_fen if n == 0 else 0, "", day) for n in range(number)
    ]
    return Facts([*facts.acts, *more], facts.entries, facts.signals)


def first_better(
    facts: Facts,
    since: date,
    than: Evaluation,
    versions: Sequence[Rules],
    before: date | None = None,
) -> Evaluation | None:
    """The first day from ``since`` on with a better grade than ``than``, if nothing else comes.

    With ``before`` only if it is earlier than that day.
    """
    turns = sorted(turn for turn in turning_days(facts, versions) if turn > since)
    for day in [since, *turns]:
        if before is not None and day >= before:
            return None
        at = evaluate(facts, day, versions)
        if rank(at) > rank(than):
            return at
    return None


def _ways(
    facts: Facts, now: Evaluation, versions: Sequence[Rules], repair_from: Mapping[int, date]
) -> list[Way]:
    by_itself = first_better(facts, now.day, now, versions)
    last = by_itself.day if by_itself else None
    ways = [Way(NOTHING, (), by_itself.day, by_itself)] if by_itself else []
    weighing = _weighing(facts, now, versions)

    upheld = []
    for act in weighing:
        better = first_better(without(facts, {act.violation_id}), now.day, now, versions, last)
        upheld.append(_way(UPHELD, [act], now.day, better))
    ways += _kept(upheld)
    ways += _together(facts, now, versions, weighing, _first(upheld, last))

    mendable = [(max(repair_from[a.violation_id], now.day), a) for a in weighing
                if a.violation_id in repair_from and a.repaired_on is None]  # fmt: skip
    mended = []
    for on, act in mendable:
        better = first_better(repaired(facts, {act.violation_id}, on), on, now, versions, last)
        mended.append(_way(REPAIRED, [act], on, better))
    ways += _kept(mended)
    ways += _all_repaired(facts, now, versions, mendable, _first(mended, last))

    black = [entry.entry_id for entry in facts.entries
             if entry.kind == "black" and entry.entry_id in now.entries]  # fmt: skip
    if black:
        better = first_better(removed(facts, black, now.day), now.day, now, versions)
        if better is not None:
            ways.append(Way(REMOVED, tuple(black), now.day, better))
    return ways


def _weighing(facts: Facts, now: Evaluation, versions: Sequence[Rules]) -> list[Act]:
    """The records that count now, or will again once a contest is over; the latest first."""
    if now.rules is None:
        return []
    acts = [act for act in facts.acts
            if why_not_counted(act, now.day, now.rules) in ("", "contested")]  # fmt: skip
    acts.sort(key=lambda act: (act.decided_on, act.violation_id), reverse=True)
    return acts[: min(MOST_RECORDS, MOST_STEPS // max(len(acts), 1))]


def _way(event: str, acts: Sequence[Act], on: date, better: Evaluation | None) -> Way | None:
    """The way, or None where it leads nowhere sooner than nothing would."""
    if better is None:
        return None
    return Way(event, tuple(sorted(act.violation_id for act in acts)), on, better)


def _kept(ways: Sequence[Way | None]) -> list[Way]:
    return [way for way in ways if way is not None]


def _first(ways: Sequence[Way | None], last: date | None) -> date | None:
    """The first better day of these ways, or where they lead nowhere ``last``."""
    return min((way.better.day for way in _kept(ways)), default=last)


def _together(
    facts: Facts,
    now: Evaluation,
    versions: Sequence[Rules],
    weighing: Sequence[Act],
    last: date | None,
) -> list[Way]:
    """The fewest of the latest records that together do it soonest, sooner than one alone."""
    best: Way | None = None
    for number in range(2, min(len(weighing), MOST_RECORDS) + 1):
        chosen = weighing[:number]
        left = without(facts, {act.violation_id for act in chosen})
        better = first_better(left, now.day, now, versions, last)
        way = _way(UPHELD, chosen, now.day, better)
        if way is not None:
            best, last = way, way.better.day
    return [best] if best else []


def _all_repaired(
    facts: Facts,
    now: Evaluation,
    versions: Sequence[Rules],
    mendable: Sequence[tuple[date, Act]],
    last: date | None,
) -> list[Way]:
    """All records repaired, once the last of them can be, where that is sooner than one alone."""
    if not 2 <= len(mendable) <= MOST_RECORDS:
        return []
    on = max(day for day, _ in mendable)
    acts = [act for _, act in mendable]
    mended = repaired(facts, {act.violation_id for act in acts}, on)
    way = _way(REPAIRED, acts, on, first_better(mended, on, now, versions, last))
    return [way] if way else []


def _risks(facts: Facts, now: Evaluation, versions: Sequence[Rules]) -> tuple[Risk, ...]:
    if now.rules is None or OVER_LIMIT in now.decided.flags or now.decided.grade == "C":
        return ()  # nothing is worse than these but a list, and no record leads there
    limits, found = now.rules.limits, []
    most = {PENALTY: limits.penalties, WARNING: limits.warnings, BREACH: limits.breaches}
    for bucket in BUCKETS:
        for number in range(1, most[bucket] + 1):
            risk = _risk(facts, now, versions, bucket, number, None)
            if risk is not None:
                found.append(risk)
                break
        else:
            continue
        if bucket == PENALTY and number > 1:
            spare = limits.amount_fen - now.counts.amount_fen
            dear = _risk(facts, now, versions, bucket, 1, spare)
            found += [dear] if dear is not None else []
    return tuple(found)


def _risk(
    facts: Facts,
    now: Evaluation,
    versions: Sequence[Rules],
    bucket: str,
    number: int,
    over_fen: int | None,
) -> Risk | None:
    """The risk of these decisions, with the first day on which they would do no more of it."""
    fen = 0 if over_fen is None else over_fen + 1

    def on(day: date) -> Evaluation:
        more = with_more(facts, bucket, number, day, amount_fen=fen)
        return evaluate(more, day, versions)

    worse = on(now.day)
    if rank(worse) >= rank(now):
        return None
    turns = sorted(turn for turn in turning_days(facts, versions) if turn > now.day)
    until = next((turn for turn in turns if rank(on(turn)) != rank(worse)), None)
    return Risk(bucket, number, over_fen, until, worse)


def _delays(
    facts: Facts, now: Evaluation, versions: Sequence[Rules], ways: Sequence[Way]
) -> tuple[Delay, ...]:
    if now.rules is None or now.decided.grade != "B":
        return ()
    by_itself = next((way.better.day for way in ways if way.event == NOTHING), None)
    found = []
    for bucket in BUCKETS:
        more = with_more(facts, bucket, 1, now.day)
        if rank(evaluate(more, now.day, versions)) < rank(now):
            continue
        better = first_better(more, now.day, now, versions)
        if by_itself is not None and (better is None or better.day > by_itself):
            found.append(Delay(bucket, better))
    return tuple(found)
