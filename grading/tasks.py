"""What Celery runs: a wake-up after each change, a sweep for what is left, the nightly check.

Ids are the only arguments; nothing depends on a message arriving once, in order, or at all. One
that comes again because its worker was lost is taken one subject at a time, with attempts counted:
otherwise a subject whose grading kills the worker would kill one after the other, for ever.
"""

from __future__ import annotations

from typing import Any

from celery import shared_task

from core import audit
from core.clock import today
from grading import feed, left_over, services, verification

# The recount of a million takes minutes. Below the visibility timeout: Redis would hand the message
# to a second worker while the first still counts.
NIGHTLY_SECONDS = 540


def _is_redelivered(task: Any) -> bool:
    return bool((task.request.delivery_info or {}).get("redelivered"))


@shared_task(bind=True)
def regrade(self: Any, subject_ids: list[int]) -> None:
    """Grade these subjects: sent after the commit of each change of their facts."""
    with audit.origin("task regrade"):
        if _is_redelivered(self):
            left_over.one_by_one(subject_ids)
        else:
            services.regrade(subject_ids)


@shared_task(bind=True)
def sweep(self: Any) -> None:
    """Pick up every standing whose day has come and every request that was left over."""
    with audit.origin("task sweep"):
        left_over.take_up_due(today(), careful=_is_redelivered(self))
        left_over.take_up_requests()


@shared_task(bind=True, time_limit=NIGHTLY_SECONDS)
def nightly(self: Any) -> None:
    """Catch up with time, then recompute every grade from the dispositions and compare."""
    with audit.origin("task nightly"):
        left_over.take_up_due(today(), careful=_is_redelivered(self))
        verification.verify(repair=True)


@shared_task
def number_changes() -> None:
    """Give changes that were committed since the last time their place in the feed."""
    feed.number_changes()
