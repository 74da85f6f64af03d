"""Runs the processes of the embedded default side by side: started, watched and ended together.

A child that dies is started again, at longer and longer intervals while it keeps dying. When the
supervisor ends, for whatever reason, its children end: on a signal it stops them in good order;
when it is killed outright, the kernel kills them (Linux: PR_SET_PDEATHSIG).
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

PR_SET_PDEATHSIG = 1
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
NOHUP = (signal.SIGHUP, signal.SIG_IGN)
TICK_SECONDS = 0.2
STOP_SECONDS = 20.0  # longer than gunicorn and celery need to finish what they have begun
FIRST_DELAY = 1.0
LONGEST_DELAY = 30.0
STEADY_SECONDS = 60.0  # a child that lived this long starts again without delay
LOG_BYTES = 5_000_000


def _die_with(parent: int) -> Callable[[], None]:
    """What a child does between fork and exec so that it cannot outlive ``parent``."""
    prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None

    def prepare() -> None:
        if prctl is not None:
            prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # the parent died before the kernel knew
            os._exit(1)

    return prepare


@dataclass
class Child:
    """One process to keep alive; what it prints goes to ``log``."""

    name: str
    command: Sequence[str]
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started: float = field(default=0.0, init=False)
    delay: float = field(default=0.0, init=False)
    start_at: float = field(default=0.0, init=False)

    def start(self) -> None:
        """Start it in a session of its own, so that a Ctrl-C reaches the supervisor alone."""
        with self._open_log() as output:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with(os.getpid()),
            )
        self.started = time.monotonic()

    def _open_log(self) -> IO[bytes]:
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".old.log"))
        return self.log.open("ab")

    def has_died(self) -> bool:
        """Whether it ran and runs no more."""
        return self.process is not None and self.process.poll() is not None

    def plan_restart(self) -> float:
        """Note when to start it again; the answer is the delay in seconds."""
        steady = time.monotonic() - self.started > STEADY_SECONDS
        self.delay = 0.0 if steady else min(max(FIRST_DELAY, self.delay * 2), LONGEST_DELAY)
        self.start_at = time.monotonic() + self.delay
        self.process = None
        return self.delay

    def send(self, number: signal.Signals) -> None:
        """Signal the process; SIGKILL goes to everything that it started as well."""
        if self.process is None:
            return
        try:
            if number == signal.SIGKILL:
                os.killpg(self.process.pid, number)
            else:
                self.process.send_signal(number)
        except ProcessLookupError:
            pass


class Supervisor:
    """Keeps ``children`` running until a stop signal comes or ``parent`` is gone.

    ``tell`` prints a line for whoever sits at the terminal. ``parent`` is the id of the process
    whose end ends everything (None: nobody's).
    """

    def __init__(
        self, children: Sequence[Child], *, tell: Callable[[str], None], parent: int | None = None
    ) -> None:
        self.children = children
        self.tell = tell
        self.parent = parent
        self._signals = 0

    def run(self, *, ready: Callable[[], bool], on_ready: Callable[[], None]) -> None:
        """Start all, call ``on_ready`` once when ``ready`` answers True, and watch until the end.

        Returns after all children are gone.
        """
        # A terminal that closes does not stop what nohup started.
        heard = [n for n in STOP_SIGNALS if (n, signal.getsignal(n)) != NOHUP]
        before = {number: signal.signal(number, self._note) for number in heard}
        try:
            for child in self.children:
                child.start()
            waiting = True
            while not self._must_stop():
                if waiting and ready():
                    waiting = False
                    on_ready()
                self._tend()
                time.sleep(TICK_SECONDS)
        finally:
            self._stop_all()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._signals += 1

    def _must_stop(self) -> bool:
        return self._signals > 0 or (self.parent is not None and os.getppid() != self.parent)

    def _tend(self) -> None:
        for child in self.children:
            if child.has_died():
                assert child.process is not None
                code = child.process.returncode
                child.send(signal.SIGKILL)  # what it may have left in its session
                delay = child.plan_restart()
                self.tell(
                    f"{child.name} 进程意外结束（返回值 {code}），{delay:.0f} 秒后重新启动；"
                    f"原因见 {child.log}"
                )
            elif child.process is None and time.monotonic() >= child.start_at:
                child.start()

    def _stop_all(self) -> None:
        """Ask all to end; kill those that have not after STOP_SECONDS or at a second signal."""
        asked = self._signals
        for child in self.children:
            child.send(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while any(c.process is not None and c.process.poll() is None for c in self.children):
            if time.monotonic() > deadline or self._signals > asked:
                break
            time.sleep(TICK_SECONDS)
        for child in self.children:
            child.send(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()
