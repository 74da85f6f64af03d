"""Measures the import of a big sheet: ``python -m benchmarks.import_sheet [ROWS]``.

Needs a migrated database of its own (VAR_DIR or DATABASE_URL). Prints rows a second for checking
and storing, history and requests included, and the peak of memory; exits 1 below the figures of
the issue (1,500 rows a second, 400 MB).
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

import django
from django.db import connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wugang_credit.settings")
django.setup()

from accounts.models import Officer, Unit  # noqa: E402
from benchmarks.sheet import UNITS, write_sheet  # noqa: E402
from core.models import OfficeSetting  # noqa: E402
from violations.imports import import_sheet  # noqa: E402
from wugang_credit.celery import app  # noqa: E402

ROWS_A_SECOND = 1_500
MEGABYTES = 400


def main(rows: int) -> int:
    # Grading is work of its own: messages go where nobody reads, the requests stay open.
    app.conf.update(broker_url="memory://", broker_transport_options={})
    for at, name in enumerate(UNITS):
        Unit.objects.get_or_create(name=name, defaults={"code": f"BENCH-{at}"})
    unit = Unit.objects.get(name=UNITS[0])
    officer = Officer.objects.filter(number="bench1").first() or Officer.objects.create_user(
        "bench1", roles=("recorder",), name="测速", unit=unit
    )
    OfficeSetting.objects.get_or_create(
        key="takeover_until", effective_from="2026-01-01", defaults={"value": "2099-12-31"}
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.xlsx"
        write_sheet(path, rows, seed=time.time_ns())
        size = path.stat().st_size // 1024
        started, worked = time.perf_counter(), time.process_time()
        report = import_sheet(path=path, unit=unit, officer=officer, in_force=True)
        took, worked = time.perf_counter() - started, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    speed = rows / took
    print(
        f"{connection.vendor}: {rows} rows ({size} kB) in {took:.1f} s ({worked:.1f} s of this "
        f"process): {speed:.0f} rows/s, peak {peak} MB"
    )
    return 0 if report.stored and speed >= ROWS_A_SECOND and peak < MEGABYTES else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000))
