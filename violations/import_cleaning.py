"""Removes handed-in sheets when their time has come: they hold more than the register keeps.

What was written keeps its file for ``import_file_days``, so that the paper trail can be compared;
a sheet that nobody goes on with is cancelled after the same time. Its hash and counts stay.
"""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from core import audit
from core.settings_table import integer
from violations.import_files import FOLDER, remove_after_commit
from violations.import_models import ENDED, ImportRun, ImportState

IDLE = (ImportState.FAULTY, ImportState.CHECKED, ImportState.FAILED)
ORPHAN_SECONDS = 24 * 3600


def clean() -> None:
    """Remove files of ended runs, end runs that were given up, sweep files of nobody."""
    days = integer("import_file_days")
    since = timezone.now() - timedelta(days=days)
    for run_id in _ids(ImportRun.objects.filter(state__in=IDLE, uploaded_at__lt=since)):
        _cancel(run_id, days)
    ended = ImportRun.objects.filter(state__in=ENDED, finished_at__lt=since).exclude(stored="")
    for run_id in _ids(ended):
        _forget_file(run_id)
    _sweep_orphans()


def _ids(runs: QuerySet[ImportRun]) -> list[int]:
    return list(runs.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _cancel(run_id: int, days: int) -> None:
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    if run.state not in IDLE:
        return
    run.state, run.finished_at = ImportState.CANCELLED, timezone.now()
    run.message = f"上传后 {days} 天没有办理，已自动取消，没有写入任何一行。"
    remove_after_commit(run.stored)
    run.stored = ""
    run.save()
    run.faults.all().delete()
    run.overrides.all().delete()
    audit.record(actor=None, action="import.cancel", target=run, reason=run.message)


@transaction.atomic
def _forget_file(run_id: int) -> None:
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    remove_after_commit(run.stored)
    run.stored = ""
    run.save(update_fields=["stored"])
    audit.record(actor=None, action="import.remove_file", target=run)


def _sweep_orphans() -> None:
    """Files whose run was never committed."""
    folder = Path(default_storage.path(FOLDER))
    if not folder.is_dir():
        return
    known = set(ImportRun.objects.exclude(stored="").values_list("stored", flat=True))
    for file in folder.iterdir():
        is_old = time.time() - file.stat().st_mtime > ORPHAN_SECONDS
        if is_old and f"{FOLDER}/{file.name}" not in known:
            file.unlink(missing_ok=True)
