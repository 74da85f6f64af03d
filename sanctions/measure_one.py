"""The commonest single re-grades in one small statement each: an officer waits for them.

A first grade writes its measures at once; counts that moved under the same grade only ask whether
service makes a difference. Everything else is left to the statements for many.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import connection

from core.prepared import Statement, is_postgresql, numbered
from grading.bulk_sql import among
from grading.models import Grade
from grading.rules import LIST_CONFLICT
from grading.storing import Row
from sanctions.measure_enums import Because, MeasureKind, MeasureState, Sight
from sanctions.measure_models import Measure, SubjectMeasure
from violations.models import Decision, Violation

_ROWS, _MEASURES = SubjectMeasure._meta.db_table, Measure._meta.db_table
_DECIDED = f"{Violation._meta.db_table} v JOIN {Decision._meta.db_table} d ON d.id = v.decision_id"
_COUNTS = ("warnings", "penalties", "breaches", "amount_fen")


_IS_UNSETTLED = (
    f"SELECT EXISTS (SELECT 1 FROM {_DECIDED} WHERE {{counted}} AND d.served_on IS NULL) OR "
    f"EXISTS (SELECT 1 FROM {_ROWS} WHERE subject_id = %s AND ended_on IS NULL "
    f"AND state = '{MeasureState.PENDING}')"
)
_BEGIN = (
    f"INSERT INTO {_ROWS} (subject_id, measure_id, sight, state, begins_on, because, "
    f"begun_by_id, ended_because) SELECT %s, m.id, x.sight, CASE WHEN m.kind = "
    f"'{MeasureKind.INCENTIVE}' OR EXISTS (SELECT 1 FROM {_DECIDED} WHERE {{counted}} AND "
    f"d.served_on IS NOT NULL) THEN '{MeasureState.IN_FORCE}' ELSE '{MeasureState.PENDING}' "
    f"END, {{begins}}, '{Because.GRADE}', %s, '' FROM {_MEASURES} m, "
    f"(SELECT '{Sight.INTERNAL}' AS sight UNION ALL SELECT '{Sight.DISCLOSABLE}') x "
    f"WHERE m.grade = '{Grade.B}' AND m.legal_basis <> '' AND m.valid_from <= %s "
    f"AND (m.valid_until IS NULL OR m.valid_until >= %s)"
)
# For one act and for several: with an array PostgreSQL expects ten, and would plan anew each time.
_IDS = {True: ("v.id = %s", "bigint"), False: ("v.id = ANY(%s)", "bigint[]")}
_IS_UNSETTLED_PLANNED = {
    is_one: Statement(numbered(_IS_UNSETTLED.format(counted=counted)), of_ids, "bigint")
    for is_one, (counted, of_ids) in _IDS.items()
}
_BEGIN_PLANNED = {
    is_one: Statement(
        numbered(_BEGIN.format(counted=counted, begins="%s")),
        *("bigint", of_ids, "date", "bigint", "date", "date"),
    )
    for is_one, (counted, of_ids) in _IDS.items()
}


def is_settled(row: Row) -> bool:
    """Whether nothing need be done after this one change, whose grade and conflict stayed."""
    grades = {row["grade"], row["disclosable_grade"]}
    if not grades & {Grade.B.value, Grade.C.value}:
        return True
    with connection.cursor() as cursor:
        if is_postgresql():
            is_one, ids = _planned(row["counted"])
            _IS_UNSETTLED_PLANNED[is_one].run(cursor, [ids, row["subject_id"]])
        else:
            counted, params = among("v.id", row["counted"])
            sql = _IS_UNSETTLED.format(counted=counted)
            cursor.execute(sql, [*params, row["subject_id"]])
        return not cursor.fetchone()[0]


def begin_first(row: Row, day: date) -> bool:
    """Begin the measures of a subject that had no grade; False where the general way is needed:
    lists, conflicts, and acts of which some are sealed.
    """
    grades = {row["grade"], row["disclosable_grade"]}
    is_open = all(row[name] == row[f"disclosable_{name}"] for name in _COUNTS)
    if (
        row["old_grade"]
        or row["old_disclosable_grade"]
        or row["old_flags"]
        or LIST_CONFLICT in row["flags"]
        or grades != {Grade.B.value}
        or not is_open
    ):
        return False
    with connection.cursor() as cursor:
        if is_postgresql():
            is_one, ids = _planned(row["counted"])
            values = [row["subject_id"], ids, day, row["id"], day, day]
            _BEGIN_PLANNED[is_one].run(cursor, values)
            return True
        counted, params = among("v.id", row["counted"])
        today = day.isoformat()
        cursor.execute(
            _BEGIN.format(counted=counted, begins="%s"),
            [row["subject_id"], *params, today, row["id"], today, today],
        )
        return True


def _planned(counted: Sequence[int]) -> tuple[bool, int | list[int]]:
    """Which of the two statements, and its value."""
    return (True, counted[0]) if len(counted) == 1 else (False, list(counted))
