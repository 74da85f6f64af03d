"""``make bench``: the ratios of performance.md, both sides of each in turn in one run.

``SIZE=small`` (the default) measures on 50,000 organisations, ``SIZE=full`` on a million. Needs
PostgreSQL: ``BENCH_DATABASE_URL`` names a database that may be emptied (default: wugang_bench on
127.0.0.1). P4 needs Redis as well (``BENCH_REDIS_URL``, default database 7 of 127.0.0.1).
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys

SIZES = {"small": (50_000, 150_000), "full": (1_000_000, 2_960_000)}
GOALS = {
    "P1": 1.25,
    "P2": 1.3,
    "P4 p50": 2.0,
    "P4 p95": 2.0,
    "P7": 1.3,
    "P7 total": 2.0,
    "P8": 30.0,
    "P9": 0.15,
    "P10": 1.8,
    "P12": 400.0,
}
AT_LEAST = {"P8"}


def _environment() -> None:
    database = os.environ.get(
        "BENCH_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/wugang_bench"
    )
    os.environ["DATABASE_URL"] = database
    os.environ["REDIS_URL"] = os.environ.get("BENCH_REDIS_URL", "redis://127.0.0.1:6379/7")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wugang_credit.settings")
    server, name = database.rsplit("/", 1)
    psql = ["psql", "-q", f"{server}/postgres", "-c"]
    # There already: that is what we want.
    subprocess.run([*psql, f'CREATE DATABASE "{name}"'], stderr=subprocess.DEVNULL, check=False)


def main() -> int:
    """Make the register, run every benchmark, print what was reached beside the goals."""
    _environment()
    import django

    django.setup()
    from benchmarks import full_regrade, history, register_pages, save_to_grade

    size = os.environ.get("SIZE", "small")
    if size not in SIZES:
        print(f"SIZE must be one of {', '.join(SIZES)}, not {size!r}", file=sys.stderr)
        return 2
    subjects, records = SIZES[size]
    rounds = int(os.environ.get("ROUNDS", "3"))
    print(f"{platform.platform()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{subjects:,} organisations, {records:,} records, {rounds} rounds\n")
    # Apart: what this takes in memory would count as the product's.
    maker = [sys.executable, "-m", "benchmarks.register", str(subjects), str(records)]
    subprocess.run(maker, check=True)
    reached: dict[str, float] = {}
    for part in (full_regrade, register_pages, history, save_to_grade):
        reached |= part.run(rounds)
    print("goal      reached   asked")
    for name, value in reached.items():
        goal = GOALS.get(name)
        if goal is None:
            continue
        met = value >= goal if name in AT_LEAST else value <= goal
        sign = ">=" if name in AT_LEAST else "<="
        print(f"{name:<9} {value:8.2f}   {sign} {goal:<6} {'' if met else 'missed'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
