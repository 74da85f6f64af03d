"""``python -m tests.faults [--size small|full] [--only NAME ...] [--plant NAME]``.

Exit 0 when every figure is reached, 3 when one is missed. With ``--plant`` a defect is put into a
copy of the tree and the experiments that must show it are run there: exit 0 when they do.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from tests.faults import over_days, plants, poison, under_load
from tests.faults.product import Product
from tests.faults.run import HEADINGS, Result, Run

ON_MAIN: dict[str, Callable[[Run, Product], Result]] = {
    "contended": under_load.contended,
    "redis": under_load.redis_killed,
    "broker": under_load.broker_away,
    "workers": under_load.workers_killed,
    "together": under_load.together,
    "postgres": under_load.postgres_restarted,
    "web": under_load.web_killed,
    "again": under_load.delivered_again,
    "poison": poison.poison,
}
ON_OTHER_DAYS: dict[str, Callable[[Run], Result]] = {
    "days": over_days.ten_days_off,
    "schedulers": over_days.two_schedulers,
    "midnight": over_days.midnight,
}
NAMES = (*ON_MAIN, *ON_OTHER_DAYS)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--size", choices=("small", "full"), default="small")
    parser.add_argument("--only", nargs="+", choices=NAMES, metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--plant", choices=tuple(plants.PLANTS), metavar="NAME",
                        help=", ".join(plants.PLANTS))  # fmt: skip
    parser.add_argument("--keep", type=Path, help="leave the logs in this directory")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, _end)
    if chosen.plant:
        return plants.run(chosen.plant, chosen.size)
    # "together" is redis and workers at once: by default for the full size alone.
    default = [name for name in NAMES if chosen.size == "full" or name != "together"]
    return experiments(chosen.only or default, full=chosen.size == "full", keep=chosen.keep)


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)  # through every finally


def experiments(names: list[str], *, full: bool, keep: Path | None = None) -> int:
    began = time.monotonic()
    base = keep or Path(tempfile.mkdtemp(prefix="faults-"))
    base.mkdir(parents=True, exist_ok=True)
    results: list[Result] = []
    run = Run(base, full=full, keep=keep is not None)
    try:
        main_product: Product | None = None
        print(f"{'':<26}" + "".join(f"{heading:>13}" for heading in HEADINGS), flush=True)
        for name in names:
            if name in ON_MAIN:
                if main_product is None:
                    main_product = run.product("main_product")
                    main_product.start()
                results.append(ON_MAIN[name](run, main_product))
            else:
                results.append(ON_OTHER_DAYS[name](run))
            _print(results[-1])
    finally:
        run.stop()
    missed = sum(bool(one.missed) for one in results)
    print(f"{len(results)} experiments, {missed} missed, {time.monotonic() - began:.0f} s")
    return plants.MISSED if missed else 0


def _print(result: Result) -> None:
    print(result.line())
    for note in result.notes:
        print(f"    {note}")
    for miss in result.missed:
        print(f"    MISSED: {miss}")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
