"""What a grade would become with one list entry more, or one less; writes nothing.

The same rules over the same facts as the grade itself, on the day from which it would be so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.clock import today
from grading.counting import Entry, Evaluation, Facts, evaluate
from grading.facts import load, rule_versions, scope_of
from subjects.models import Subject
from violations.enums import Closing
from violations.models import ListEntry

PROPOSED = -1  # the id of an entry that does not count yet


@dataclass(frozen=True, slots=True)
class EntryPreview:
    """The evaluations of ``day`` without and with the change."""

    day: date
    before: Evaluation
    after: Evaluation


def preview_listing(
    subject: Subject | None, *, list_kind: str, listed_on: date, expires_on: date
) -> EntryPreview:
    """With an entry from ``listed_on`` on; ``subject`` is None for one not registered."""
    day = max(listed_on, today())
    facts, versions = _facts(subject, day), rule_versions()
    more = [*facts.entries, Entry(PROPOSED, list_kind, listed_on, expires_on)]
    return EntryPreview(
        day,
        evaluate(facts, day, versions),
        evaluate(Facts(facts.acts, more, facts.signals), day, versions),
    )


def preview_closing(entry: ListEntry, *, closing: str, on: date | None) -> EntryPreview:
    """Without the entry: from ``on`` for a removal, altogether for a revocation."""
    day = on if closing == Closing.REMOVAL and on else today()
    facts, versions = _facts(entry.subject, day), rule_versions()
    less = [one for one in facts.entries if one.entry_id != entry.pk]
    return EntryPreview(
        day,
        evaluate(facts, day, versions),
        evaluate(Facts(facts.acts, less, facts.signals), day, versions),
    )


def _facts(subject: Subject | None, day: date) -> Facts:
    if subject is None:
        return Facts()
    found = load(scope_of([subject.survivor_id]), day, rule_versions())
    return found.get(subject.survivor_id, Facts())
