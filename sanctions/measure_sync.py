"""Makes the rows of measures say what the grades say, in the transaction that moved the grade.

``follow`` takes what a batch of grading changed, ``settle`` whoever something else moved (a
service, a correction, the catalogue), ``settle_range`` everybody. All end in the same statements,
whose number does not depend on how many subjects there are; run twice they change nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from core.clock import today
from core.fast_insert import insert_rows
from grading.models import Grade, GradeChange, Standing
from grading.rules import LIST_CONFLICT
from grading.storing import Row
from sanctions import measure_one
from sanctions import measure_sql as sql
from sanctions.measure_enums import Because, MeasureState, Sight
from sanctions.measure_models import SubjectMeasure
from sanctions.measure_served import READ, unserved_among, unserved_of
from violations.enums import DecisionState
from violations.models import Decision

_BURDENED = frozenset({Grade.B.value, Grade.C.value})
_SUSPENDED = (
    "subject_id",
    "measure_id",
    "sight",
    "state",
    "begins_on",
    "because",
    "begun_by_id",
    "ended_because",
)


@dataclass(frozen=True, slots=True)
class Settled:
    """How many rows ended and began."""

    ended: int
    begun: int

    def __add__(self, other: Settled) -> Settled:
        return Settled(self.ended + other.ended, self.begun + other.begun)


NOTHING = Settled(0, 0)


def follow(change_ids: Sequence[int], rows: Sequence[Row] | None = None) -> Settled:
    """After a batch of changes; ``rows`` are these changes where the caller has them whole.

    Called by the receiver, with the standings locked and written.
    """
    if not change_ids:
        return NOTHING
    if rows is None:
        return _follow_many(change_ids)
    if len(rows) == 1 and _is_done(rows[0]):
        return NOTHING
    last = {row["subject_id"]: row for row in rows}
    first: dict[int, Row] = {}
    for row in rows:
        first.setdefault(row["subject_id"], row)
    day = today()
    moved = {one for one in last if _moved(first[one], last[one])}
    unserved = unserved_of([row for row in last.values() if _burdened(row)], day)
    moved |= _served_otherwise([row for one, row in last.items() if one not in moved], unserved)
    if not moved:
        return NOTHING
    whom = sql.these([(one, last[one]["effective_on"], last[one]["id"]) for one in sorted(moved)])
    fresh = all(_was_nothing(first[one]) for one in moved)
    return _settle(
        whom,
        unserved,
        day,
        Because.GRADE,
        has_open=not fresh,
        has_conflict=any(LIST_CONFLICT in last[one]["flags"] for one in moved),
    )


def settle(subject_ids: Sequence[int], because: Because) -> Settled:
    """Look at these surviving subjects anew; the caller holds the transaction."""
    day = today()
    ids = list(
        Standing.objects.select_for_update()
        .filter(pk__in=sorted(set(subject_ids)))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if not ids:
        return NOTHING
    return _settle(
        sql.these([(one, day, None) for one in ids]), unserved_among(ids, day), day, because
    )


def settle_range(low: int, high: int, because: Because) -> Settled:
    """Look at everybody of a range of ids anew; the caller holds the transaction and the range."""
    day = today()
    waiting = Decision.objects.filter(
        subject_id__gte=low,
        subject_id__lte=high,
        state=DecisionState.IN_FORCE,
        served_on__isnull=True,
    )
    ids = set(waiting.order_by().values_list("subject_id", flat=True).distinct())
    burdened = Standing.objects.filter(pk__gte=low, pk__lte=high)
    ids |= set(burdened.filter(grade=Grade.C).values_list("pk", flat=True))
    unserved = unserved_among(sorted(ids), day) if ids else {}
    return _settle(sql.of_range(low, high, day), unserved, day, because)


def _follow_many(change_ids: Sequence[int]) -> Settled:
    """Plain subjects of a whole range: nothing is read of those whose grade stayed."""
    with sql.looked_up():
        return _follow_range(change_ids)


def _follow_range(change_ids: Sequence[int]) -> Settled:
    day, ordered = today(), sorted(change_ids)
    whom = sql.moved_by(ordered)
    waiting = sql.fetch(
        f"SELECT change_id FROM {sql.TABLE} t WHERE EXISTS (SELECT 1 "
        f"FROM {Decision._meta.db_table} d WHERE d.subject_id = t.subject_id "
        f"AND d.state = '{DecisionState.IN_FORCE}' AND d.served_on IS NULL)"
    )
    unserved: dict[str, set[int]] = {Sight.INTERNAL: set(), Sight.DISCLOSABLE: set()}
    ids = [one for (one,) in waiting]
    for start in range(0, len(ids), 20_000):
        part = GradeChange.objects.filter(pk__in=ids[start : start + 20_000])
        for sight, found in unserved_of(part.order_by().values(*READ).iterator(), day).items():
            unserved[sight] |= found
    settled = _settle(whom, unserved, day, Because.GRADE)
    sql.drop()
    return settled


def _settle(
    whom: sql.Whom,
    unserved: sql.Unserved,
    day: date,
    because: Because,
    *,
    has_open: bool = True,
    has_conflict: bool = True,
) -> Settled:
    with transaction.atomic(savepoint=False):
        suspended = sql.open_incentives(whom) if has_open and has_conflict else []
        ended = sql.close(whom, unserved, day, because) if has_open else 0
        if suspended:
            insert_rows(
                SubjectMeasure,
                _SUSPENDED,
                [
                    (subject, measure, sight, MeasureState.SUSPENDED, day, because, change, "")
                    for subject, measure, sight, _, change in suspended
                ],
            )
        begun = sql.start(whom, unserved, day, because) + len(suspended)
        if ended and because == Because.GRADE:
            sql.note_improvements(whom)
    return Settled(ended, begun)


def _is_done(row: Row) -> bool:
    """Whether one small statement was enough for this one change."""
    if _moved(row, row):
        return measure_one.begin_first(row, today())
    return measure_one.is_settled(row)


def _moved(first: Row, last: Row) -> bool:
    return (
        first["old_grade"] != last["grade"]
        or first["old_disclosable_grade"] != last["disclosable_grade"]
        or LIST_CONFLICT in last["flags"]
        or LIST_CONFLICT in first["old_flags"]
    )


def _was_nothing(first: Row) -> bool:
    return not (first["old_grade"] or first["old_disclosable_grade"] or first["old_flags"])


def _burdened(row: Row) -> bool:
    return row["grade"] in _BURDENED or row["disclosable_grade"] in _BURDENED


def _served_otherwise(rows: Sequence[Row], unserved: sql.Unserved) -> set[int]:
    """Of those whose grade stayed: who waits now and did not, or the other way round."""
    burdened = [row["subject_id"] for row in rows if _burdened(row)]
    if not burdened:
        return set()
    standing = (
        SubjectMeasure.objects.filter(subject_id__in=burdened, ended_on__isnull=True)
        .exclude(state=MeasureState.SUSPENDED)
        .order_by()
        .values_list("subject_id", "sight", "state")
        .distinct()
    )
    return {
        subject_id
        for subject_id, sight, state in standing
        if (state == MeasureState.PENDING) != (subject_id in unserved[sight])
    }
