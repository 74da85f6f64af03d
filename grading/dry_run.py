"""What grades become by a change of facts: it is made, weighed by the rules, and taken back.

The preview is right by construction: what is weighed are the very rows that the change writes, by
the very code that grades them afterwards. Nothing of it stays: requests, history, the trail and the
wake-up after commit all stand under the savepoint that is rolled back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db import transaction

from core.clock import today
from grading.counting import Both, Evaluation, Facts, Rules, evaluate, evaluate_both, turning_days
from grading.facts import load, rule_versions, scope_of
from grading.models import Grade
from grading.storing import outcome_columns
from subjects.models import Subject

T = TypeVar("T")
# The better the lower; nothing on record stands between the red list and a record.
_RANK = {Grade.A.value: 0, "": 1, Grade.B.value: 2, Grade.C.value: 3}


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of one organisation; an entry that was merged has its survivor's grade."""

    subject: Subject
    before: Both
    after: Both
    worsens: bool

    @property
    def grade_moves(self) -> bool:
        """Whether one of the two grades differs."""
        return any(
            old.decided.grade != new.decided.grade
            for old, new in zip(self._two(self.before), self._two(self.after), strict=True)
        )

    @staticmethod
    def _two(both: Both) -> tuple[Evaluation, Evaluation]:
        return both.internal, both.disclosable


def dry_run(
    change: Callable[[], object], subject_ids: Collection[int], *, day: date | None = None
) -> list[Effect]:
    """The effects of ``change`` on these organisations; nothing remains of it.

    What ``change`` raises is raised, and nothing remains then either.
    """
    with transaction.atomic():
        try:
            return measured(change, subject_ids, day=day)[1]
        finally:
            transaction.set_rollback(True)


def measured(
    change: Callable[[], T], subject_ids: Collection[int], *, day: date | None = None
) -> tuple[T, list[Effect]]:
    """Make the change and say what it did; the caller holds the transaction."""
    on, versions = day or today(), rule_versions()
    old = _facts(subject_ids, on, versions)
    answer = change()
    new = _facts(subject_ids, on, versions)
    subjects = Subject.objects.in_bulk(list(subject_ids))
    effects = [
        Effect(
            subjects[pk],
            evaluate_both(old[pk], on, versions),
            evaluate_both(new[pk], on, versions),
            _worsens(old[pk], new[pk], on, versions),
        )
        for pk in sorted(subjects)
    ]
    return answer, effects


def _facts(ids: Collection[int], on: date, versions: list[Rules]) -> Mapping[int, Facts]:
    """The facts that count for each, its own or its survivor's."""
    scope = scope_of(ids)
    found = load(scope, on, versions)
    return {pk: found.get(scope.survivor(pk), Facts()) for pk in ids}


def _worsens(old: Facts, new: Facts, on: date, versions: list[Rules]) -> bool:
    """Whether on this day or any later one something is heavier than it would have been.

    A worse grade in either of the two evaluations, a limit that is reached, or a higher count:
    whatever brings a limit nearer is a burden, though the letter stays.
    """
    days = {on, *(day for day in turning_days(old, versions) if day > on)}
    days |= {day for day in turning_days(new, versions) if day > on}
    return any(
        _heavier(*(evaluate(facts, day, versions, disclosable=outside) for facts in (old, new)))
        for day in days
        for outside in (False, True)
    )


def _heavier(old: Evaluation, new: Evaluation) -> bool:
    return (
        _RANK[new.decided.grade] > _RANK[old.decided.grade]
        or not set(new.decided.exceeded) <= set(old.decided.exceeded)
        or any(now > was for now, was in zip(new.counts[:4], old.counts[:4], strict=True))
    )


def summary(both: Both) -> dict[str, Any]:
    """Both evaluations as plain JSON, to be kept and compared."""
    return {
        **outcome_columns(both.internal),
        **outcome_columns(both.disclosable, "disclosable_"),
        "next_change_on": _text(both.next_change_on),
        "disclosable_next_change_on": _text(both.disclosable_next_change_on),
        "earliest_on": _text(both.internal.earliest_on),
        "disclosable_earliest_on": _text(both.disclosable.earliest_on),
    }


def kept(effects: Collection[Effect]) -> list[dict[str, Any]]:
    """The effects as they are stored with a correction that was carried out."""
    return list(_kept(effects))


def _kept(effects: Collection[Effect]) -> Iterator[dict[str, Any]]:
    for effect in effects:
        yield {
            "subject": effect.subject.pk,
            "name": str(effect.subject),
            "before": summary(effect.before),
            "after": summary(effect.after),
        }


def mark(effects: Collection[Effect]) -> str:
    """A short mark of what an officer saw, to be handed back with the decision."""
    text = json.dumps(kept(effects), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""
