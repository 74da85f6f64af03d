"""The statements of ``grading.bulk``: counting, and writing what the rules gave for each count.

They run on PostgreSQL and SQLite. No rule stands here: what a combination of counts means, and on
which day it next changes, is asked in Python once for each combination and joined in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection

from core.fast_insert import ids_among
from core.prepared import as_day, is_postgresql
from grading.counting import Rules, first_decision_day
from grading.models import GradeChange, Standing
from grading.sources import Scope
from grading.storing import COMPARED
from violations.models import Decision, Violation

COUNTS = ("warnings", "penalties", "breaches", "amount_fen")
DECIDED = ("grade", "clauses", "exceeded", "flags")
PREFIXES = ("", "disclosable_")
# What makes two plain subjects alike for the rules, as one text: the counts, and on which side of
# the limit their money stands.
CLASS = "alike"

NOW, MOVED = "regrade_now", "regrade_moved"
OUTCOMES, DAYS, CAUSES = "regrade_outcome", "regrade_day", "regrade_cause"

STANDINGS, _CHANGES = Standing._meta.db_table, GradeChange._meta.db_table
_VIOLATIONS, _DECISIONS = Violation._meta.db_table, Decision._meta.db_table

# An act for which more than the window moves the counts: a repair to come, or several laws, of
# which all must be open (takes the day).
_IS_ODD = "v.repaired_on > %s OR v.law_key LIKE '%%|%%'"

Params = list[Any]


def among(column: str, ids: Collection[int]) -> tuple[str, Params]:
    """``column`` is one of ``ids``, as one parameter however many there are."""
    sql, value = ids_among(column, list(ids))
    return sql, [value]


def in_scope(scope: Scope, column: str) -> tuple[str, Params]:
    if scope.ids is None:
        return f"{column} BETWEEN %s AND %s", [scope.low, scope.high]
    return among(column, scope.members())


def _counting(scope: Scope, rules: Rules, day: date) -> tuple[str, Params]:
    """One row a subject with what counts: its counts, money and earliest decision, both ways.

    ``is_odd`` is 1 where the subject is not plain for one of its acts.
    """
    is_open, laws = f"v.law_key IN ({', '.join(['%s'] * len(rules.open_laws))})", rules.open_laws
    if not laws:
        is_open = "1 = 0"
    here, members = in_scope(scope, "d.subject_id")
    within = "SUM" if rules.by_violation else "MAX"
    inner = []
    for prefix, condition in (("", "1 = 1"), ("o", "t.is_open = 1")):
        for letter, bucket in (("w", "warning"), ("p", "penalty"), ("b", "breach")):
            inner.append(
                f"{within}(CASE WHEN t.bucket = '{bucket}' AND {condition} THEN 1 ELSE 0 END)"
                f" AS {prefix}{letter}"
            )
        inner.append(f"SUM(CASE WHEN {condition} THEN t.amount_fen ELSE 0 END) AS {prefix}m")
    outer = ", ".join(
        f"CAST(SUM({short}{letter}) AS bigint) AS {prefix}{name}"
        for prefix, short in zip(PREFIXES, ("", "o"), strict=True)
        for letter, name in zip("wpbm", COUNTS, strict=True)
    )
    sql = f"""
        SELECT subject_id, {outer}, MIN(decided_on) AS earliest_on,
               MIN(CASE WHEN any_open = 1 THEN decided_on END) AS disclosable_earliest_on,
               MAX(is_odd) AS is_odd
          FROM (SELECT t.subject_id, t.decision_id, t.decided_on, {", ".join(inner)},
                       MAX(t.is_open) AS any_open, MAX(t.is_odd) AS is_odd
                  FROM (SELECT d.subject_id, d.id AS decision_id, d.decided_on, v.bucket,
                               v.amount_fen, CASE WHEN {is_open} THEN 1 ELSE 0 END AS is_open,
                               CASE WHEN {_IS_ODD} THEN 1 ELSE 0 END AS is_odd
                          FROM {_VIOLATIONS} v JOIN {_DECISIONS} d ON d.id = v.decision_id
                         WHERE d.state = 'in_force' AND v.revoked_on IS NULL
                           AND d.decided_on BETWEEN %s AND %s AND {here}
                           AND (v.repaired_on IS NULL OR v.repaired_on > %s)) t
                 GROUP BY t.subject_id, t.decision_id, t.decided_on) per_decision
         GROUP BY subject_id"""
    since = first_decision_day(day, rules.window_months).isoformat()
    today = day.isoformat()
    return sql, [*sorted(laws), today, since, today, *members, today]


def find_differing(
    scope: Scope,
    rules: Rules,
    day: date,
    *,
    besides: Collection[int],
    doubted: Collection[int] = (),
) -> set[int]:
    """Put into the table NOW the counts of each subject that must be decided anew.

    Those whose counts are not the stored ones, whose stored day has come, who were graded under
    another rule set, or who are ``doubted``; a standing whose records are gone gets zeros.
    ``besides`` are left out. Returns those that are not plain for one of their acts: left out too.
    """
    counting, params = _counting(scope, rules, day)
    names = [f"{prefix}{name}" for prefix in PREFIXES for name in (*COUNTS, "earliest_on")]
    differs = " OR ".join(
        f"s.{name} <> a.{name} OR (s.{name} IS NULL) <> (a.{name} IS NULL)" for name in names
    )
    counted = ", ".join(f"a.{name}" for name in names)
    nothing = ", ".join(
        f"CAST(NULL AS date) AS {name}" if name.endswith("_on") else f"0 AS {name}"
        for name in names
    )
    alike = ", ".join(f"{_alike(prefix)} AS {prefix}{CLASS}" for prefix in PREFIXES)
    here, members = in_scope(scope, "s.subject_id")
    left_out, left = among("found.subject_id", besides)
    is_doubted, doubts = among("a.subject_id", doubted)
    leftover = " OR ".join(
        [f"s.{name} <> ''" for name in ("grade", "flags", "disclosable_grade")]
        + [f"s.{prefix}{name} <> 0" for prefix in PREFIXES for name in COUNTS]
        + [
            f"s.{prefix}{name} IS NOT NULL"
            for prefix in PREFIXES
            for name in ("next_change_on", "earliest_on")
        ]
    )
    today = day.isoformat()
    sql = f"""
        CREATE TEMPORARY TABLE {NOW} AS
        WITH a AS ({counting})
        SELECT found.*, {alike} FROM (
            SELECT a.subject_id, {counted}, a.is_odd,
                   CASE WHEN s.subject_id IS NULL THEN 1 ELSE 0 END AS is_new
              FROM a LEFT JOIN {STANDINGS} s ON s.subject_id = a.subject_id
             WHERE s.subject_id IS NULL OR a.is_odd = 1 OR {differs} OR {is_doubted}
                OR s.rule_set_id IS NULL OR s.rule_set_id <> %s
                OR s.next_change_on IS NULL OR s.next_change_on <= %s
                OR s.disclosable_next_change_on <= %s
                OR s.grade <> 'B' OR s.flags NOT IN ('', 'over_limit')
            UNION ALL
            SELECT s.subject_id, {nothing}, 0 AS is_odd, 0 AS is_new
              FROM {STANDINGS} s
             WHERE {here} AND NOT EXISTS (SELECT 1 FROM a WHERE a.subject_id = s.subject_id)
               AND ({leftover})) found
         WHERE NOT ({left_out})"""
    limit = rules.limits.amount_fen
    if scope.ids is None and is_postgresql():
        # The planner expects 200 groups of whatever it groups, and would look up each standing.
        _run("SET LOCAL enable_nestloop = off")
    # SQLite binds in the order of the text: the counting query stands first.
    _run(sql, [*params, limit, limit, *doubts, rules.id, today, today, *members, *left])
    if scope.ids is None and is_postgresql():
        _run("SET LOCAL enable_nestloop = on")
    odd = {row[0] for row in fetch(f"SELECT subject_id FROM {NOW} WHERE is_odd = 1")}
    if odd:
        _run(f"DELETE FROM {NOW} WHERE is_odd = 1")
    _analyze(NOW)
    return odd


def _alike(prefix: str) -> str:
    """The class of the counts with this prefix; takes the limit of the money as a parameter."""
    parts = [f"CAST({prefix}{name} AS varchar(12))" for name in COUNTS[:3]]
    parts.append(f"CASE WHEN {prefix}amount_fen > %s THEN 'over' ELSE '' END")
    return " || ' ' || ".join(parts)


def _analyze(table: str) -> None:
    """The planner takes a new table for a small one and joins it row by row."""
    if is_postgresql():
        _run(f"ANALYZE {table}")


def classes() -> list[tuple[str, int, int, int, int]]:
    """(class, W, P, L, largest M) of each combination of counts in NOW, both ways."""
    halves = [
        f"SELECT {prefix}{CLASS} AS class, {prefix}warnings AS w, {prefix}penalties AS p, "
        f"{prefix}breaches AS b, {prefix}amount_fen AS m FROM {NOW}"
        for prefix in PREFIXES
    ]
    union = " UNION ALL ".join(halves)
    return fetch(f"SELECT class, w, p, b, MAX(m) FROM ({union}) c GROUP BY class, w, p, b")


def earliest_days() -> list[date]:
    """Every day in NOW on which an earliest counted decision was made."""
    halves = " UNION ".join(
        f"SELECT {prefix}earliest_on AS day FROM {NOW} WHERE {prefix}earliest_on IS NOT NULL"
        for prefix in PREFIXES
    )
    rows = fetch(f"SELECT day FROM ({halves}) d")
    return [day for row in rows if (day := as_day(row[0])) is not None]


def put_answers(
    outcomes: Sequence[Sequence[Any]],
    days: Sequence[tuple[date, date]],
    causes: Sequence[tuple[int, str]],
) -> None:
    """The rules' answers as tables: an outcome a class, the next day a day, causes a subject."""
    _table(OUTCOMES, [(name, "varchar(60)") for name in (CLASS, *DECIDED)], outcomes)
    _table(DAYS, [("earliest_on", "date"), ("next_on", "date")], [map(_iso, row) for row in days])
    _table(CAUSES, [("subject_id", "bigint"), ("causes", "text")], causes)


