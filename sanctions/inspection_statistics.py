"""Planned, done and found, by grade, reason and unit: one query each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from sanctions.inspection_enums import FOUND, VisitState
from sanctions.inspection_models import InspectionQuerySet


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one line: visits planned, done, with something found, and late today."""

    key: str
    planned: int
    done: int
    found: int
    late: int

    @property
    def share_done(self) -> int:
        return round(self.done * 100 / self.planned) if self.planned else 0

    @property
    def share_found(self) -> int:
        return round(self.found * 100 / self.done) if self.done else 0


def figures(rows: InspectionQuerySet, by: str, day: date) -> list[Figures]:
    """A line for each value of ``by``; visits that were given up are not planned any more."""
    done = Q(state=VisitState.DONE)
    found = (
        rows.exclude(state=VisitState.EXCUSED)
        .order_by()
        .values_list(by)
        .annotate(
            planned=Count("pk"),
            done=Count("pk", filter=done),
            found=Count("pk", filter=done & Q(outcome__in=sorted(FOUND))),
            late=Count("pk", filter=Q(state=VisitState.OPEN, due_on__lt=day)),
        )
    )
    return [Figures(str(key), *counts) for key, *counts in found.order_by(by)]


def total(lines: list[Figures]) -> Figures:
    names = ("planned", "done", "found", "late")
    return Figures("", *(sum(getattr(one, name) for one in lines) for name in names))
