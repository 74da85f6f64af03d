"""The statements that make the rows of measures say what the grades say, for any number at once.

They run on PostgreSQL and SQLite. Which state a measure takes is written once, in ``_TARGET``.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from core.prepared import is_postgresql
from grading.bulk_sql import among
from grading.models import GradeChange, Standing
from grading.rules import LIST_CONFLICT
from sanctions.measure_enums import MeasureKind, MeasureState, Sight
from sanctions.measure_handling_models import Improvement
from sanctions.measure_models import Measure, SubjectMeasure
from violations.enums import DecisionState
from violations.models import Decision

Params = list[Any]
TABLE = "measure_settle"

_ROWS, _MEASURES = SubjectMeasure._meta.db_table, Measure._meta.db_table
_STANDINGS, _CHANGES = Standing._meta.db_table, GradeChange._meta.db_table
_IMPROVEMENTS, _DECISIONS = Improvement._meta.db_table, Decision._meta.db_table
_INCENTIVE = MeasureKind.INCENTIVE.value
_CONFLICT = f"LIKE '%%{LIST_CONFLICT}%%'"

# What holds of a clause ``m`` for a subject and sight ``g`` today; NULL: not at all. Takes the day
# twice.
_TARGET = f"""CASE
    WHEN m.legal_basis = '' OR m.valid_from > %s OR m.valid_until < %s THEN NULL
    WHEN m.grade = g.grade AND m.kind = '{_INCENTIVE}' THEN '{MeasureState.IN_FORCE}'
    WHEN m.grade = g.grade AND g.unserved = 1 THEN '{MeasureState.PENDING}'
    WHEN m.grade = g.grade THEN '{MeasureState.IN_FORCE}'
    WHEN m.kind = '{_INCENTIVE}' AND g.conflict = 1 THEN '{MeasureState.SUSPENDED}'
    END"""

Unserved = Mapping[str, Collection[int]]


@dataclass(frozen=True, slots=True)
class Whom:
    """A query with the columns subject_id, on_day and change_id: who is settled, and why."""

    sql: str
    params: Sequence[Any]


def these(rows: Sequence[tuple[int, date, int | None]]) -> Whom:
    """A few, each with the day and the change that moved it."""
    if is_postgresql():
        columns = [list(column) for column in zip(*rows, strict=True)]
        names = "t(subject_id, on_day, change_id)"
        return Whom(
            f"SELECT * FROM unnest(%s::bigint[], %s::date[], %s::bigint[]) AS {names}", columns
        )
    sql = (
        "SELECT json_extract(value, '$[0]') AS subject_id, json_extract(value, '$[1]') AS on_day, "
        "json_extract(value, '$[2]') AS change_id FROM json_each(%s)"
    )
    return Whom(sql, [json.dumps([(one, day.isoformat(), why) for one, day, why in rows])])


def moved_by(change_ids: Sequence[int]) -> Whom:
    """Those whose grade, in either sight, or whose red-list conflict changed, or who have a
    decision that is not served, as a table of its own (see ``drop``): there may be a million.
    """
    drop()
    among_ids, ids = among("c.id", change_ids)
    if change_ids[-1] - change_ids[0] + 1 == len(change_ids):  # one insert: as good as always
        among_ids, ids = "c.id BETWEEN %s AND %s", [change_ids[0], change_ids[-1]]
    run(
        f"""CREATE TEMPORARY TABLE {TABLE} AS
        SELECT subject_id, MAX(effective_on) AS on_day, MAX(id) AS change_id FROM (
            SELECT c.subject_id, c.effective_on, c.id FROM {_CHANGES} c
             WHERE {among_ids} AND (c.grade <> c.old_grade
                   OR c.disclosable_grade <> c.old_disclosable_grade
                   OR c.flags {_CONFLICT} OR c.old_flags {_CONFLICT})
            UNION ALL
            SELECT c.subject_id, c.effective_on, c.id FROM {_CHANGES} c
              JOIN {_DECISIONS} d ON d.subject_id = c.subject_id
             WHERE {among_ids} AND d.state = '{DecisionState.IN_FORCE}' AND d.served_on IS NULL
        ) moved GROUP BY subject_id""",
        [*ids, *ids],
    )
    if is_postgresql():
        run(f"ANALYZE {TABLE}")
    return Whom(f"SELECT subject_id, on_day, change_id FROM {TABLE}", [])


def drop() -> None:
    run(f"DROP TABLE IF EXISTS {TABLE}")


def of_range(low: int, high: int, day: date) -> Whom:
    """Everybody with a standing or an open measure in a range of ids."""
    on_day = "CAST(%s AS date)" if is_postgresql() else "%s"
    sql = (
        f"SELECT subject_id, {on_day} AS on_day, CAST(NULL AS bigint) AS change_id "
        f"FROM {_STANDINGS} WHERE subject_id BETWEEN %s AND %s"
    )
    return Whom(sql, [day.isoformat(), low, high])


def _graded(whom: Whom, unserved: Unserved) -> tuple[str, Params]:
    """Each of them twice, with the grade of each sight."""
    parts, params = [], []
    for sight, prefix in ((Sight.INTERNAL, ""), (Sight.DISCLOSABLE, "disclosable_")):
        waits, ids = among("t.subject_id", unserved.get(sight, ()))
        if not unserved.get(sight):
            waits, ids = "1 = 0", []
        parts.append(
            f"SELECT t.subject_id, t.on_day, t.change_id, '{sight.value}' AS sight, "
            f"s.{prefix}grade AS grade, CASE WHEN {waits} THEN 1 ELSE 0 END AS unserved, "
            f"CASE WHEN s.{prefix}flags {_CONFLICT} THEN 1 ELSE 0 END AS conflict "
            f"FROM ({whom.sql}) t JOIN {_STANDINGS} s ON s.subject_id = t.subject_id"
        )
        params += [*ids, *whom.params]
    return " UNION ALL ".join(parts), params


def open_incentives(whom: Whom) -> list[tuple[int, int, str, date, int | None]]:
    """Open incentives of those in a red-list conflict, which it suspends: (subject, measure,
    sight, day, change).
    """
    graded, params = _graded(whom, {})
    return fetch(
        f"SELECT o.subject_id, o.measure_id, o.sight, g.on_day, g.change_id FROM {_ROWS} o "
        f"JOIN ({graded}) g ON g.subject_id = o.subject_id AND g.sight = o.sight "
        f"JOIN {_MEASURES} m ON m.id = o.measure_id "
        f"WHERE o.ended_on IS NULL AND g.conflict = 1 AND m.kind = '{_INCENTIVE}' "
        f"AND m.grade <> g.grade AND o.state = '{MeasureState.IN_FORCE}'",
        params,
    )


def close(whom: Whom, unserved: Unserved, day: date, because: str) -> int:
    """End every open row that is not what holds today; says how many."""
    graded, params = _graded(whom, unserved)
    today = day.isoformat()
    return run(
        f"""UPDATE {_ROWS} AS r SET ended_because = %s, ended_by_id = u.change_id,
               ended_on = CASE WHEN u.on_day > r.begins_on THEN u.on_day ELSE r.begins_on END
          FROM (SELECT o.id AS row_id, g.on_day, g.change_id FROM {_ROWS} o
                  JOIN ({graded}) g ON g.subject_id = o.subject_id AND g.sight = o.sight
                  JOIN {_MEASURES} m ON m.id = o.measure_id
                 WHERE o.ended_on IS NULL AND o.state <> COALESCE({_TARGET}, '')) u
         WHERE r.id = u.row_id""",
        [because, *params, today, today],
    )


def start(whom: Whom, unserved: Unserved, day: date, because: str) -> int:
    """Begin what holds today and is not open yet; says how many.

    What burdens begins today and never earlier: nobody applied it before it stood here. That a row
    is open already is asked of the unique index, row by row: a join would be planned by statistics,
    which say nothing good of a table that was empty a moment ago.
    """
    graded, params = _graded(whom, unserved)
    today = day.isoformat()
    begins = "CAST(%s AS date)" if is_postgresql() else "%s"
    return run(
        f"""INSERT INTO {_ROWS} (subject_id, measure_id, sight, state, begins_on, because,
                                 begun_by_id, ended_because)
        SELECT g.subject_id, m.id, g.sight, {_TARGET},
               CASE WHEN m.kind = '{_INCENTIVE}' THEN g.on_day ELSE {begins} END,
               %s, g.change_id, ''
          FROM ({graded}) g JOIN {_MEASURES} m ON m.grade = g.grade
         WHERE ({_TARGET}) IS NOT NULL
            ON CONFLICT (subject_id, sight, measure_id) WHERE ended_on IS NULL DO NOTHING""",
        [today, today, today, because, *params, today, today],
    )


def note_improvements(whom: Whom) -> int:
    """A checklist for each whose grade became better while burdens of the worse one were applied.

    After ``close``; only where a change of the grade ended them.
    """
    return run(
        f"""INSERT INTO {_IMPROVEMENTS} (subject_id, change_id, improved_on, old_grade, new_grade)
        SELECT t.subject_id, t.change_id, t.on_day, MAX(m.grade), s.grade
          FROM ({whom.sql}) t JOIN {_STANDINGS} s ON s.subject_id = t.subject_id
          JOIN {_ROWS} o ON o.subject_id = t.subject_id AND o.ended_by_id = t.change_id
          JOIN {_MEASURES} m ON m.id = o.measure_id
         WHERE o.sight = '{Sight.INTERNAL}' AND o.state = '{MeasureState.IN_FORCE}'
           AND m.kind <> '{_INCENTIVE}'
           AND (s.grade IN ('', 'A') OR s.grade = 'B' AND m.grade = 'C')
         GROUP BY t.subject_id, t.change_id, t.on_day, s.grade""",
        list(whom.params),
    )


@contextmanager
def looked_up() -> Iterator[None]:
    """Open measures of some thousands are looked up: as if the disk were a slow one, PostgreSQL
    would read the measures of everybody instead.
    """
    if is_postgresql():
        run("SET LOCAL random_page_cost = 1.1")
    yield
    if is_postgresql():
        run("SET LOCAL random_page_cost TO DEFAULT")


def run(sql: str, params: Params | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params or [])
        return int(cursor.rowcount)


def fetch(sql: str, params: Params | None = None) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params or [])
        return list(cursor.fetchall())
