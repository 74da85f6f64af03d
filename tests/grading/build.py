"""From the worked cases to rows, and what an evaluation says in the words of the cases."""

from __future__ import annotations

from collections.abc import Iterable

from grading.counting import Evaluation
from subjects.models import Subject
from tests import factories
from tests.grading.worked_cases import Listed, Paper, d
from violations.models import Decision


def record(facts: Iterable[Paper | Listed], subject: Subject | None = None) -> Subject:
    """A subject with these facts on record."""
    subject = subject or factories.subject()
    for fact in facts:
        if isinstance(fact, Paper):
            record_paper(fact, subject)
        else:
            factories.list_entry(
                subject,
                fact.list,
                d(fact.listed_on),
                d(fact.expires_on),
                state=fact.state,
                removed_on=d(fact.removed_on) if fact.removed_on else None,
            )
    return subject


def record_paper(paper: Paper, subject: Subject) -> Decision:
    decision = factories.decision(
        subject, decided_on=d(paper.decided_on), kind=paper.kind, acts=paper.acts
    )
    for violation in decision.violations.all():
        if violation.ordinal in paper.repaired:
            violation.repaired_on = d(paper.repaired[violation.ordinal])
        if paper.revoked:
            violation.revoked_on = d("2026-05-15")
        violation.save()
    for begins, ends in paper.contests:
        factories.contest(decision, d(begins), d(ends) if ends else None)
    return decision


def spoken(evaluation: Evaluation) -> tuple[str, str, tuple[int, ...], str, str]:
    """(grade, clauses, (W, P, L), money in fen, flags)."""
    return (
        evaluation.decided.grade,
        " ".join(evaluation.decided.clauses),
        tuple(evaluation.counts[:3]),
        str(evaluation.counts.amount_fen),
        " ".join(evaluation.decided.flags),
    )
