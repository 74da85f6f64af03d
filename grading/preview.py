"""What a grade would become: the same rules over the facts and one decision more; writes nothing.

The result afterwards is identical, because the decision is weighed by the same code (goals.md 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.clock import today
from grading.counting import Act, Both, Evaluation, Facts, evaluate_both
from grading.facts import load, rule_versions, scope_of
from subjects.lookup import find_by_code
from subjects.models import Subject
from violations.inputs import DecisionInput
from violations.laws import law_key
from violations.severity import bucket_of, money_fen


@dataclass(frozen=True, slots=True)
class Preview:
    """Both evaluations before and after; ``subject`` is None for an organisation not registered."""

    subject: Subject | None
    before: Both
    after: Both

    @property
    def now(self) -> Evaluation:
        return self.before.internal

    @property
    def then(self) -> Evaluation:
        return self.after.internal


def acts_of(data: DecisionInput) -> list[Act]:
    """The acts of a decision that is not stored, with ids of their own below zero.

    Raises ValueError for an unknown kind or an amount finer than one fen.
    """
    if data.decided_on is None:
        return []
    acts = []
    for position, violation in enumerate(data.violations, start=1):
        bucket = bucket_of(data.kind, [one.kind for one in violation.dispositions])
        acts.append(
            Act(
                violation_id=-position,
                decision_id=-1,
                bucket=bucket,
                amount_fen=money_fen(bucket, violation.dispositions),
                law_key=law_key(violation.law),
                decided_on=data.decided_on,
            )
        )
    return acts


def preview(credit_code: str, data: DecisionInput, *, day: date | None = None) -> Preview:
    """What the grade of the organisation with this code would be if ``data`` came into force.

    Raises ValueError where the dispositions cannot be weighed.
    """
    on = day or today()
    subject = find_by_code(credit_code)
    versions = rule_versions()
    facts = Facts()
    if subject is not None:
        scope = scope_of([subject.survivor_id])
        facts = load(scope, on, versions).get(subject.survivor_id, facts)
    more = Facts([*facts.acts, *acts_of(data)], facts.entries, facts.signals)
    return Preview(subject, evaluate_both(facts, on, versions), evaluate_both(more, on, versions))
