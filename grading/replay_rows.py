"""Records, list entries and factors as they stood, now or at a moment: what a replay names.

Wider than ``grading.sources``: also what does not weigh is here, with what became of it. A file is
a few organisations (those merged into it), so that everything of it is read.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Q

from grading.history_source import HistorySource
from violations.enums import SIGNAL_KINDS, FactorKind
from violations.models import Decision, Factor, ListEntry, Violation


class ActThen(NamedTuple):
    """One act and its decision."""

    id: int
    decision_id: int
    ordinal: int
    type: str
    bucket: str
    amount_fen: int
    revoked_on: date | None
    repaired_on: date | None
    subject_id: int
    unit_id: int
    number: str
    decided_on: date
    state: str


class EntryThen(NamedTuple):
    """One list entry, a proposal too."""

    id: int
    subject_id: int
    list: str
    document: str
    published_document: str
    listed_on: date
    expires_on: date
    removed_on: date | None
    state: str

    @property
    def paper(self) -> str:
        return self.published_document or self.document


class FactorThen(NamedTuple):
    """One factor that opens a signal, revoked or not."""

    id: int
    subject_id: int
    scheme: str
    value: str
    kind: str
    is_worst: bool
    in_force_from: date
    in_force_until: date | None
    revoked_on: date | None


class Records(NamedTuple):
    """Everything of some organisations, by id."""

    acts: dict[int, ActThen]
    entries: dict[int, EntryThen]
    factors: dict[int, FactorThen]


_ACT, _DECISION = ActThen._fields[:8], ActThen._fields[8:]


def records_now(subject_ids: Collection[int]) -> Records:
    """As they stand now."""
    acts = Violation.objects.filter(decision__subject_id__in=subject_ids).order_by("id")
    columns = (*_ACT, *(f"decision__{name}" for name in _DECISION))
    ids = Q(subject_id__in=subject_ids)
    entries = ListEntry.objects.filter(ids).order_by("id").values_list(*EntryThen._fields)
    factors = Factor.objects.filter(ids).order_by("id").values_list(*FactorThen._fields)
    return Records(
        {row[0]: ActThen._make(row) for row in acts.values_list(*columns)},
        {row[0]: EntryThen._make(row) for row in entries},
        _signalling([FactorThen._make(row) for row in factors]),
    )


def records_then(subject_ids: Collection[int], moment: datetime) -> Records:
    """As the history tables had them at the moment; what was not there yet is absent."""
    source = HistorySource(moment)
    ids = Q(subject_id__in=subject_ids)
    ever = Decision.history.filter(ids).values("id")
    decisions: dict[int, dict[str, Any]] = {
        row["id"]: row
        for row in source.as_then(Decision, *_DECISION, only=Q(id__in=ever))
        if row["subject_id"] in subject_ids  # a draft may have been about another one
    }
    acts = {}
    for row in source.as_then(Violation, *_ACT[1:], only=Q(decision_id__in=ever)):
        decision = decisions.get(row["decision_id"])
        if decision is not None:
            values = (*(row[name] for name in _ACT), *(decision[name] for name in _DECISION))
            acts[row["id"]] = ActThen._make(values)
    entries = source.as_then(ListEntry, *EntryThen._fields[1:], only=ids)
    factors = source.as_then(Factor, *FactorThen._fields[1:], only=ids)
    return Records(
        acts,
        {row["id"]: EntryThen._make(row[name] for name in EntryThen._fields) for row in entries},
        _signalling(
            [FactorThen._make(row[name] for name in FactorThen._fields) for row in factors]
        ),
    )


def _signalling(rows: list[FactorThen]) -> dict[int, FactorThen]:
    return {
        row.id: row
        for row in rows
        if row.kind in SIGNAL_KINDS or (row.kind == FactorKind.NATIONAL and row.is_worst)
    }
