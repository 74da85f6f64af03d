"""P6: the import of a big sheet: ``python -m benchmarks.import_sheet [ROWS]``.

Needs a migrated database of its own (VAR_DIR or DATABASE_URL). Prints rows a second for checking
and storing, history and requests included, CPU seconds a row of client and server, and the peak of
memory; exits 1 below what is asked (1,500 rows a second, 400 MB). ``run`` measures the
same several times, each undone; the package that P6 is compared with is measured elsewhere.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

import django
from django.db import connection, transaction

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wugang_credit.settings")
django.setup()

from accounts.models import Officer, Unit  # noqa: E402
from benchmarks.sheet import UNITS, write_sheet  # noqa: E402
from benchmarks.timing import Side  # noqa: E402
from core.models import OfficeSetting  # noqa: E402
from violations.imports import import_sheet  # noqa: E402
from wugang_credit.celery import app  # noqa: E402

ROWS_A_SECOND = 1_500
MEGABYTES = 400


def run(rounds: int) -> dict[str, float]:
    """Rows a second, and CPU milliseconds a row, as medians of ``rounds``."""
    rows, side = 20_000, Side("import of 20,000 rows")
    unit, officer = _prepare()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.xlsx"
        for seed in range(rounds):
            write_sheet(path, rows, seed=seed)
            side.measure(lambda: _undone(path, unit, officer))
    found = {"P6 rows/s": rows / side.median, "P6 cpu ms/row": 1000 * side.cpu / rows}
    print(side.line())
    print(
        f"P6: {found['P6 rows/s']:.0f} rows/s, {found['P6 cpu ms/row']:.3f} CPU ms a row of client "
        f"and server, {1000 * side.cpu_of_client / rows:.3f} of the client alone\n"
    )
    return found


def _undone(path: Path, unit: Unit, officer: Officer) -> None:
    """Import, and leave nothing: the next sheet has the same numbers of decisions."""
    with transaction.atomic():
        report = import_sheet(path=path, unit=unit, officer=officer, in_force=True)
        assert report.stored
        transaction.set_rollback(True)


def _prepare() -> tuple[Unit, Officer]:
    for at, name in enumerate(UNITS):
        if not Unit.objects.filter(name=name).exists():
            Unit.objects.create(name=name, code=f"BENCH-{at}")
    unit = Unit.objects.get(name=UNITS[0])
    officer = Officer.objects.filter(number="bench1").first() or Officer.objects.create_user(
        "bench1", roles=("recorder",), name="测速", unit=unit
    )
    OfficeSetting.objects.get_or_create(
        key="takeover_until", effective_from="2026-01-01", defaults={"value": "2099-12-31"}
    )
    return unit, officer


def main(rows: int) -> int:
    # Grading is work of its own: messages go where nobody reads, the requests stay open.
    app.conf.update(broker_url="memory://", broker_transport_options={})
    unit, officer = _prepare()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.xlsx"
        write_sheet(path, rows, seed=time.time_ns())
        size = path.stat().st_size // 1024
        side, reports = Side("import"), []
        side.measure(
            lambda: reports.append(
                import_sheet(path=path, unit=unit, officer=officer, in_force=True)
            )
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    speed = rows / side.median
    print(side.line())
    print(
        f"{connection.vendor}: {rows} rows ({size} kB): {speed:.0f} rows/s, "
        f"{1000 * side.cpu / rows:.3f} CPU ms a row, peak {peak} MB"
    )
    return 0 if reports[0].stored and speed >= ROWS_A_SECOND and peak < MEGABYTES else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000))
