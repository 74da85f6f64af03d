"""Many plain rows into one table at once: COPY on PostgreSQL, one prepared statement on SQLite.

``bulk_create`` spends most of its time on instances, expressions and RETURNING; ids are reserved
here beforehand instead. Nothing calls this but ``core.bulk`` and what writes rows of its own
that are no facts (requests).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection, models, router, transaction

Values = tuple[Any, ...]


def reserve_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """``count`` unused primary keys of ``model``, ascending; the caller holds the transaction.

    On SQLite nobody else can take them: a transaction that writes holds the only lock there is.
    """
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            column = model._meta.pk.column
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), column, count],
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        last = found[0] if found else 0
        return range(last + 1, last + 1 + count)


def ids_among(column: str, ids: Sequence[int]) -> tuple[str, Any]:
    """``column`` is one of ``ids``, as a condition with one parameter however many there are.

    PostgreSQL looks an id up by hash only where both are of one type; the driver would write the
    smallest that holds the numbers, and each row would be compared with each of them.
    """
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s::bigint[])", list(ids)
    return f"{column} IN (SELECT value FROM json_each(%s))", json.dumps(list(ids))


def insert_rows(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Values], *, size: int = 5000
) -> None:
    """Insert ``rows``: values of the fields called ``names`` (attnames), as Python values.

    No signals, no ``save``, no defaults: each row is given whole. Constraints of the database hold.
    """
    if (
        router.db_for_write(model) != connection.alias
        or not transaction.get_connection().in_atomic_block
    ):
        raise transaction.TransactionManagementError("insert_rows needs the caller's transaction")
    fields = [field_of(model, name) for name in names]
    adapt = adapter(fields)
    columns = [str(field.column) for field in fields]
    if connection.vendor == "postgresql":
        _copy(model._meta.db_table, columns, map(adapt, rows))
    else:
        _execute_many(model._meta.db_table, columns, map(adapt, rows), size)


def field_of(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    """The field of ``model`` that is called ``name`` (its attname)."""
    return next(field for field in model._meta.concrete_fields if field.attname == name)


def adapter(fields: Sequence[models.Field[Any, Any]]) -> Callable[[Values], Values]:
    """From a row of Python values of ``fields`` to what the driver takes."""
    converters = [_converter(field) for field in fields]
    return lambda row: tuple(
        [convert(value) for convert, value in zip(converters, row, strict=True)]
    )


def _converter(field: models.Field[Any, Any]) -> Callable[[Any], Any]:
    """From a Python value to what the driver takes; texts and numbers need the least."""
    if isinstance(field, models.CharField | models.TextField):
        # An enumeration's member is a str that drivers may write as its name.
        return lambda value: value if value is None or type(value) is str else str(value)
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    if isinstance(field, models.JSONField):
        # Not hashable.
        return lambda value: field.get_db_prep_save(value, connection=transaction.get_connection())
    if isinstance(field, models.IntegerField | models.BooleanField):
        return lambda value: value
    special, database = field, transaction.get_connection()

    # The same days, moments and sums come again and again.
    @lru_cache(maxsize=10_000)
    def prepared(value: Any) -> Any:
        return special.get_db_prep_save(value, connection=database)

    return prepared


def _copy(table: str, columns: Sequence[str], rows: Iterable[Values]) -> None:
    quote = connection.ops.quote_name
    names = ", ".join(quote(column) for column in columns)
    with (
        connection.wrap_database_errors,  # copy() is the driver's own
        connection.cursor() as cursor,
        cursor.copy(f"COPY {quote(table)} ({names}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _execute_many(table: str, columns: Sequence[str], rows: Iterable[Values], size: int) -> None:
    quote = connection.ops.quote_name
    names = ", ".join(quote(column) for column in columns)
    places = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {quote(table)} ({names}) VALUES ({places})"
    with connection.cursor() as cursor:
        batch: list[Values] = []
        for row in rows:
            batch.append(row)
            if len(batch) >= size:
                cursor.executemany(statement, batch)
                batch = []
        if batch:
            cursor.executemany(statement, batch)