def _iso(day: date) -> str:
    return day.isoformat()


def _table(name: str, columns: Iterable[tuple[str, str]], rows: Sequence[Iterable[Any]]) -> None:
    columns = list(columns)
    listed = ", ".join(f"{column} {kind}" for column, kind in columns)
    _run(f"CREATE TEMPORARY TABLE {name} ({listed})")
    places = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {name} VALUES ({places})", [tuple(row) for row in rows])
    _analyze(name)


def _joined() -> str:
    """NOW with the stored standing and the rules' answers, internal and disclosable."""
    joins = [f"{NOW} n JOIN {STANDINGS} s ON s.subject_id = n.subject_id"]
    for prefix, outcome, day in (("", "i", "di"), ("disclosable_", "o", "do_")):
        joins.append(f"JOIN {OUTCOMES} {outcome} ON {outcome}.{CLASS} = n.{prefix}{CLASS}")
        joins.append(f"LEFT JOIN {DAYS} {day} ON {day}.earliest_on = n.{prefix}earliest_on")
    return " ".join(joins)


def _new_values() -> dict[str, str]:
    """Each evaluated column as an expression over ``_joined``."""
    values: dict[str, str] = {}
    for prefix, outcome, day in (("", "i", "di"), ("disclosable_", "o", "do_")):
        values |= {f"{prefix}{name}": f"n.{prefix}{name}" for name in COUNTS}
        values |= {f"{prefix}{name}": f"{outcome}.{name}" for name in DECIDED}
        values[f"{prefix}next_change_on"] = f"{day}.next_on"
    return values


