"""One run: the servers, the products, and what every experiment shares."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from tests.faults.checker import Found, look, the_day
from tests.faults.client import Attempt, Client
from tests.faults.product import Product
from tests.faults.records import Record, half_contended
from tests.faults.servers import Postgres, Redis

# Goal of reliability.md: no wrong grade this long after the last fault.
GOAL_SECONDS = 60.0
GIVE_UP_SECONDS = 75.0
# Seconds a record, so that a small run stays small while faults take their time.
SMALL_PAUSE = 0.05


@dataclass
class Result:
    """The figures of one experiment; ``missed`` says which of them is not what it must be."""

    name: str
    attempted: int = 0
    acknowledged: int = 0
    stored: int = 0
    doubled: int = 0
    wrong: int = 0
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def line(self) -> str:
        figures = (
            *(self.attempted, self.acknowledged, self.stored, self.doubled, self.wrong),
            f"{self.seconds:.1f}",
        )
        verdict = "MISSED" if self.missed else "ok"
        return f"{self.name:<26}" + "".join(f"{one!s:>13}" for one in figures) + f"  {verdict}"


HEADINGS = ("attempted", "acknowledged", "stored", "doubled", "wrong", "seconds")


class Run:
    """Servers and the main product, started once; everything ends with ``stop``."""

    def __init__(self, base: Path, *, full: bool, keep: bool = False) -> None:
        self.base, self.full, self.keep = base, full, keep
        base.chmod(0o755)  # PostgreSQL runs as another user
        self.postgres, self.redis = Postgres(base), Redis(base)
        self.postgres.start()
        self.redis.start()
        self.products: list[Product] = []
        self._clients = 0

    def product(self, name: str, shift: float = 0.0) -> Product:
        """A new installation, not yet started."""
        if not self.products:
            self._install("pattern")
        made = self._install(name, self.products[0])
        made.shift = shift
        return made

    def _install(self, name: str, pattern: Product | None = None) -> Product:
        number = len(self.products)
        self.products.append(Product(name, self.base, self.postgres, self.redis, number, pattern))
        return self.products[-1]

    def client(self, product: Product, *, repeat: bool = False) -> Client:
        self._clients += 1
        log = self.base / f"acknowledged-{self._clients}.jsonl"
        return Client(product.port, product.token, log, repeat=repeat)

    def stop(self) -> None:
        for product in self.products:
            product.stop()
        for server in (self.postgres, self.redis):
            if server.process is not None:
                server.process.kill_tree()
        if not self.keep:
            shutil.rmtree(self.base, ignore_errors=True)

    def load(self, client: Client, batches: Iterable[list[Record]], *, pause: float = 0.0) -> float:
        """Post all of it; the answer is when it was over."""
        client.run(batches, pause=pause)
        return client.last_answer

    def load_under(
        self,
        client: Client,
        day: date,
        faults: Sequence[Callable[[], None]],
        *,
        count: int,
        gap: float,
    ) -> float:
        """Post ``count`` records or more while the faults happen; when all of it was over.

        The faults are spread over the records, at least ``gap`` seconds apart, and records come in
        until the last has happened. Faults run in the main thread, which alone may start processes.
        """
        over = threading.Event()

        def batches() -> Iterator[list[Record]]:
            for batch in half_contended(None, day):
                if over.is_set() and len(client.attempts) >= count:
                    return
                yield batch

        poster = threading.Thread(
            target=client.run, args=(batches(),), kwargs={"pause": SMALL_PAUSE * (not self.full)}
        )
        poster.start()
        try:
            for turn, fault in enumerate(faults, 1):
                time.sleep(gap)
                while len(client.attempts) < turn * count / (len(faults) + 1):
                    time.sleep(0.1)
                fault()
                last = time.monotonic()
        finally:
            over.set()
            poster.join()
        return max(last, client.last_answer)

    def settle(
        self, product: Product, attempts: Sequence[Attempt], since: float
    ) -> tuple[Found, float]:
        """Look again and again until nothing is wrong or waits; how long after ``since`` it was."""
        with self.postgres.connect(product.name) as connection:
            while True:
                found = look(connection, attempts, the_day(product.shift))
                seconds = max(0.0, time.monotonic() - since)
                if found.is_settled or seconds > GIVE_UP_SECONDS:
                    return found, seconds
                product.start_again_what_ended()
                time.sleep(0.5)

    def judge(
        self,
        name: str,
        product: Product,
        client: Client,
        since: float,
        *,
        all_acknowledged: bool,
    ) -> Result:
        """Wait until it is right, and hold the figures against what they must be."""
        attempts = client.attempts
        found, seconds = self.settle(product, attempts, since)
        acknowledged = sum(one.acknowledged for one in attempts)
        if not acknowledged:  # no fault that was survived, and none that was shown: it never worked
            raise RuntimeError(f"{name}: nothing was acknowledged: {attempts[-1].answer}")
        result = Result(
            name,
            len(attempts),
            acknowledged,
            found.stored,
            found.doubled,
            found.wrong,
            seconds,
        )
        self._hold_against(result, found)
        refused = [one for one in attempts if not one.acknowledged]
        if refused and all_acknowledged:
            result.missed.append(f"{len(refused)} not acknowledged: {refused[0].answer}")
        if found.examples:
            result.notes += found.examples[:3]
        slowest = max((one.slowest for one in attempts), default=0.0)
        result.notes.append(f"slowest post {slowest:.2f} s")
        return result

    @staticmethod
    def _hold_against(result: Result, found: Found) -> None:
        for figure in ("lost", "half", "doubled", "wrong", "waiting"):
            if getattr(found, figure):
                result.missed.append(f"{getattr(found, figure)} {figure}")
        if result.seconds > GOAL_SECONDS:
            result.missed.append(f"right only after {result.seconds:.0f} s")
