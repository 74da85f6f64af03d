"""Looking at everybody anew: after a change of the catalogue, each night, and at the first start.

The rows follow; whoever reads asks the catalogue as well, so that a clause without a basis holds
for nobody from the moment on at which it has none.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from core import audit
from core.clock import today
from grading.locks import READ_AT_ONCE, hold_range, ranges
from sanctions import measure_sync
from sanctions.measure_enums import Because
from sanctions.measure_models import Measure, SubjectMeasure
from sanctions.measure_sync import NOTHING, Settled

logger = logging.getLogger(__name__)


def settle_soon() -> None:
    """After commit, by a worker; here where no broker answers. The nightly run finds the rest."""
    transaction.on_commit(_wake)


def _wake() -> None:
    from sanctions import tasks

    try:
        tasks.settle_measures.delay()
    except Exception as error:
        logger.warning("broker not reached (%s); settling measures inline", error)
        settle_all(Because.CATALOGUE)


def settle_all(because: Because) -> Settled:
    """Everybody, range by range, each in a transaction of its own."""
    total = NOTHING
    for low, high in ranges(READ_AT_ONCE):
        with transaction.atomic():
            hold_range(low)
            total += measure_sync.settle_range(low, high, because)
    return total


class _Undone(Exception):  # noqa: N818 - ends a transaction that only looked
    pass


def differences() -> Settled:
    """How many rows would end and begin if everybody were looked at now; nothing is written."""
    total = NOTHING
    for low, high in ranges(READ_AT_ONCE):
        try:
            with transaction.atomic():
                hold_range(low)
                total += measure_sync.settle_range(low, high, Because.VERIFIED)
                raise _Undone
        except _Undone:
            pass
    return total


def verify(*, repair: bool) -> Settled:
    """Compare the rows of measures with what the grades say; with ``repair`` mend them. Audited.

    The first run on a register whose grades were there before is no alarm, nor is what follows
    from a clause that began or ended by its day.
    """
    is_first = not SubjectMeasure.objects.exists()
    by_clause = not is_first and _clause_has_turned()
    because = Because.VERIFIED
    if is_first or by_clause:
        because = Because.FILLED if is_first else Because.CATALOGUE
    found = settle_all(because) if repair else differences()
    if (found.ended or found.begun) and because == Because.VERIFIED:
        logger.error("measures differ from the grades: %s ended, %s begun", *_both(found))
    audit.record(
        actor=None,
        action="measure.verify",
        details={
            "day": str(today()),
            "ended": found.ended,
            "begun": found.begun,
            "repaired": repair,
            "first": is_first,
        },
    )
    return found


def _clause_has_turned() -> bool:
    day, since = today(), today() - timedelta(days=7)  # days on which nothing ran
    turned = Measure.objects.filter(
        Q(valid_from__gt=since, valid_from__lte=day)
        | Q(valid_until__gte=since, valid_until__lt=day)
    )
    return turned.exists()


def _both(found: Settled) -> tuple[int, int]:
    return found.ended, found.begun