def insert_missing_standings() -> None:
    """A blank standing for each subject of NOW that had none when it was counted."""
    blank = Standing()
    fields = [
        field
        for field in Standing._meta.concrete_fields
        if not field.null and field.attname != "subject_id"
    ]
    names = ", ".join(str(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    _run(
        f"INSERT INTO {STANDINGS} (subject_id, {names}) SELECT n.subject_id, {places} "
        f"FROM {NOW} n WHERE n.is_new = 1 ON CONFLICT (subject_id) DO NOTHING",
        [getattr(blank, field.attname) for field in fields],
    )


def insert_changes(
    rules: Rules, day: date, now: datetime, causes: str
) -> list[tuple[int, int, str, str]]:
    """A change for each subject of NOW whose outcome is not the stored one, with what counted.

    Returns (change id, subject id, flags, flags before). Runs before ``update_standings``.
    """
    values = _new_values()
    moment = connection.ops.adapt_datetimefield_value(now)
    columns = {
        **values,
        "subject_id": "n.subject_id",
        "rule_set_id": "%s",
        "at": "%s",
        "effective_on": "%s",
        "old_grade": "s.grade",
        "old_flags": "s.flags",
        "old_disclosable_grade": "s.disclosable_grade",
        "causes": _json("COALESCE(c.causes, %s)"),
        "counted": f"COALESCE(v.ids, {_json(_quoted('[]'))})",
        "entries": _json(_quoted("[]")),
    }
    differs = " OR ".join(f"s.{name} <> {values[name]}" for name in COMPARED)
    since = first_decision_day(day, rules.window_months).isoformat()
    ids = "jsonb_agg(t.id ORDER BY t.id)" if is_postgresql() else "json_group_array(t.id)"
    counted = f"""
        SELECT t.subject_id, {ids} AS ids
          FROM (SELECT d.subject_id, v.id
                  FROM {_VIOLATIONS} v JOIN {_DECISIONS} d ON d.id = v.decision_id
                 WHERE d.subject_id IN (SELECT subject_id FROM {NOW})
                   AND d.state = 'in_force' AND v.revoked_on IS NULL
                   AND d.decided_on BETWEEN %s AND %s
                   AND (v.repaired_on IS NULL OR v.repaired_on > %s)
                 ORDER BY v.id) t
         GROUP BY t.subject_id"""
    today = day.isoformat()
    rows: list[tuple[int, int, str, str]] = fetch(
        f"INSERT INTO {_CHANGES} ({', '.join(columns)}) "
        f"SELECT {', '.join(columns.values())} FROM {_joined()} "
        f"LEFT JOIN {CAUSES} c ON c.subject_id = n.subject_id "
        f"LEFT JOIN ({counted}) v ON v.subject_id = n.subject_id WHERE {differs} "
        "RETURNING id, subject_id, flags, old_flags",
        [rules.id, moment, today, causes, since, today, today],
    )
    return rows


def _moved(values: dict[str, str]) -> str:
    """Whether a standing does not say what it should; takes the id of the rule set."""
    differs = " OR ".join(f"s.{name} <> {values[name]}" for name in COMPARED)
    expected = values | {f"{prefix}earliest_on": f"n.{prefix}earliest_on" for prefix in PREFIXES}
    days = [f"{prefix}{name}" for prefix in PREFIXES for name in ("next_change_on", "earliest_on")]
    others = " OR ".join(
        f"s.{name} <> {expected[name]} OR (s.{name} IS NULL) <> ({expected[name]} IS NULL)"
        for name in days
    )
    return f"({differs} OR {others} OR s.rule_set_id IS NULL OR s.rule_set_id <> %s)"


def keep_moved(rules: Rules) -> None:
    """Leave in NOW those whose standing must be written: what counted is read for them alone."""
    _run(
        f"CREATE TEMPORARY TABLE {MOVED} AS "
        f"SELECT n.* FROM {_joined()} WHERE {_moved(_new_values())}",
        [rules.id],
    )
    _run(f"DROP TABLE {NOW}")
    _run(f"ALTER TABLE {MOVED} RENAME TO {NOW}")
    _analyze(NOW)


def update_standings(rules: Rules, day: date, now: datetime) -> None:
    """Write the outcome of every subject of NOW into its standing, where it differs."""
    values = _new_values()
    differs = " OR ".join(f"s.{name} <> {values[name]}" for name in COMPARED)
    grade = values["grade"]
    values |= {f"{prefix}earliest_on": f"n.{prefix}earliest_on" for prefix in PREFIXES}
    values |= {
        "rule_set_id": "%s",
        "changed_at": f"CASE WHEN {differs} THEN %s ELSE s.changed_at END",
        "since": f"CASE WHEN s.grade = {grade} THEN s.since"
        f" WHEN {grade} = '' THEN NULL ELSE %s END",
    }
    moment: Any = connection.ops.adapt_datetimefield_value(now)
    today: Any = day.isoformat()
    if is_postgresql():
        values["changed_at"] = values["changed_at"].replace("%s", "%s::timestamptz")
        values["since"] = values["since"].replace("%s", "%s::date")
    selected = ", ".join(f"{expression} AS {name}" for name, expression in values.items())
    assigned = ", ".join(f"{name} = u.{name}" for name in values)
    _run(
        f"UPDATE {STANDINGS} SET {assigned} "
        f"FROM (SELECT n.subject_id AS key, {selected} FROM {_joined()}) u "
        f"WHERE {STANDINGS}.subject_id = u.key",
        [rules.id, moment, today],
    )


def prepare() -> None:
    """Room for the sorts and hashes of a range; compiling each query costs more than it saves."""
    if is_postgresql():
        _run("SET LOCAL work_mem = '64MB'; SET LOCAL jit = off")


def drop_tables() -> None:
    """Leave nothing behind for the next scope of the same connection."""
    for name in (NOW, MOVED, OUTCOMES, DAYS, CAUSES):
        _run(f"DROP TABLE IF EXISTS {name}")


def _json(expression: str) -> str:
    return f"CAST({expression} AS jsonb)" if is_postgresql() else expression


def _quoted(text: str) -> str:
    return f"'{text}'"


def _run(sql: str, params: Params | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params or [])


def fetch(sql: str, params: Params | None = None) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params or [])
        return list(cursor.fetchall())
