"""What of the queue is shown: kind, whose, unit, overdue; all of it stands in the address."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from accounts.models import Officer
from desk.queue.gathering import Line, is_mine, is_of_unit, is_overdue

MINE, UNIT, ALL = "mine", "unit", "all"


@dataclass(frozen=True, slots=True)
class Tab:
    """One value of a filter, with how many rows it would show."""

    value: str
    label: str
    count: int
    current: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """The filters as given; what is not known there is left out."""

    kind: str = ""
    whose: str = MINE
    unit: str = ""
    overdue: bool = False

    @classmethod
    def read(cls, given: QueryDict) -> Choice:
        whose = given.get("whose", MINE)
        return cls(
            kind=given.get("kind", ""),
            whose=whose if whose in (MINE, UNIT, ALL) else MINE,
            unit=given.get("unit", ""),
            overdue=given.get("overdue") == "1",
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """The rows that fit, and the tabs with their counts."""

    to_do: list[Line]
    on_hold: list[Line]
    kinds: list[Tab]
    whose: list[Tab]
    units: list[tuple[str, str]]
    overdue: int


def choose(lines: list[Line], choice: Choice, officer: Officer, day: date) -> Shown:
    """Each filter counts what the others leave."""
    by_whom = {
        MINE: [line for line in lines if is_mine(line, officer)],
        UNIT: [line for line in lines if is_of_unit(line, officer)],
        ALL: lines,
    }
    labels = {MINE: "我的", UNIT: "本单位", ALL: "全部"}
    whose = [
        Tab(name, labels[name], len(found), name == choice.whose) for name, found in by_whom.items()
    ]
    rows = by_whom[choice.whose]
    units = sorted({line.unit for line in rows if line.unit})
    if choice.unit:
        rows = [line for line in rows if line.unit == choice.unit]
    late = [line for line in rows if is_overdue(line, day) and not line.task.waits_for]
    if choice.overdue:
        rows = late
    counts = Counter(line.task.kind for line in rows)
    names = {line.task.kind: line.task.label for line in rows}
    kinds = [Tab("", "全部", len(rows), not choice.kind)]
    kinds += [Tab(kind, names[kind], counts[kind], kind == choice.kind) for kind in names]
    if choice.kind:
        rows = [line for line in rows if line.task.kind == choice.kind]
    return Shown(
        to_do=[line for line in rows if not line.task.waits_for],
        on_hold=[line for line in rows if line.task.waits_for],
        kinds=kinds,
        whose=whose,
        units=[(name, name) for name in units],
        overdue=len(late),
    )
