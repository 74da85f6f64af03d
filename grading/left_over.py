"""What no message took up: graded by the sweep, and set aside where grading fails again and again.

An attempt is counted before it is made and on its own, so that a subject whose grading kills the
worker is counted too. Subjects are first taken many at once; those that were with them in a failed
attempt are then taken one by one, the least often tried first, so that one that fails (or kills)
holds nobody else up and nobody else is counted with it.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Max, Min, Q, QuerySet
from django.utils import timezone

from core import audit
from grading import services
from grading.models import Cause, RegradeRequest
from grading.requests import wake_up
from subjects.models import Subject

logger = logging.getLogger(__name__)

# A request that is open for longer than this was not taken up by its own message. With the sweep's
# interval (``wugang_credit.celery``) a lost message costs 35 seconds and the work, which keeps the
# promise of a minute (domain.md §4.3) with room for a worker that is being started again.
LEFT_OVER = timedelta(seconds=20)
# A subject whose grading failed this often is set aside, with an alarm; the others go on.
ATTEMPTS = 5
# How many a sweep takes: well under the time limit of a task, even one by one.
SWEEP_AT_ONCE = 5000
TOGETHER = 100

OPEN = Q(done_at__isnull=True)
WAITING = OPEN & Q(attempts__lt=ATTEMPTS)
SET_ASIDE = OPEN & Q(attempts__gte=ATTEMPTS)
# States of PostgreSQL that say nothing about the subject: somebody held it, or the server went.
_PASSING = ("55P03", "40P01", "40001", "57P", "08")


def take_up_requests() -> None:
    """Grade every subject with a request that was left over."""
    late = RegradeRequest.objects.filter(WAITING, requested_at__lte=timezone.now() - LEFT_OVER)
    tried = dict(
        late.order_by()
        .values("subject_id")
        .annotate(tries=Max("attempts"))
        .order_by("tries", "subject_id")
        .values_list("subject_id", "tries")[:SWEEP_AT_ONCE]
    )
    fresh = [subject_id for subject_id, tries in tried.items() if tries == 0]
    for start in range(0, len(fresh), TOGETHER):
        chunk = fresh[start : start + TOGETHER]
        if not _attempt(chunk):
            one_by_one(chunk)
    one_by_one(subject_id for subject_id, tries in tried.items() if tries)


def one_by_one(subject_ids: Iterable[int]) -> None:
    """Attempt each of these subjects that still waits on its own: one of them may have killed."""
    for subject_id in subject_ids:
        _attempt([subject_id])


def take_up_due(day: date, *, careful: bool) -> None:
    """Grade every standing whose day has come.

    What fails, and with ``careful`` (a worker was lost over it) everything, is written down as
    requests, whose attempts are counted. Subjects with an open request are in that line already.
    """
    due = services.due_subject_ids(day)
    waiting = set(RegradeRequest.objects.filter(OPEN).values_list("subject_id", flat=True))
    due = [subject_id for subject_id in due if subject_id not in waiting]
    if careful:
        _write_down(due, Cause.TIME)
    else:
        grade_or_write_down(due, Cause.TIME)


def grade_or_write_down(subject_ids: Sequence[int], cause: Cause) -> None:
    """Grade these, many at once; those of a failed lot are written down as requests.

    So one subject that fails holds up nobody: the next sweep takes its lot one by one.
    """
    for start in range(0, len(subject_ids), SWEEP_AT_ONCE):
        chunk = subject_ids[start : start + SWEEP_AT_ONCE]
        try:
            services.regrade(chunk, cause=cause)
        except Exception as error:
            logger.exception("grading %d subjects (%s) failed", len(chunk), cause)
            if not _is_passing(error):
                _write_down(chunk, cause)


def _write_down(subject_ids: Iterable[int], cause: Cause) -> None:
    at = timezone.now() - LEFT_OVER  # for the next look, not for a message
    RegradeRequest.objects.bulk_create(
        [RegradeRequest(subject_id=one, cause=cause, requested_at=at) for one in subject_ids],
        batch_size=5000,
    )


def _attempt(subject_ids: Collection[int]) -> bool:
    """Count an attempt for each of these that waits, then make it; False where it failed."""
    requests = RegradeRequest.objects.filter(WAITING, subject_id__in=subject_ids)
    counted = list(requests.values_list("pk", "subject_id"))
    if not counted:
        return True
    rows = RegradeRequest.objects.filter(pk__in=[pk for pk, _ in counted])
    rows.update(attempts=F("attempts") + 1)
    try:
        services.regrade({subject_id for _, subject_id in counted})
    except Exception as error:
        if _is_passing(error):
            logger.warning("grading %s will be tried again: %s", list(subject_ids), error)
            rows.filter(OPEN).update(attempts=F("attempts") - 1)
            return True
        logger.exception("grading subjects %s failed", list(subject_ids))
    else:
        return True
    for subject_id in rows.filter(SET_ASIDE).values_list("subject_id", flat=True).distinct():
        logger.error("subject %s is set aside after %d failed gradings", subject_id, ATTEMPTS)
    return False


def _is_passing(error: Exception) -> bool:
    """Whether the database was in the way, and not the subject's records."""
    state = str(getattr(error.__cause__, "sqlstate", None) or "08")  # no state: no connection
    return isinstance(error, (OperationalError, InterfaceError)) and state.startswith(_PASSING)


def set_aside() -> QuerySet[Subject]:
    """Subjects with a request that is tried no more, the longest waiting first.

    Each with ``waits_since`` (the earliest of these requests) and ``tries``.
    """
    theirs = Q(regrade_requests__done_at__isnull=True, regrade_requests__attempts__gte=ATTEMPTS)
    return (
        Subject.objects.filter(theirs)
        .annotate(
            waits_since=Min("regrade_requests__requested_at"),
            tries=Max("regrade_requests__attempts"),
        )
        .order_by("waits_since", "pk")
    )


@transaction.atomic
def try_again(*, officer: audit.Actor, subject: Subject) -> bool:
    """Put a subject that was set aside back in line, at once; False where it no longer is."""
    requests = RegradeRequest.objects.filter(SET_ASIDE, subject=subject)
    if not requests.update(attempts=0):
        return False
    audit.record(actor=officer, action="grading.try_again", target=subject)
    transaction.on_commit(lambda: wake_up([subject.pk]))
    return True
