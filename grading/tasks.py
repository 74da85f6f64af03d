"""What Celery runs: a wake-up after each change, a sweep for what is left, the nightly check.

Ids are the only arguments; nothing depends on a message arriving once, in order, or at all.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from celery import shared_task
from django.db.models import F
from django.utils import timezone

from core import audit
from core.clock import today
from grading import services, verification
from grading.models import Cause, RegradeRequest

logger = logging.getLogger(__name__)

# A request that is open for longer than this was not taken up by its own message.
LEFT_OVER = timedelta(minutes=1)
# A subject whose grading failed this often is set aside; the others go on.
ATTEMPTS = 5
SWEEP_AT_ONCE = 5000


@shared_task
def regrade(subject_ids: list[int]) -> None:
    """Grade these subjects: sent after the commit of each change of their facts."""
    with audit.origin("task regrade"):
        services.regrade(subject_ids)


@shared_task
def sweep() -> None:
    """Pick up every request that was left over and every standing whose day has come."""
    with audit.origin("task sweep"):
        _sweep_left_over()
        services.regrade(services.due_subject_ids(today()), cause=Cause.TIME)


def _sweep_left_over() -> None:
    left_over = RegradeRequest.objects.filter(
        done_at__isnull=True,
        requested_at__lt=timezone.now() - LEFT_OVER,
        attempts__lt=ATTEMPTS,
    ).order_by("pk")
    requests = list(left_over.values_list("pk", "subject_id")[:SWEEP_AT_ONCE])
    if not requests:
        return
    # Counted before the attempt and on its own: a subject that kills the worker is counted too.
    RegradeRequest.objects.filter(pk__in=[pk for pk, _ in requests]).update(
        attempts=F("attempts") + 1
    )
    for subject_id in sorted({subject_id for _, subject_id in requests}):
        try:
            services.regrade([subject_id])
        except Exception:
            logger.exception("grading subject %s failed", subject_id)


@shared_task
def nightly() -> None:
    """Catch up with time, then recompute every grade from the dispositions and compare."""
    with audit.origin("task nightly"):
        services.regrade(services.due_subject_ids(today()), cause=Cause.TIME)
        verification.verify(repair=True)
