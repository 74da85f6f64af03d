"""What Celery runs for this app. Ids are the only arguments; the database remembers the rest."""

from __future__ import annotations

from celery import shared_task

from core import audit
from violations import attachment_files, import_cleaning, import_queue, import_work

# Below the visibility timeout, after which the message would come again: 200,000 rows fit.
IMPORT_SECONDS = 540


@shared_task(time_limit=IMPORT_SECONDS)
def work_on_import(run_id: int) -> None:
    """Check, write or take back one run: whatever it waits for."""
    with audit.origin("task import"):
        import_work.work(run_id)


@shared_task
def sweep_imports() -> None:
    """Send for runs that wait for work and of which nothing was heard for a while."""
    for run_id in import_queue.left_over():
        work_on_import.delay(run_id)


@shared_task
def clean_imports() -> None:
    """Remove sheets that nobody needs any more."""
    with audit.origin("task clean imports"):
        import_cleaning.clean()


@shared_task
def sweep_attachments() -> None:
    """Remove files that a failed upload or a discarded draft left behind."""
    attachment_files.sweep()
