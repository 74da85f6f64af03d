"""What pages, commands and answers read: evaluations, worked out on the spot from the facts.

Nothing here writes. An explanation shows the very evaluation that gives the grade.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.clock import today
from grading.counting import (
    Both,
    Evaluation,
    Facts,
    Rules,
    evaluate,
    evaluate_both,
    next_change,
    turning_days,
)
from grading.facts import load, rule_versions, scope_of
from grading.history_source import HistorySource
from grading.locks import READ_AT_ONCE, ranges
from grading.models import RegradeRequest, Standing
from grading.sources import LIVE, FactSource
from grading.storing import columns
from subjects.models import Subject

# How far the chain of changes to come is followed.
STEPS_AHEAD = 8


@dataclass(frozen=True, slots=True)
class View:
    """One organisation on one day: its facts, the rules, and both evaluations."""

    subject_id: int
    day: date
    facts: Facts
    versions: Sequence[Rules]
    both: Both

    @property
    def now(self) -> Evaluation:
        """The internal evaluation."""
        return self.both.internal

    def ahead(self) -> list[Evaluation]:
        """The evaluations of each day on which something changes by itself, the next first."""
        coming: list[Evaluation] = []
        at, turn = self.now, self.both.next_change_on
        while turn is not None and len(coming) < STEPS_AHEAD:
            at = evaluate(self.facts, turn, self.versions)
            coming.append(at)
            turn = next_change(self.facts, at, self.versions)
        return coming


def source_at(known_at: datetime | None) -> tuple[FactSource, list[Rules]]:
    """Where the facts and rule sets come from that were known at a moment; None: now."""
    if known_at is None:
        return LIVE, rule_versions()
    return HistorySource(known_at), rule_versions(known_at)


def view(subject_id: int, day: date | None = None, *, known_at: datetime | None = None) -> View:
    """The grade of one organisation as of ``day`` (default: today).

    From what is known now, or with ``known_at`` from what the history tables knew at that moment.
    """
    on = day or today()
    source, versions = source_at(known_at)
    scope = scope_of([subject_id], source=source)
    facts = load(scope, on, versions, source=source).get(scope.survivor(subject_id), Facts())
    return View(subject_id, on, facts, versions, evaluate_both(facts, on, versions))


def timeline(subject_id: int, first: date, last: date) -> list[tuple[date, str]]:
    """The grades from ``first`` to ``last`` as known now: (day it begins, grade), oldest first."""
    versions = rule_versions()
    scope = scope_of([subject_id])
    facts = load(scope, first, versions).get(scope.survivor(subject_id), Facts())
    turns = sorted(turn for turn in turning_days(facts, versions) if first < turn <= last)
    grades: list[tuple[date, str]] = []
    for day in [first, *turns]:
        grade = evaluate(facts, day, versions).decided.grade
        if not grades or grades[-1][1] != grade:
            grades.append((day, grade))
    return grades


def evaluations_on_record(
    day: date, *, known_at: datetime | None = None
) -> Iterator[tuple[str, Both]]:
    """(credit code, both evaluations on ``day``) of every surviving organisation on record."""
    source, versions = source_at(known_at)
    for low, high in ranges(READ_AT_ONCE):
        scope = scope_of(low=low, high=high, source=source)
        facts = load(scope, day, versions, source=source)
        ids = {scope.survivor(one) for one in source.on_record(scope)} | facts.keys()
        codes = dict(Subject.objects.filter(pk__in=ids).values_list("pk", "credit_code"))
        for subject_id in sorted(one for one in ids if scope.holds(one)):
            known = facts.get(subject_id, Facts())
            yield codes[subject_id], evaluate_both(known, day, versions)


def brought_up_to_date(standings: Sequence[Standing]) -> None:
    """Give standings whose day has come the values of today, in memory, without writing.

    For lists: the sweep writes them down within a minute.
    """
    day = today()
    late = [
        standing
        for standing in standings
        if any(
            turn is not None and turn <= day
            for turn in (standing.next_change_on, standing.disclosable_next_change_on)
        )
    ]
    if not late:
        return
    versions = rule_versions()
    facts = load(scope_of([standing.pk for standing in late]), day, versions)
    for standing in late:
        both = evaluate_both(facts.get(standing.pk, Facts()), day, versions)
        for name, value in columns(both).items():
            setattr(standing, name, value)


def is_being_regraded(subject_id: int) -> bool:
    """Whether a request for this subject is open (正在重新评定)."""
    return RegradeRequest.objects.filter(subject_id=subject_id, done_at__isnull=True).exists()
