"""A queryset compiled once and run many times: for the few reads that every re-grade makes.

Django spends more on turning a small queryset into SQL than PostgreSQL on answering it. The
queryset stays the one definition of what is read; only its text is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection, models

# Stand-ins that no row holds; each call puts its own values where they stood.
AN_ID = -394_394_394
A_DAY = date(1894, 3, 9)


class Prepared:
    """Rows of the queryset that ``build`` makes for AN_ID and A_DAY, for another id and day.

    Values come as the driver gives them: texts for days on SQLite (see ``as_day``), texts for JSON.
    """

    def __init__(self, build: Callable[[], models.QuerySet[Any, Any]]) -> None:
        self._build = build
        self._compiled: dict[str, tuple[str, tuple[Any, ...]]] = {}

    def rows(self, *, an_id: int = AN_ID, a_day: date = A_DAY) -> list[tuple[Any, ...]]:
        """All rows at once."""
        vendor = connection.vendor
        if vendor not in self._compiled:
            self._compiled[vendor] = self._build().query.get_compiler(connection.alias).as_sql()
        sql, params = self._compiled[vendor]
        stand_in = connection.ops.adapt_datefield_value(A_DAY)
        day = connection.ops.adapt_datefield_value(a_day)
        values = [
            an_id if value == AN_ID else day if value in (A_DAY, stand_in) else value
            for value in params
        ]
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return list(cursor.fetchall())


def as_day(value: Any) -> date | None:
    """A day as PostgreSQL (a date) or SQLite (a text) gives it."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def as_moment(value: Any) -> datetime | None:
    """A moment as PostgreSQL (aware) or SQLite (UTC without saying so, or a text) gives it."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment
