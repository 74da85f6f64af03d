"""The list of decisions narrowed to the rows that one figure counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from accounts.models import Officer, Unit
from desk.quality.periods import Span, read_span
from violations.models import Decision
from violations.quality import FIGURES, rows_of
from violations.visibility import DecisionQuerySet


@dataclass(frozen=True, slots=True)
class Narrowed:
    """``rows`` as far as the officer reads them; ``words`` say to what, empty where to nothing."""

    rows: DecisionQuerySet
    words: str = ""
    span: Span | None = None


def narrowed_by(asked: Mapping[str, str], officer: Officer) -> Narrowed:
    """What ``figure``, ``period`` and ``unit`` in the address mean; an unknown figure narrows
    nothing, an unknown unit has no rows.
    """
    figure = asked.get("figure", "")
    if figure not in FIGURES:
        return Narrowed(Decision.objects.visible_to(officer))
    span = read_span(asked.get("period", ""))
    rows = rows_of(figure, officer, span.period)
    words = f"{span.words} · {FIGURES[figure]}"
    if code := asked.get("unit", ""):
        rows = rows.filter(unit__code=code)
        name = Unit.objects.filter(code=code).values_list("name", flat=True).first()
        words = f"{name or '没有这个单位'} · {words}"
    return Narrowed(rows, words, span)
