"""Gathers what a replay shows: two columns, what differs, and the way to another day.

Of another unit's records only unit, number, day, bucket and money are named (domain.md §5).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import Officer, Unit
from desk.replay.forms import end_of
from desk.subject_file import short_number
from desk.way_back import name as record_name
from grading import wording
from grading.difference_words import STATUS_WORDS, amount_words, sentence
from grading.differences import ACT, ENTRY, LAPSED, NOT_YET, UNCONFIRMED, UNKNOWN
from grading.models import GradeChange
from grading.replay import Compared, Snapshot, compare, snapshots, stored_at
from grading.replay_rows import ActThen, EntryThen, FactorThen
from subjects.models import Subject
from violations.enums import Bucket, ListKind
from violations.models import Decision

_SILENT = frozenset({UNKNOWN, UNCONFIRMED, LAPSED, NOT_YET})  # on both sides: nothing to look at


@dataclass(frozen=True, slots=True)
class Column:
    """One of the two answers: its evaluation and the words of the page."""

    title: str
    snapshot: Snapshot
    words: wording.Wording

    @property
    def conclusion(self) -> str:
        return self.words.conclusion(self.snapshot.now)


@dataclass(frozen=True, slots=True)
class Cell:
    """How one thing stands on one side."""

    words: str
    counts: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One record, list entry or factor on both sides."""

    day: date
    name: str
    sub: str
    then: Cell
    now: Cell
    decision_id: int | None = None

    @property
    def differs(self) -> bool:
        return self.then != self.now


@dataclass(frozen=True, slots=True)
class Replay:
    """All that the page says of one day."""

    then: Column
    now: Column
    between: str
    moved: str
    lines: Sequence[Line]
    stored: GradeChange | None
    stored_agrees: bool


def replay(subject: Subject, officer: Officer, day: date, known: datetime, to: date) -> Replay:
    """The day as known at a moment and as known now, and what moved between it and ``to``.

    What moved is told of one state of knowledge, the present one, the earlier day first: else what
    was entered or ended meanwhile would cancel out or be told as an event between the days.
    """
    then, now, other = snapshots(subject.pk, [(day, known), (day, None), (to, None)])
    named = _Named([then, now, other])
    first, last = (now, other) if day <= to else (other, now)
    stored = stored_at(subject.pk, min(known, end_of(day)))
    return Replay(
        Column("当时所知", then, wording.at(known)),
        Column("现在所知", now, wording.current()),
        _said(compare(then, now), named),
        _said(compare(first, last), named),
        _lines(then, now, officer),
        stored,
        stored is None or _agrees(stored, then),
    )


def _said(compared: Compared, named: _Named) -> str:
    return sentence(compared.before.now, compared.after.now, compared.reasons, named)


def _agrees(stored: GradeChange, then: Snapshot) -> bool:
    """Whether what was written down is what the replay gives; asked of the same day only."""
    decided, counts = then.now.decided, then.now.counts
    return (stored.grade, stored.flags, stored.warnings, stored.penalties, stored.breaches,
            stored.amount_fen) == (decided.grade, " ".join(decided.flags), *counts[:4])  # fmt: skip


class _Named:
    """What things are called, from whichever side knows them."""

    def __init__(self, sides: Iterable[Snapshot]) -> None:
        self.acts: dict[int, ActThen] = {}
        self.entries: dict[int, EntryThen] = {}
        self.factors: dict[int, FactorThen] = {}
        for side in sides:
            self.acts |= side.records.acts
            self.entries |= side.records.entries
            self.factors |= side.records.factors
        self.many = Counter(act.decision_id for act in self.acts.values())

    def __call__(self, what: str, pk: int) -> str:
        if what == ACT:
            act = self.acts[pk]
            many = self.many[act.decision_id] > 1
            return record_name(act.number, act.ordinal, one_of_many=many)
        if what == ENTRY:
            entry = self.entries[pk]
            return f"{ListKind(entry.list).label}条目 {short_number(entry.paper)}"
        return f"参考因素“{self.factors[pk].scheme}”"


def _lines(then: Snapshot, now: Snapshot, officer: Officer) -> list[Line]:
    acts = then.records.acts | now.records.acts
    ids = {act.decision_id for act in acts.values()}
    full = set(Decision.objects.visible_to(officer).filter(pk__in=ids).values_list("pk", flat=True))
    many = Counter(act.decision_id for act in acts.values())
    units = dict(Unit.objects.values_list("pk", "name"))
    lines = []
    for pk, act in acts.items():
        if {then.act_status(pk), now.act_status(pk)} <= _SILENT:
            continue
        in_full = act.decision_id in full
        what = f"{act.type} · " if in_full else ""
        lines.append(
            Line(
                act.decided_on,
                f"{act.number} 其{act.ordinal}" if many[act.decision_id] > 1 else act.number,
                f"{what}{units.get(act.unit_id, '')}",
                _act_cell(then, pk),
                _act_cell(now, pk),
                act.decision_id if in_full else None,
            )
        )
    return sorted([*lines, *_others(then, now)], key=lambda line: line.day, reverse=True)


def _act_cell(side: Snapshot, pk: int) -> Cell:
    why, act = side.act_status(pk), side.records.acts.get(pk)
    if act is None or why in (UNKNOWN, UNCONFIRMED):
        return Cell(STATUS_WORDS[UNKNOWN], counts=False)
    what = amount_words(Bucket(act.bucket).label, act.amount_fen)
    return Cell(what if not why else f"{what}；{STATUS_WORDS[why]}", counts=not why)


def _others(then: Snapshot, now: Snapshot) -> list[Line]:
    """List entries and factors that count on either side, or would but for what became known."""
    lines = []
    for pk, entry in (then.records.entries | now.records.entries).items():
        pair = then.entry_status(pk), now.entry_status(pk)
        if "" in pair or pair[0] != pair[1]:
            name = f"{ListKind(entry.list).label} {entry.paper}"
            lines.append(Line(entry.listed_on, name, "名单", _cell(pair[0]), _cell(pair[1])))
    for pk, factor in (then.records.factors | now.records.factors).items():
        pair = then.signal_status(pk), now.signal_status(pk)
        if "" in pair or pair[0] != pair[1]:
            name, cells = f"{factor.scheme}：{factor.value}", (_cell(pair[0]), _cell(pair[1]))
            lines.append(Line(factor.in_force_from, name, "外部信号", *cells))
    return lines


def _cell(why: str) -> Cell:
    return Cell(STATUS_WORDS[why] if why else "有效", counts=not why)
