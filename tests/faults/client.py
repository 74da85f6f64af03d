"""A case system that posts decisions and writes down what was acknowledged."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.faults.records import Record

TIMEOUT = 30.0
REPEATS = 40
REFUSED_PAUSE = 1.0


@dataclass
class Attempt:
    """What became of one record at the client: ``status`` 0 means that no answer came."""

    record: Record
    status: int = 0
    answer: str = ""
    decision_id: int = 0
    posts: int = 0
    slowest: float = 0.0

    @property
    def acknowledged(self) -> bool:
        return self.status in (200, 201)


class Client:
    """Posts to one port; with ``repeat`` a record is posted until it is acknowledged."""

    def __init__(self, port: int, token: str, log: Path, *, repeat: bool = False) -> None:
        self.port, self.token, self.repeat = port, token, repeat
        self.attempts: list[Attempt] = []
        self.last_answer = time.monotonic()
        self._log, self._lock = log.open("a"), threading.Lock()

    def run(self, batches: Iterable[list[Record]], *, threads: int = 16, pause: float = 0) -> None:
        """Post batches side by side; the records of a batch leave at the same moment.

        Batches are asked for as they can be posted; ``pause`` seconds a record slow that down.
        """
        free = threading.Semaphore(threads)
        with ThreadPoolExecutor(threads) as pool:
            for batch in batches:
                barrier = threading.Barrier(len(batch))
                for _ in batch:
                    free.acquire()
                for one in batch:
                    pool.submit(self._post_together, one, barrier, free)
                if pause:
                    time.sleep(pause * len(batch))

    def _post_together(
        self, record: Record, barrier: threading.Barrier, free: threading.Semaphore
    ) -> None:
        try:
            barrier.wait()
            if not self.post(record).acknowledged:
                time.sleep(REFUSED_PAUSE)  # as a case system waits that is refused
        finally:
            free.release()

    def post(self, record: Record) -> Attempt:
        attempt = Attempt(record)
        with self._lock:
            self.attempts.append(attempt)
        for turn in range(REPEATS if self.repeat else 1):
            if turn:
                time.sleep(0.25)
            began = time.monotonic()
            self._once(attempt)
            attempt.slowest = max(attempt.slowest, time.monotonic() - began)
            attempt.posts += 1
            if attempt.acknowledged:
                break
        with self._lock:
            self.last_answer = time.monotonic()
            line = {"number": record.number, "status": attempt.status, "id": attempt.decision_id}
            self._log.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._log.flush()
        return attempt

    def _once(self, attempt: Attempt) -> None:
        # A connection a post: one kept open may be closed by the server just as it is used again.
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        headers = {"Authorization": f"Token {self.token}", "Content-Type": "application/json"}
        try:
            body = json.dumps(attempt.record.body).encode()
            connection.request("POST", "/api/v1/decisions/", body, headers)
            response = connection.getresponse()
            attempt.status, text = response.status, response.read().decode()
        except (OSError, http.client.HTTPException) as error:
            attempt.status, attempt.answer = 0, repr(error)
            return
        finally:
            connection.close()
        attempt.answer = text[:300]
        if attempt.acknowledged:
            attempt.decision_id = int(json.loads(text)["id"])
