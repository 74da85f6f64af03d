"""What both grades would be with these acts repaired from a day on; writes nothing.

The same rules over the same facts as the grade itself, so that the result is the same afterwards.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from core.clock import today
from grading.counting import Both, Facts, evaluate_both
from grading.facts import load, rule_versions, scope_of
from subjects.models import Subject


@dataclass(frozen=True, slots=True)
class RepairPreview:
    """Both grades of ``day`` as they are, and with the repair."""

    day: date
    before: Both
    after: Both

    @property
    def changes(self) -> bool:
        """Whether one of the two grades becomes another."""
        return (self.before.internal.outcome, self.before.disclosable.outcome) != (
            self.after.internal.outcome,
            self.after.disclosable.outcome,
        )


def preview_repair(
    subject: Subject, violation_ids: Collection[int], *, on: date | None = None
) -> RepairPreview:
    """With the acts of these ids repaired on ``on`` (default: today)."""
    day, versions = on or today(), rule_versions()
    facts = load(scope_of([subject.survivor_id]), day, versions).get(subject.survivor_id, Facts())
    repaired = [
        act._replace(repaired_on=day)
        if act.violation_id in violation_ids and act.repaired_on is None
        else act
        for act in facts.acts
    ]
    after = Facts(repaired, facts.entries, facts.signals)
    return RepairPreview(
        day, evaluate_both(facts, day, versions), evaluate_both(after, day, versions)
    )
