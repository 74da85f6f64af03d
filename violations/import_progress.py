"""How far the work on a run has come, told while it is done, and the wish to stop it.

A run is written in one transaction, and what is told within one would be seen by nobody: on
PostgreSQL it goes through a connection of its own. SQLite has one writer at a time; there nothing
is told within the transaction, and a wish to stop that comes then comes too late.
"""

from __future__ import annotations

import time
from types import TracebackType

from django.db import connection
from django.utils import timezone

from violations.import_models import ImportProgress

EVERY_SECONDS = 0.5


class Cancelled(Exception):  # noqa: N818
    """Somebody asked that the work end; nothing of it may stay."""


class Progress:
    """A context in which a run is worked on."""

    def __init__(self, run_id: int) -> None:
        self.run_id = run_id
        self._said = 0.0
        self._phase = ""
        self._own = connection.copy() if connection.vendor == "postgresql" else None

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._own is not None:
            self._own.close()

    def tell(self, phase: str, done: int, total: int) -> None:
        """Say how far the work has come, at most twice a second; raises Cancelled."""
        now = time.monotonic()
        if phase == self._phase and now - self._said < EVERY_SECONDS:
            return
        self._phase, self._said = phase, now
        self._write(phase, done, total)
        self.stop_if_cancelled()

    def stop_if_cancelled(self) -> None:
        """Raise Cancelled where somebody asked for it."""
        table = ImportProgress._meta.db_table
        with (self._own or connection).cursor() as cursor:
            cursor.execute(f"SELECT cancel_asked FROM {table} WHERE run_id = %s", [self.run_id])
            found = cursor.fetchone()
        if found and found[0]:
            raise Cancelled

    def _write(self, phase: str, done: int, total: int) -> None:
        if self._own is None:
            if not connection.in_atomic_block:
                ImportProgress.objects.filter(run=self.run_id).update(
                    phase=phase, done=done, total=total, beat_at=timezone.now()
                )
            return
        table = ImportProgress._meta.db_table
        with self._own.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET phase = %s, done = %s, total = %s, beat_at = %s"
                " WHERE run_id = %s",
                [phase, done, total, timezone.now(), self.run_id],
            )
