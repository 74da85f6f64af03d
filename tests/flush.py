"""How a transactional test's tables are emptied and filled again: two hundred times a run.

Django truncates every table, and saves the migrated rows one by one before the next such test: a
second each time. Here only tables with rows are emptied (the foreign keys are checked at the
commit, so any order does), and the rows are back at once, one insert a table: whatever test comes
next finds them.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import cache
from itertools import groupby
from typing import Any

import pytest
from django.core import serializers
from django.db import OperationalError, connection, transaction
from django.db.models import Model, QuerySet

from core.append_only import freeze, protect, unprotect
from sanctions.paper_models import FROZEN as FROZEN_COLUMNS

APPEND_ONLY = ("core_auditentry", "core_auditseal", "sanctions_serviceattempt")
FROZEN = "sanctions_paper"
PATIENCE = 10  # seconds


def make_quick(patch: pytest.MonkeyPatch) -> None:
    operations, creation = type(connection.ops), type(connection.creation)
    truncate, flush = operations.sql_flush, operations.execute_sql_flush

    def sql_flush(self: Any, style: Any, tables: Sequence[str], **options: Any) -> list[str]:
        if self.connection.vendor != "postgresql":
            told: list[str] = truncate(self, style, tables, **options)
            return told
        return [f"DELETE FROM {self.quote_name(name)}" for name in _filled(self, tables)]

    def lifted(self: Any, sql_list: Sequence[str]) -> None:
        """Only here do the triggers of append-only tables step aside.

        The product has no such switch; ``tests/core/test_append_only.py`` proves them in force.
        """
        unprotect(self.connection, *APPEND_ONLY, FROZEN)
        flush(self, sql_list)
        _fill(self.connection)
        protect(self.connection, *APPEND_ONLY)
        freeze(self.connection, FROZEN, FROZEN_COLUMNS)

    def patient(self: Any, sql_list: Sequence[str]) -> None:
        """SQLite in memory refuses while the server still answers a page that was closed."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return lifted(self, sql_list)
            except OperationalError:
                if self.connection.vendor == "postgresql" or time.monotonic() > until:
                    raise
                time.sleep(0.1)

    patch.setattr(operations, "sql_flush", sql_flush)
    patch.setattr(operations, "execute_sql_flush", patient)
    patch.setattr(creation, "deserialize_db_from_string", lambda self, data: None)


def _filled(operations: Any, tables: Sequence[str]) -> list[str]:
    asked = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {operations.quote_name(name)})"
        for name in tables
    )
    with operations.connection.cursor() as cursor:
        cursor.execute(asked)
        return [name for (name,) in cursor.fetchall()]


def _fill(connection: Any) -> None:
    with transaction.atomic(), connection.constraint_checks_disabled():
        for model, rows in _rows(connection._test_serialized_contents):
            # Past the managers: those of facts refuse what skips their services.
            plain: QuerySet[Any] = QuerySet(model)
            plain.bulk_create(rows, ignore_conflicts=True)


@cache
def _rows(data: str) -> list[tuple[type[Model], list[Model]]]:
    found = [one.object for one in serializers.deserialize("json", data)]
    return [(model, list(rows)) for model, rows in groupby(found, key=type)]
