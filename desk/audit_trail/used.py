"""Which values a column of the trail holds: a few looks at its index instead of the whole table."""

from __future__ import annotations

from django.db import connection

_JUMPS = """
WITH RECURSIVE used(value) AS (
    SELECT min({column}) FROM core_auditentry
    UNION ALL
    SELECT (SELECT min({column}) FROM core_auditentry WHERE {column} > used.value)
      FROM used WHERE used.value IS NOT NULL
)
SELECT value FROM used WHERE value IS NOT NULL AND value <> ''
"""


def used_values(column: str) -> list[str]:
    """The distinct values of ``column``, which an index must begin with."""
    with connection.cursor() as cursor:
        cursor.execute(_JUMPS.format(column=connection.ops.quote_name(column)))
        return [row[0] for row in cursor.fetchall()]
