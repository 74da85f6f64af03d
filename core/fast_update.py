"""Many different values into many rows of one table at once, by primary key.

``bulk_update`` builds an expression a row and a field; here the values go as arrays on PostgreSQL
and through one prepared statement on SQLite. No signals, no history: see ``core.bulk``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, models


def update_rows(
    model: type[models.Model], names: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Write the fields called ``names`` (attnames, no JSON) of each row, found by its key.

    ``rows`` map attnames, the key's among them, to Python values.
    """
    if not rows:
        return
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    key = model._meta.pk
    fields = [by_name[name] for name in names]
    if connection.vendor == "postgresql":
        _from_arrays(model._meta.db_table, key, fields, rows)
    else:
        _one_by_one(model._meta.db_table, key, fields, rows)


def _from_arrays(
    table: str, key: Any, fields: Sequence[Any], rows: Sequence[Mapping[str, Any]]
) -> None:
    quote = connection.ops.quote_name
    columns = [quote(field.column) for field in (key, *fields)]
    arrays = ", ".join(f"%s::{_cast(field)}[]" for field in (key, *fields))
    assigned = ", ".join(f"{column} = v.{column}" for column in columns[1:])
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(table)} t SET {assigned} FROM unnest({arrays}) "
            f"AS v({', '.join(columns)}) WHERE t.{columns[0]} = v.{columns[0]}",
            [[row[field.attname] for row in rows] for field in (key, *fields)],
        )


def _cast(field: Any) -> str:
    """The column's type without its length, which would cut instead of complain."""
    kind = str(field.rel_db_type(connection) if field.remote_field else field.db_type(connection))
    return "text" if kind.startswith("varchar") else kind


def _one_by_one(
    table: str, key: Any, fields: Sequence[Any], rows: Sequence[Mapping[str, Any]]
) -> None:
    quote = connection.ops.quote_name
    assigned = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {quote(table)} SET {assigned} WHERE {quote(key.column)} = %s",
            [
                [field.get_db_prep_save(row[field.attname], connection) for field in (*fields, key)]
                for row in rows
            ],
        )
