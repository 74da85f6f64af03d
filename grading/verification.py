"""The nightly proof: every grade recomputed from the dispositions equals what is stored.

A difference is an alarm, is mended where asked, and is counted (domain.md §4.4).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from core import audit
from core.clock import today
from grading import services
from grading.counting import Facts, evaluate_both
from grading.facts import load, rule_versions, scope_of
from grading.locks import ranges
from grading.models import Cause, RegradeRequest, Standing
from grading.sources import RecountSource
from grading.storing import columns

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Difference:
    """One column of one standing that does not say what the rules give."""

    subject_id: int
    column: str
    stored: object
    computed: object


def differences() -> Iterator[Difference]:
    """Every difference between the standings and a recount from the dispositions, today.

    Subjects that wait for their grading anyway (an open request, a day that has come) are left
    out: they are behind, not wrong.
    """
    day, versions, source = today(), rule_versions(), RecountSource()
    names = [
        name for name in columns(evaluate_both(Facts(), day, versions)) if name != "rule_set_id"
    ]
    for low, high in ranges():
        scope = scope_of(low=low, high=high, source=source)
        here = {"subject_id__gte": low, "subject_id__lte": high}
        rows = Standing.objects.filter(**here).values("subject_id", *names)
        standings = {row["subject_id"]: row for row in rows}
        facts = load(scope, day, versions, source=source)
        waiting = set(
            RegradeRequest.objects.filter(**here, done_at__isnull=True).values_list(
                "subject_id", flat=True
            )
        )
        for subject_id in sorted((standings.keys() | facts.keys()) - waiting):
            stored = standings.get(subject_id) or dict.fromkeys(names)
            due = (stored["next_change_on"], stored["disclosable_next_change_on"])
            if any(turn is not None and turn <= day for turn in due):
                continue
            computed = columns(evaluate_both(facts.get(subject_id, Facts()), day, versions))
            for name in names:
                if stored[name] != computed[name]:
                    yield Difference(subject_id, name, stored[name], computed[name])


def verify(*, repair: bool) -> list[Difference]:
    """Compare everything; with ``repair`` grade anew what differs. Audited with its count."""
    found = list(differences())
    for difference in found:
        logger.error("standing differs: %s", difference)
    if found and repair:
        wrong = {difference.subject_id for difference in found}
        services.regrade(wrong, cause=Cause.VERIFY)
    audit.record(
        actor=None,
        action="grading.verify",
        details={"differences": len(found), "repaired": bool(found) and repair},
    )
    return found
