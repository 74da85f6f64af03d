"""Real processes in tests: environments, waiting, and finding what was left behind.

Every wait polls for what it waits for and has a limit far above what an idle machine needs, since
two cores may be busy.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

PATIENCE = 120.0


def environment(var_dir: Path, **more: str) -> dict[str, str]:
    """What a child gets: nothing of the test run's own services, only ``more``."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "VAR_DIR": str(var_dir), **more}


def wait(what: str, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"{what}: not within {PATIENCE:.0f} s")
        time.sleep(0.2)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def using(var_dir: Path) -> dict[int, str]:
    """Living processes that were started with this VAR_DIR: id -> command line."""
    found = {}
    needle = f"VAR_DIR={var_dir}".encode()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                environment = (entry / "environ").read_bytes().split(b"\0")
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                if needle in environment and command:  # a zombie has no command line
                    found[int(entry.name)] = command
    return found
