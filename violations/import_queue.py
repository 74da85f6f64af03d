"""Wakes a worker for a run after commit. The state of the run is the memory, not the message.

Where no broker answers, a small file is worked on at once, in the request that handed it in; a big
one is left to the sweep, which finds every run that nobody works on.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from violations.import_models import WORKING, ImportProgress, ImportRun

logger = logging.getLogger(__name__)

# About 500 rows: done within a second or two.
SMALL_FILE = 150_000
# A run of which nothing was heard for so long is taken up again.
SILENCE = timedelta(seconds=60)
WAITING = "等待"


def send_after_commit(run: ImportRun) -> None:
    """Have the run worked on once what led to it is committed."""
    ImportProgress.objects.filter(run=run).update(
        phase=WAITING, done=0, total=0, cancel_asked=False, beat_at=timezone.now()
    )
    run_id, size = run.pk, run.size
    transaction.on_commit(lambda: _send(run_id, size))


def _send(run_id: int, size: int) -> None:
    from violations import import_work, tasks

    try:
        tasks.work_on_import.delay(run_id)
        return
    except Exception as error:
        logger.warning("broker not reached (%s); import %s waits", error, run_id)
    if size <= SMALL_FILE:
        try:
            import_work.work(run_id)
        except Exception:
            logger.exception("import %s failed inline; the sweep will take it up", run_id)
    else:
        ImportProgress.objects.filter(run=run_id).update(phase="后台繁忙，稍后自动开始")


def left_over() -> list[int]:
    """Runs that wait for work and of which nothing was heard lately; each waits anew from now on.

    Whoever had one is taken for lost: what it still finds comes too late.
    """
    late = ImportRun.objects.filter(
        state__in=WORKING, progress__beat_at__lte=timezone.now() - SILENCE
    )
    ids = list(late.order_by("pk").values_list("pk", flat=True)[:20])
    ImportProgress.objects.filter(run__in=ids).update(phase=WAITING, beat_at=timezone.now())
    return ids
