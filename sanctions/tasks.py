"""What Celery runs for this app. Ids are the only arguments; the database remembers the rest."""

from __future__ import annotations

from celery import shared_task

from core import audit
from sanctions import measure_wake, paper_batches, paper_files
from sanctions.measure_enums import Because

# Below the visibility timeout, after which the message would come again: 200 papers fit.
BATCH_SECONDS = 540


@shared_task(time_limit=BATCH_SECONDS)
def work_on_paper_batch(batch_id: int) -> None:
    """Issue and merge the papers of one batch."""
    with audit.origin("task papers"):
        paper_batches.work(batch_id)


@shared_task
def sweep_paper_batches() -> None:
    """Send for batches of which nothing was heard for a while."""
    for batch_id in paper_batches.left_over():
        work_on_paper_batch.delay(batch_id)


@shared_task
def clean_papers() -> None:
    """Remove merged files after their time, and files that no row names."""
    paper_batches.clean()
    paper_files.sweep()


@shared_task(time_limit=BATCH_SECONDS)
def settle_measures() -> None:
    """Look at everybody's measures anew after a change of the catalogue."""
    with audit.origin("task measures"):
        measure_wake.settle_all(Because.CATALOGUE)


@shared_task(time_limit=BATCH_SECONDS)
def verify_measures() -> None:
    """Each night: the rows of measures are what the grades say."""
    with audit.origin("task measures"):
        measure_wake.verify(repair=True)
