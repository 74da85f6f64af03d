"""Who may grade whom at the same time.

A run over a whole range of subjects holds that range for itself; whoever grades single subjects
holds the ranges they stand in together with others like them, and locks their standings row by row.
SQLite lets one writer in at a time and needs none of this.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.db import connection
from django.db.models import Max, Min

from subjects.models import Subject

# How many subjects a full run takes at once. Each range reads the tables of records from end to
# end; while it is held, single re-grades of its subjects wait, never whoever saves a record.
RANGE = 1_000_000
# How many are read at once where each record becomes an object.
READ_AT_ONCE = 50_000
NAMESPACE = 394


def ranges(length: int = RANGE) -> Iterator[tuple[int, int]]:
    """The ids of all subjects in ranges: (first, last), aligned to ``length``."""
    ends = Subject.objects.aggregate(low=Min("pk"), high=Max("pk"))
    if ends["low"] is None:
        return
    for number in range(ends["low"] // length, ends["high"] // length + 1):
        yield number * length, (number + 1) * length - 1


def hold_range(low: int) -> None:
    """Hold the range that begins with ``low`` alone until the transaction ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [NAMESPACE, low // RANGE])


def share_ranges(subject_ids: Collection[int]) -> None:
    """Hold the ranges of these subjects together with others until the transaction ends."""
    if connection.vendor == "postgresql":
        numbers = sorted({one // RANGE for one in subject_ids})
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock_shared(%s, n) FROM unnest(%s::int[]) AS n",
                [NAMESPACE, numbers],
            )
