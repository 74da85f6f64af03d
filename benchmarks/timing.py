"""Wall and CPU time of client and server, side by side; medians, because machines are noisy."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection

TICKS = os.sysconf("SC_CLK_TCK")


def backend_cpu() -> float:
    """CPU seconds that the PostgreSQL process of this connection has used; 0 where unreadable."""
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    try:
        parts = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(parts[11]) + int(parts[12])) / TICKS


@dataclass
class Side:
    """The rounds of one side of a comparison."""

    name: str
    wall: list[float] = field(default_factory=list)
    client: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)

    def measure(self, run: Callable[[], object]) -> None:
        server, client, wall = backend_cpu(), time.process_time(), time.perf_counter()
        run()
        self.wall.append(time.perf_counter() - wall)
        self.client.append(time.process_time() - client)
        self.server.append(backend_cpu() - server)

    @property
    def cpu(self) -> float:
        """Median CPU seconds of client and server together."""
        return statistics.median(
            client + server for client, server in zip(self.client, self.server, strict=True)
        )

    @property
    def cpu_of_client(self) -> float:
        return statistics.median(self.client)

    @property
    def median(self) -> float:
        return statistics.median(self.wall)

    def line(self) -> str:
        return (
            f"  {self.name:<34} wall {self.median:8.3f} s   "
            f"cpu client {statistics.median(self.client):7.3f} s + "
            f"server {statistics.median(self.server):7.3f} s   rounds {len(self.wall)}"
        )


def compare(
    goal: str,
    ours: Side,
    floor: Side,
    run_ours: Callable[[], object],
    run_floor: Callable[[], object],
    rounds: int = 3,
) -> float:
    """Both sides in turn, ``rounds`` times; print them and return the ratio of the medians."""
    for _ in range(rounds):
        floor.measure(run_floor)
        ours.measure(run_ours)
    ratio = ours.median / floor.median
    print(floor.line())
    print(ours.line())
    print(f"{goal}: wall x{ratio:.2f}, cpu x{ours.cpu / floor.cpu if floor.cpu else 0:.2f}\n")
    return ratio
