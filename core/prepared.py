"""A queryset compiled once and run many times: for the few reads that every re-grade makes.

Django spends more on turning a small queryset into SQL than PostgreSQL on answering it. The
queryset stays the one definition of what is read; only its text is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
            sql, params = self._build().query.get_compiler(connection.alias).as_sql()
            self._compiled[vendor] = (
                _written_out(sql, params) if _is_postgresql() else (sql, params)
            )
        sql, params = self._compiled[vendor]
        day = connection.ops.adapt_datefield_value(a_day)
        stand_ins = {AN_ID: an_id, A_DAY: day, connection.ops.adapt_datefield_value(A_DAY): day}
        with connection.cursor() as cursor:
            cursor.execute(sql, [stand_ins.get(value, value) for value in params])
            return list(cursor.fetchall())


def _is_postgresql() -> bool:
    return connection.vendor == "postgresql"


def _written_out(sql: str, params: Sequence[Any]) -> tuple[str, tuple[Any, ...]]:
    """The same with every constant written into the text: each costs the driver something a call.

    The driver itself writes them, as it does at each execution; what is left are the stand-ins.
    """
    with connection.cursor() as cursor:
        constants = [
            value if value in (AN_ID, A_DAY) else cursor.mogrify("%s", [value]) for value in params
        ]
    pieces = sql.split("%s")
    assert len(pieces) == len(constants) + 1, sql
    text, left = [pieces[0]], []
    for constant, piece in zip(constants, pieces[1:], strict=True):
        if constant in (AN_ID, A_DAY):
            left.append(constant)
            text.append("%s")
        else:
            text.append(constant.replace("%", "%%"))
        text.append(piece)
    return "".join(text), tuple(left)


def as_day(value: Any) -> date | None:
    """A day as PostgreSQL (a date) or SQLite (a text) gives it."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def as_moment(value: Any) -> datetime | None:
    """A moment as PostgreSQL (aware) or SQLite (UTC without saying so, or a text) gives it."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment
