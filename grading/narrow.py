"""The statements of a re-grade of one subject: as few and as small as they can be.

The reads are built from the very querysets that ``grading.sources`` uses for many; a single
re-grade is what an officer waits for.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import CharField, DateField, Field, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils import timezone

from core.fast_insert import Values, adapter, field_of
from core.prepared import (
    A_DAY,
    AN_ID,
    Prepared,
    Statement,
    as_day,
    as_moment,
    numbered,
    type_of,
)
from grading.counting import Act, Entry, Facts, Rules, Signal
from grading.facts import RULE_COLUMNS, approved_rule_sets, rules_from
from grading.models import GradeChange, RegradeRequest, Standing
from grading.requests import close_requests
from grading.sources import LIVE, Scope
from grading.storing import CHANGE, STANDING, Row, insert_changes, update_standings
from subjects.models import Subject

# One row of any table: what it is, two ids, three texts, a sum of money and three days.
ACT, CONTEST, ENTRY, SIGNAL, REQUEST, MERGED = "a", "c", "e", "s", "r", "m"


def _row(rows: QuerySet[Any, Any], kind: str, *columns: Any) -> QuerySet[Any, Any]:
    """``rows`` with ten columns; None stands for one that this table does not have."""
    blanks: list[Field[Any, Any]] = [
        *[IntegerField()] * 2, *[CharField()] * 3, IntegerField(), *[DateField()] * 3
    ]  # fmt: skip
    padded = [
        Cast(Value(None), blank) if column is None else column
        for column, blank in zip(columns, blanks, strict=True)
    ]
    return rows.order_by().values_list(Value(kind, output_field=CharField()), *padded)


def _records() -> QuerySet[Any, Any]:
    one = Scope(frozenset({AN_ID}))
    requests = RegradeRequest.objects.filter(subject_id=AN_ID, done_at__isnull=True)
    merged = Subject.objects.filter(Q(pk=AN_ID, merged_into__isnull=False) | Q(merged_into=AN_ID))
    return _row(
        LIVE.act_rows(one, A_DAY), ACT, "id", "decision_id", "bucket", "law_key", None,
        "amount_fen", "decision__decided_on", "repaired_on", None,
    ).union(
        _row(
            LIVE.contest_rows(one, A_DAY), CONTEST, "id", "decision_id", None, None, None, None,
            "contested_from", "contested_until", None,
        ),
        _row(
            LIVE.entry_rows(one), ENTRY, "id", None, "list", None, None, None, "listed_on",
            "expires_on", "removed_on",
        ),
        _row(
            LIVE.signal_rows(one), SIGNAL, "id", None, None, None, None, None, "in_force_from",
            "in_force_until", None,
        ),
        _row(requests, REQUEST, "id", None, "cause", "source", None, None, None, None, None),
        _row(merged, MERGED, "id", None, None, None, None, None, None, None, None),
        all=True,
    )  # fmt: skip


_RECORDS = Prepared(_records)
_RULES = Prepared(lambda: approved_rule_sets().values_list(*RULE_COLUMNS))
_LOCKED = Prepared(
    lambda: (
        Standing.objects.select_for_update()
        .filter(pk=AN_ID)
        .order_by()
        .values_list("subject_id", *STANDING)
    )
)
_DAYS = {"next_change_on", "disclosable_next_change_on", "earliest_on", "disclosable_earliest_on",
         "since"}  # fmt: skip


def locked_standing(subject_id: int) -> Row | None:
    """The standing, locked until the transaction ends; None where there is none yet."""
    rows = _LOCKED.rows(an_id=subject_id)
    if not rows:
        return None
    row = dict(zip(("subject_id", *STANDING), rows[0], strict=True))
    days = {name: as_day(row[name]) for name in _DAYS}
    return row | days | {"changed_at": as_moment(row["changed_at"])}


def new_standing(subject_id: int) -> Row | None:
    """A blank standing for a subject that had none, locked; None where somebody was faster."""
    blank = Standing(subject_id=subject_id)
    names = ("subject_id", *STANDING)
    values = [getattr(blank, name) for name in names]
    fields = [field_of(Standing, name) for name in names]
    columns = ", ".join(str(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Standing._meta.db_table} ({columns}) VALUES ({places}) "
            "ON CONFLICT (subject_id) DO NOTHING",
            values,
        )
        is_ours = cursor.rowcount == 1
    return dict(zip(names, values, strict=True)) if is_ours else None


def store(standing: Row, change: Row, requests: Sequence[int]) -> None:
    """Write the standing and its change, whose id is set as "id", and close the requests.

    One statement on PostgreSQL: three of them are what a single re-grade would spend most on.
    """
    if connection.vendor != "postgresql":
        update_standings([standing])
        insert_changes([change])
        close_requests(requests)
        return
    statement, adapt = _store_statement()
    values = adapt(
        (
            *(standing[name] for name in STANDING),
            standing["subject_id"],
            *(change[name] for name in CHANGE),
        )
    )
    with connection.cursor() as cursor:
        statement.run(cursor, [timezone.now(), list(requests), *values])
        change["id"] = cursor.fetchone()[0]


@lru_cache(maxsize=1)
def _store_statement() -> tuple[Statement, Callable[[Values], Values]]:
    standing = [field_of(Standing, name) for name in STANDING]
    change = [field_of(GradeChange, name) for name in CHANGE]
    assigned = ", ".join(f"{field.column} = %s" for field in standing)
    columns = ", ".join(str(field.column) for field in change)
    places = ", ".join(["%s"] * len(change))
    sql = (
        f"WITH closed AS (UPDATE {RegradeRequest._meta.db_table} SET done_at = %s"
        " WHERE id = ANY(%s)), "
        f"written AS (UPDATE {Standing._meta.db_table} SET {assigned} WHERE subject_id = %s) "
        f"INSERT INTO {GradeChange._meta.db_table} ({columns}) VALUES ({places}) RETURNING id"
    )
    fields = [*standing, field_of(Standing, "subject_id"), *change]
    types = ["timestamptz", "bigint[]", *map(type_of, fields)]
    return Statement(numbered(sql), *types), adapter(fields)


def rule_versions() -> list[Rules]:
    """As ``facts.rule_versions``."""
    found = []
    for row in _RULES.rows():
        values = dict(zip(RULE_COLUMNS, row, strict=True))
        laws = values["laws"]
        found.append(
            rules_from(
                values
                | {name: as_day(values[name]) for name in ("effective_from", "approved_on")}
                | {"laws": json.loads(laws) if isinstance(laws, str) else laws}
            )
        )
    return found


def records(subject_id: int, since: date) -> tuple[Facts, list[tuple[int, str, str]], bool]:
    """All at one moment: the facts that may count on or after ``since``, the open requests as
    (id, cause, source), and whether this entry was merged or others into it.
    """
    facts, requests, acts, is_merged = Facts(), [], [], False
    contests: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    rows = _RECORDS.rows(an_id=subject_id, a_day=since)
    for kind, one, other, text, more, _, fen, first, second, third in rows:
        days: tuple[Any, ...] = (as_day(first), as_day(second), as_day(third))
        if kind == ACT:
            acts.append((one, other, text, fen, more, days[0], days[1]))
        elif kind == CONTEST:
            contests[other].append((days[0], days[1]))
        elif kind == ENTRY:
            facts.entries.append(Entry(one, text, *days))
        elif kind == SIGNAL:
            facts.signals.append(Signal(one, days[0], days[1]))
        elif kind == REQUEST:
            requests.append((one, text, more))
        else:
            is_merged = True
    for act in sorted(acts):
        facts.acts.append(Act(*act, contests=tuple(sorted(contests[act[1]], key=str))))
    return facts, requests, is_merged
