"""The import as officers use it: ``python -m benchmarks.import_run [ROWS]``.

Needs a database of its own with units and officers of the demonstration (``manage.py demo
--subjects 0``). Hands a big sheet in, has it checked, submitted, confirmed and written, and one in
which every row is damaged; prints seconds, processor seconds and the peak of memory of the process
that works (the reader apart takes another 115 MB). Exits 1 where checking and writing take over a
minute, memory over 400 MB, or a damaged row has no message.
"""

from __future__ import annotations

import csv
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import django
from django.db import connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wugang_credit.settings")
django.setup()

from django.core.files import File  # noqa: E402

from accounts.models import Officer, Unit  # noqa: E402
from benchmarks.sheet import UNITS, write_sheet  # noqa: E402
from core.spreadsheets_apart import sheet_apart  # noqa: E402
from violations import import_runs, import_work  # noqa: E402
from violations.import_models import ImportRun, ImportState  # noqa: E402
from wugang_credit.celery import app  # noqa: E402

SECONDS, MEGABYTES = 60.0, 400
UPLOADER, SECOND = "410003", "410009"


def timed(label: str, work: Callable[[], object]) -> float:
    began, cpu = time.perf_counter(), time.process_time()
    work()
    took = time.perf_counter() - began
    print(f"{label}: {took:.1f} s, {time.process_time() - cpu:.1f} s of its processor, {peak()} MB")
    return took


def handed_in(path: Path) -> ImportRun:
    with path.open("rb") as file:
        return import_runs.upload(
            officer=Officer.objects.get(number=UPLOADER), file=File(file, name=path.name)
        )


def damaged(path: Path) -> Path:
    """The same sheet as CSV, the day and the kinds of every row broken."""
    target = path.with_suffix(".csv")
    with sheet_apart(path) as sheet, target.open("w", encoding="utf-8", newline="") as out:
        day, kinds = sheet.header.index("处罚决定日期"), sheet.header.index("处罚类别")
        writer = csv.writer(out)
        writer.writerow(sheet.header)
        for _, values in sheet.rows:
            values[day], values[kinds] = "2026/13/40", "罚站"
            writer.writerow(values)
    return target


def peak() -> int:
    """Of this process, until now, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(rows: int) -> int:
    app.conf.update(broker_url="memory://", broker_transport_options={})
    for name in UNITS:
        Unit.objects.get_or_create(name=name, defaults={"code": f"BENCH-{name}"})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.xlsx"
        write_sheet(path, rows, seed=time.time_ns())
        run = handed_in(path)
        took = timed("checked", lambda: import_work.work(run.pk))
        run.refresh_from_db()
        officers = {one.number: one for one in Officer.objects.all()}
        step = {"run_id": run.pk, "version": run.version}
        import_runs.submit(officer=officers[UPLOADER], truth_stated=True, **step)
        import_runs.confirm(officer=officers[SECOND], **step)
        took += timed("written", lambda: import_work.work(run.pk))
        bad = handed_in(damaged(path))
        timed("damaged, checked", lambda: import_work.work(bad.pk))
    run.refresh_from_db()
    bad.refresh_from_db()
    load = os.getloadavg()[0]
    print(
        f"{connection.vendor}: {rows} rows, {run.new_decisions} decisions, "
        f"{run.changed_grades} grades change; {took:.1f} s, {peak()} MB, load {load:.1f}; "
        f"damaged: {bad.faulty_rows} rows with a message"
    )
    right = run.state == ImportState.DONE and bad.faulty_rows == bad.rows == rows
    return 0 if right and took < SECONDS and peak() < MEGABYTES else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000))
