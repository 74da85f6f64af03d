"""What is still to be graded: request rows in the database, and the wake-up after commit.

The row is the memory, the message only wakes a worker (domain.md §4). Where the broker cannot be
reached the grading is done at once, in the process that saved the fact.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from core import audit
from grading.models import RegradeRequest
from subjects.models import Subject

logger = logging.getLogger(__name__)

# A broker that does not answer is asked again after this long: each try may cost its time-out
# (seconds, where it hangs instead of refusing), and whoever saves a record waits for it.
BROKER_REST_SECONDS = 10.0
# More subjects than this are graded by several tasks, so that none runs into the time limit.
SUBJECTS_A_TASK = 2000


class BrokerRest:
    """Remembers, in this process, that the broker failed a moment ago."""

    def __init__(self) -> None:
        self.until = 0.0

    def begin(self) -> None:
        self.until = time.monotonic() + BROKER_REST_SECONDS

    def is_over(self) -> bool:
        return time.monotonic() >= self.until


broker_rest = BrokerRest()


@dataclass
class Written:
    """A request of this transaction; ``is_told`` where a service said why."""

    pk: int
    cause: str
    is_told: bool
    under: frozenset[str]


class WakeUp:
    """Sent once after commit for everything that one transaction asked for.

    It remembers which requests it wrote and under which savepoints: saving a decision row by row
    writes one request a subject, which takes the cause that the service tells; a request that was
    rolled back with its savepoint is written anew.
    """

    def __init__(self) -> None:
        self.subject_ids: set[int] = set()
        self._written: dict[int, list[Written]] = {}

    def standing(self, subject_id: int, savepoints: frozenset[str]) -> list[Written]:
        """The requests of this subject that this transaction wrote and did not roll back."""
        return [one for one in self._written.get(subject_id, ()) if one.under <= savepoints]

    def remember(self, subject_id: int, written: Written) -> None:
        self.subject_ids.add(subject_id)
        self._written.setdefault(subject_id, []).append(written)

    def forget(self, subject_ids: Collection[int]) -> None:
        for subject_id in subject_ids:
            self._written.pop(subject_id, None)

    def __call__(self) -> None:
        wake_up(self.subject_ids)


def _wake_up_of_transaction() -> WakeUp:
    """The wake-up that this transaction will send, made if need be.

    Django drops what was registered under a savepoint that is rolled back; what is still there
    will be sent, also when its savepoint ended meanwhile.
    """
    for _, function, *_ in connection.run_on_commit:
        if isinstance(function, WakeUp):
            return function
    return WakeUp()


def forget_closed(subject_ids: Collection[int]) -> None:
    """The requests of these subjects were closed: the next fact of this transaction asks anew."""
    for _, function, *_ in connection.run_on_commit:
        if isinstance(function, WakeUp):
            function.forget(subject_ids)


def close_requests(seen: Collection[int]) -> None:
    """Note that what these requests asked for is done; they are ids."""
    if seen:
        RegradeRequest.objects.filter(pk__among=seen).update(done_at=timezone.now())


def request_regrade(
    subject_ids: Iterable[int], *, cause: str, source: str = "", is_told: bool = True
) -> None:
    """Write down that these subjects must be graded again, in the transaction of the change.

    Ids of merged entries are taken for their survivor. ``cause`` is a ``Cause`` value. What a
    service tells replaces what was taken from a row that it saved in the same transaction.
    """
    ids = set(subject_ids)
    merged = dict(
        Subject.objects.filter(merged_into__isnull=False)
        .filter(**({"id__in": ids} if len(ids) <= SUBJECTS_A_TASK else {}))
        .values_list("id", "merged_into_id")
    )
    survivors = sorted({merged.get(subject_id) or subject_id for subject_id in ids})
    savepoints = frozenset(sid for sid in connection.savepoint_ids if sid)
    wake = _wake_up_of_transaction()
    is_new = not wake.subject_ids
    missing, replaced = [], []
    for subject_id in survivors:
        there = wake.standing(subject_id, savepoints)
        vague = [one for one in there if not one.is_told]
        if is_told and vague:
            replaced.append(vague[0])
        elif all(one.cause != cause for one in there) and (is_told or len(vague) == len(there)):
            missing.append(subject_id)
    _write(missing, cause, source[:120], wake=wake, is_told=is_told, savepoints=savepoints)
    if replaced:
        RegradeRequest.objects.filter(pk__in=[one.pk for one in replaced]).update(
            cause=cause, source=source[:120]
        )
        for one in replaced:
            one.cause, one.is_told = cause, True
    if is_new and missing:
        transaction.on_commit(wake)


def _write(
    subject_ids: Sequence[int],
    cause: str,
    source: str,
    *,
    wake: WakeUp,
    is_told: bool,
    savepoints: frozenset[str],
) -> None:
    rows = RegradeRequest.objects.bulk_create(
        [RegradeRequest(subject_id=one, cause=cause, source=source) for one in subject_ids],
        batch_size=5000,
    )
    for row in rows:
        wake.remember(row.subject_id, Written(row.pk, cause, is_told, savepoints))


def wake_up(subject_ids: Iterable[int]) -> None:
    """Ask a worker to grade these subjects; grade them here where no broker answers.

    Never raises: the facts are saved already, and the sweep finds what stays open.
    """
    ids = sorted(subject_ids)
    for start in range(0, len(ids), SUBJECTS_A_TASK):
        chunk = ids[start : start + SUBJECTS_A_TASK]
        if not _sent(chunk):
            _grade_here(chunk)


def _sent(subject_ids: list[int]) -> bool:
    from grading import tasks

    if not broker_rest.is_over():
        return False
    try:
        tasks.regrade.delay(subject_ids)
    except Exception as error:
        broker_rest.begin()
        logger.warning("broker not reached (%s); grading inline", error)
        return False
    return True


def _grade_here(subject_ids: list[int]) -> None:
    from grading import services

    try:
        with audit.origin("inline"):
            services.regrade(subject_ids)
    except Exception:
        logger.exception("inline grading failed; the sweep will take it up")
