"""Runs of an import for tests: handed in, checked, submitted, written, without any broker."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from accounts.models import Officer
from tests.violations.sheets import OTHERS_HEADER, PENALTY_HEADER
from violations import import_queue, import_runs, import_work
from violations.import_models import ImportProgress, ImportRun


def as_csv(rows: list[dict[str, Any]], header: list[str] | None = None) -> bytes:
    """The rows as a CSV file in UTF-8."""
    labels = header or (OTHERS_HEADER if "文书号" in rows[0] else PENALTY_HEADER)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(labels)
    writer.writerows([row.get(label) or "" for label in labels] for row in rows)
    return out.getvalue().encode()


def file_of(content: list[dict[str, Any]] | bytes | Path, name: str = "样例.csv") -> Any:
    if isinstance(content, Path):
        return SimpleUploadedFile(content.name, content.read_bytes())
    return SimpleUploadedFile(name, content if isinstance(content, bytes) else as_csv(content))


def uploaded(
    officer: Officer, content: list[dict[str, Any]] | bytes | Path, **options: Any
) -> ImportRun:
    """Handed in; nobody has worked on it yet."""
    return import_runs.upload(officer=officer, file=file_of(content), **options)


def worked(run: ImportRun) -> ImportRun:
    """The run after a worker has done what it waits for."""
    import_work.work(run.pk)
    return ImportRun.objects.get(pk=run.pk)


def lost(run: ImportRun) -> None:
    """Nothing was heard of the run for two minutes, and the sweep has found it."""
    silent_since(run, timezone.now() - timedelta(minutes=2))
    assert import_queue.left_over() == [run.pk]


def checked(
    officer: Officer, content: list[dict[str, Any]] | bytes | Path, **options: Any
) -> ImportRun:
    return worked(uploaded(officer, content, **options))


def submitted(
    officer: Officer, content: list[dict[str, Any]] | bytes | Path, **options: Any
) -> ImportRun:
    run = checked(officer, content, **options)
    return import_runs.submit(
        officer=officer, run_id=run.pk, version=run.version, truth_stated=True
    )


def confirmed(
    officer: Officer,
    second: Officer,
    content: list[dict[str, Any]] | bytes | Path,
    **options: Any,
) -> ImportRun:
    """Agreed to; waits to be written."""
    run = submitted(officer, content, **options)
    return import_runs.confirm(officer=second, run_id=run.pk, version=run.version)


def written(
    officer: Officer,
    second: Officer,
    content: list[dict[str, Any]] | bytes | Path,
    **options: Any,
) -> ImportRun:
    return worked(confirmed(officer, second, content, **options))


def undone(run: ImportRun, first: Officer, second: Officer) -> ImportRun:
    """Taken back by two."""
    import_runs.ask_undo(officer=first, run_id=run.pk, reason="整批单位填错，须更正后重新导入")
    return worked(import_runs.agree_to_undo(officer=second, run_id=run.pk))


def silent_since(run: ImportRun, moment: Any) -> None:
    """Nobody heard of the run after ``moment``."""
    ImportProgress.objects.filter(run=run).update(beat_at=moment)


def is_postgresql() -> bool:
    return connection.vendor == "postgresql"
