"""A web server that is told to stop finishes what it has begun and refuses whoever comes later."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ops.environment import ROOT
from tests.ops.processes import PATIENCE, environment, free_port, wait

SLOW = """
import time
def application(environ, start_response):
    time.sleep(0.5)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"whole answer"]
"""
WORKER = "wugang_credit.web_worker.ClosingWorker"


class Web:
    """gunicorn with the product's worker, and a client whose answers it gathers."""

    def __init__(self, place: Path) -> None:
        (place / "slow.py").write_text(SLOW)
        self.port = free_port()
        self.answers: list[bytes | str] = []
        self.threads: list[threading.Thread] = []
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "slow:application"),
                *("--bind", f"127.0.0.1:{self.port}", "--worker-class", WORKER),
                *("--workers", "2", "--threads", "2", "--no-control-socket"),
            ],
            cwd=place,
            env=environment(place / "var", PYTHONPATH=f"{ROOT}:{place}"),
            stderr=subprocess.DEVNULL,
        )

    def answers_now(self) -> bool:
        return self.ask() == b"whole answer"

    def ask(self) -> bytes | str:
        """The answer, or the name of what came instead."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            link.request("GET", "/")
            return link.getresponse().read()
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__
        finally:
            link.close()

    def ask_beside(self, times: int) -> None:
        for _ in range(times):
            thread = threading.Thread(target=lambda: self.answers.append(self.ask()))
            thread.start()
            self.threads.append(thread)
            time.sleep(0.02)

    def refuses(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) != 0


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    made = Web(tmp_path)
    try:
        wait("web", made.answers_now)
        yield made
    finally:
        made.process.kill()
        made.process.wait(timeout=PATIENCE)


def test_what_was_begun_is_answered_and_what_comes_later_is_refused(web: Web) -> None:
    web.ask_beside(24)  # four at a time, so that most of them wait inside

    web.process.terminate()
    wait("a closed door", web.refuses)
    still_inside = 24 - len(web.answers)
    late = [web.ask() for _ in range(5)]
    for thread in web.threads:
        thread.join(timeout=PATIENCE)

    assert still_inside > 0
    assert web.answers == [b"whole answer"] * 24
    assert late == ["ConnectionRefusedError"] * 5
    assert web.process.wait(timeout=PATIENCE) == 0
