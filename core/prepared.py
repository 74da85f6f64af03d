"""What every re-grade asks, compiled once by Django and planned once by each connection.

Django spends more on turning a small queryset into SQL than PostgreSQL on answering it, and
PostgreSQL more on parsing and planning than on looking. The queryset stays the one definition of
what is read; only its text is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection, models

# Stand-ins that no row holds; each call puts its own values where they stood.
AN_ID = -394_394_394
A_DAY = date(1894, 3, 9)


_numbers = count(1)
# What each connection has planned; a connection that is made anew begins with nothing.
_planned: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


class Statement:
    """A statement of PostgreSQL with $1, $2 ... for values of ``types``, planned once a connection.

    It is run like any other statement (``EXECUTE``), so that it is seen by whatever counts, logs or
    wraps statements.
    """

    def __init__(self, sql: str, *types: str) -> None:
        self._sql, self._types = sql, types
        self._name = f"wugang_{next(_numbers)}"
        places = ", ".join(["%s"] * len(types))
        self._execute = f"EXECUTE {self._name}" + (f"({places})" if types else "")

    def run(self, cursor: Any, values: Sequence[Any] = ()) -> None:
        """Execute it on a cursor of the default connection."""
        connection.ensure_connection()
        planned = _planned.setdefault(connection.connection, set())
        if self._name not in planned:
            types = f"({', '.join(self._types)})" if self._types else ""
            with connection.wrap_database_errors:
                connection.connection.execute(f"PREPARE {self._name}{types} AS {self._sql}")
            planned.add(self._name)
        cursor.execute(self._execute, values)


def numbered(sql: str) -> str:
    """``sql`` with $1, $2 ... for its %s, as a Statement takes it."""
    first, *pieces = sql.split("%s")
    return first + "".join(f"${at}{piece}" for at, piece in enumerate(pieces, start=1))


def type_of(field: models.Field[Any, Any]) -> str:
    """What PostgreSQL calls the type of a column, without its length."""
    return str(field.db_type(connection)).partition("(")[0]


class Prepared:
    """Rows of the queryset that ``build`` makes for AN_ID and A_DAY, for another id and day.

    Values come as the driver gives them: texts for days on SQLite (see ``as_day``), texts for JSON.
    """

    def __init__(self, build: Callable[[], models.QuerySet[Any, Any]]) -> None:
        self._build = build
        self._compiled: tuple[str, tuple[Any, ...]] | None = None
        self._statement: Statement | None = None

    def rows(self, *, an_id: int = AN_ID, a_day: date = A_DAY) -> list[tuple[Any, ...]]:
        """All rows at once."""
        if is_postgresql():
            if self._statement is None:
                self._statement = Statement(_written_out(*self._sql()), "bigint", "date")
            with connection.cursor() as cursor:
                self._statement.run(cursor, [an_id, a_day])
                return list(cursor.fetchall())
        if self._compiled is None:
            self._compiled = self._sql()
        sql, params = self._compiled
        day = connection.ops.adapt_datefield_value(a_day)
        stand_ins = {AN_ID: an_id, connection.ops.adapt_datefield_value(A_DAY): day}
        with connection.cursor() as cursor:
            cursor.execute(sql, [stand_ins.get(value, value) for value in params])
            return list(cursor.fetchall())

    def _sql(self) -> tuple[str, tuple[Any, ...]]:
        sql, params = self._build().query.get_compiler(connection.alias).as_sql()
        return sql, tuple(params)


def is_postgresql() -> bool:
    return connection.vendor == "postgresql"


def _written_out(sql: str, params: Sequence[Any]) -> str:
    """The same with $1 and $2 for the stand-ins and every constant in the text.

    The driver itself writes them, as it does at each execution.
    """
    with connection.cursor() as cursor:
        constants = [
            "$1" if value == AN_ID else "$2" if value == A_DAY else cursor.mogrify("%s", [value])
            for value in params
        ]
    first, *pieces = (piece.replace("%%", "%") for piece in sql.split("%s"))
    return first + "".join(map("".join, zip(constants, pieces, strict=True)))


def as_day(value: Any) -> date | None:
    """A day as PostgreSQL (a date) or SQLite (a text) gives it."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def as_moment(value: Any) -> datetime | None:
    """A moment as PostgreSQL (aware) or SQLite (UTC without saying so, or a text) gives it."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment
