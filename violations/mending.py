"""Stored buckets and sums that their dispositions do not give, mended (3-H)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from core import audit
from core.bulk import update_facts
from violations.models import Decision, Violation
from violations.selectors import SeverityDifference
from violations.signals import facts_written

REASON = "核验：按处理种类和金额更正计入类别与金额"


@transaction.atomic
def mend_severities(differences: Sequence[SeverityDifference]) -> set[int]:
    """Store what the dispositions say, with history; returns the subjects concerned.

    The dispositions are what was decided; bucket and money beside them are derived and cannot be
    right against them.
    """
    if not differences:
        return set()
    computed = {difference.violation_id: difference for difference in differences}
    acts = list(
        Violation.objects.select_related("decision")
        .select_for_update(of=("self",))
        .filter(pk__in=computed.keys())
    )
    for act in acts:
        act.bucket = computed[act.pk].computed_bucket
        act.amount_fen = computed[act.pk].computed_fen
    update_facts(acts, ["bucket", "amount_fen"], reason=REASON)
    subject_ids = {act.decision.subject_id for act in acts}
    audit.record(
        actor=None,
        action="violation.mend_severity",
        reason=REASON,
        details={"violations": sorted(computed)},
    )
    facts_written.send(sender=Decision, subject_ids=sorted(subject_ids), cause="verify")
    return subject_ids
