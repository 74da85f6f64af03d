"""Gathers what every app reports, and puts it in order: by deadline, what waits apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice

from accounts.models import Officer, Unit
from core.open_tasks import MOST, OpenTask
from core.workdays import calendar
from desk.deadlines import Due, due
from desk.queue.handover import orphans
from desk.queue.sources import SOURCES

FAR = date.max
# How the tag of a kind looks; the first beginning that fits.
LOOKS = (("review.list", "bad"), ("review", "warn"), ("decision.returned", "warn"))


@dataclass(frozen=True, slots=True)
class Line:
    """One task as a row: whose it is, and how it came to them."""

    task: OpenTask
    unit: str
    officer: str = ""
    note: str = ""

    @property
    def due(self) -> Due | None:
        """Worked out for the rows that are shown alone."""
        return due(self.task.deadline) if self.task.deadline else None

    @property
    def look(self) -> str:
        return next((look for begin, look in LOOKS if self.task.kind.startswith(begin)), "info")


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything reported to one officer; ``capped``: some source had more than ``MOST``."""

    lines: list[Line] = field(default_factory=list)
    capped: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """How many there are: to do, of these overdue and due by the next working day, and on hold."""

    to_do: int
    overdue: int
    soon: int
    on_hold: int


def gather(officer: Officer, day: date) -> Gathered:
    """All open tasks of every source, by deadline; three queries beside those of the sources."""
    tasks: list[OpenTask] = []
    capped = False
    for source in (*SOURCES, orphans):
        found = list(islice(source(officer, day), MOST + 1))
        capped = capped or len(found) > MOST
        tasks += found[:MOST]
    return Gathered(sorted(_lines(tasks), key=_order), capped)


def is_mine(line: Line, officer: Officer) -> bool:
    """Given to this officer, or to nobody and for this officer's unit (or the office) to do."""
    task = line.task
    if task.officer_id is not None:
        return task.officer_id == officer.pk
    return is_of_unit(line, officer)


def is_of_unit(line: Line, officer: Officer) -> bool:
    """Of the officer's unit, whoever has it in hand; the office's own are without a unit."""
    return line.task.unit_id in (officer.unit_id, None)


def is_overdue(line: Line, day: date) -> bool:
    return line.task.deadline is not None and line.task.deadline.day < day


def tally(lines: Iterable[Line], day: date) -> Tally:
    """The figures of the heading."""
    next_day = calendar().after(day, 1)
    counts: Counter[str] = Counter()
    for line in lines:
        if line.task.waits_for:
            counts["on_hold"] += 1
            continue
        counts["to_do"] += 1
        if line.task.deadline is not None:
            counts["overdue"] += line.task.deadline.day < day
            counts["soon"] += day <= line.task.deadline.day <= next_day
    return Tally(counts["to_do"], counts["overdue"], counts["soon"], counts["on_hold"])


def _order(line: Line) -> tuple[date, date, str]:
    task = line.task
    return (task.deadline.day if task.deadline else FAR, task.since, task.url)


def _lines(tasks: Sequence[OpenTask]) -> list[Line]:
    """With names; what a disabled officer held falls to the unit or the office, and says so."""
    people = Officer.objects.in_bulk({one.officer_id for one in tasks if one.officer_id})
    units = dict(Unit.objects.values_list("pk", "name"))
    office = next(iter(Unit.objects.filter(is_office=True).values_list("name", flat=True)), "")
    lines = []
    for task in tasks:
        holder = people.get(task.officer_id) if task.officer_id else None
        unit = units.get(task.unit_id, "") if task.unit_id else office
        if task.officer_id and (holder is None or not holder.is_active):
            name = holder.name if holder else ""
            note = f"原经办人{name}已停用，转由{unit or '局办公室'}办理"
            lines.append(Line(replace(task, officer_id=None), unit, note=note))
        else:
            lines.append(Line(task, unit, holder.name if holder else ""))
    return lines
