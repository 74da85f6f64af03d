"""The nightly proof: every grade recomputed from the dispositions equals what is stored.

A difference is an alarm, is mended where asked, and is counted (domain.md §4.4).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from core import audit
from core.clock import today
from grading import left_over
from grading.counting import Facts, evaluate_both
from grading.facts import load, rule_versions, scope_of
from grading.left_over import WAITING
from grading.locks import READ_AT_ONCE, ranges
from grading.models import Cause, RegradeRequest, Standing
from grading.sources import RecountSource
from grading.storing import columns
from violations.mending import mend_severities
from violations.selectors import SeverityDifference, stored_severity_differences

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Difference:
    """One column of one standing that does not say what the rules give."""

    subject_id: int
    column: str
    stored: object
    computed: object


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found: standings that are wrong, and acts whose bucket or money is."""

    standings: list[Difference]
    severities: list[SeverityDifference]

    def __len__(self) -> int:
        return len(self.standings) + len(self.severities)


def differences() -> Iterator[Difference]:
    """Every difference between the standings and a recount from the dispositions, today.

    Subjects that wait for their grading anyway (an open request, a day that has come) are left
    out: they are behind, not wrong. One that was set aside waits for nobody and is compared.
    """
    day, versions, source = today(), rule_versions(), RecountSource()
    names = [
        name for name in columns(evaluate_both(Facts(), day, versions)) if name != "rule_set_id"
    ]
    for low, high in ranges(READ_AT_ONCE):
        scope = scope_of(low=low, high=high, source=source)
        here = {"subject_id__gte": low, "subject_id__lte": high}
        rows = Standing.objects.filter(**here).values("subject_id", *names)
        standings = {row["subject_id"]: row for row in rows}
        facts = load(scope, day, versions, source=source)
        requests = RegradeRequest.objects.filter(WAITING, **here)
        waiting = set(requests.values_list("subject_id", flat=True))
        for subject_id in sorted((standings.keys() | facts.keys()) - waiting):
            stored = standings.get(subject_id) or dict.fromkeys(names)
            due = (stored["next_change_on"], stored["disclosable_next_change_on"])
            if any(turn is not None and turn <= day for turn in due):
                continue
            computed = columns(evaluate_both(facts.get(subject_id, Facts()), day, versions))
            for name in names:
                if stored[name] != computed[name]:
                    yield Difference(subject_id, name, stored[name], computed[name])


def verify(*, repair: bool) -> Verified:
    """Compare everything; with ``repair`` mend what differs and look again. Audited.

    A stored bucket or sum that its dispositions do not give is mended first: the grade of the
    subject rests on it.
    """
    severities = stored_severity_differences()
    found = list(differences())
    for difference in (*severities, *found):
        logger.error("stored value differs: %s", difference)
    left = len(severities) + len(found)
    if left and repair:
        wrong = {difference.subject_id for difference in found}
        wrong |= mend_severities(severities)
        left_over.grade_or_write_down(sorted(wrong), Cause.VERIFY)
        left = len(stored_severity_differences()) + len(list(differences()))
    audit.record(
        actor=None,
        action="grading.verify",
        details={
            "differences": len(severities) + len(found),
            "repaired": repair and bool(severities or found) and not left,
        },
    )
    return Verified(found, severities)
