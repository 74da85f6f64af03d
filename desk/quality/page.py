"""The page of data quality: one's own unit, or all units for whoever reads all decisions."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import current_officer, requires
from accounts.roles import Can
from core.settings_table import integer
from desk.quality.chart import Bar, BarChart
from desk.quality.periods import read_span, same_day_spans
from violations.quality import FIGURES, UnitFigures, figures_by_unit

# What each figure means, in the words of the page.
MEANINGS = {
    "late": "决定后超过 {days} 个工作日才录入，接收的历史记录不计",
    "returned": "至少被审核人退回过一次",
    "revoked": "有违法行为被撤销",
    "corrected": "生效后办理过更正",
    "unserved": "已生效，没有登记送达日期",
    "no_paper": "已生效，没有附决定书扫描件，接收的历史记录不计",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One count of one unit, and its share of what the unit entered."""

    figure: str
    label: str
    count: int
    share: str


@requires(Can.SEE_DATA_QUALITY)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Figures of a month, quarter or year of entry; each is a link to its rows."""
    officer = current_officer(request)
    span = read_span(request.GET.get("period", ""))
    units = figures_by_unit(officer, span.period)
    days = integer("late_entry_working_days")
    total = _sums(units)
    context = {
        "span": span,
        "spans": same_day_spans(span),
        "officer": officer,
        "sees_all": officer.may(Can.SEE_ALL_DECISIONS),
        "labels": [label for name, label in FIGURES.items() if name != "recorded"],
        "rows": [(one, _cells(one.counts)) for one in units],
        "total": total.get("recorded", 0),
        "total_cells": _cells(total),
        "chart": BarChart([Bar(c.label, c.count, _share(c.count, total)) for c in _cells(total)]),
        "meanings": [(FIGURES[k], words.format(days=days)) for k, words in MEANINGS.items()],
    }
    return render(request, "desk/quality/page.html", context)


def _cells(counts: dict[str, int]) -> list[Cell]:
    return [
        Cell(name, label, counts.get(name, 0), f"{_share(counts.get(name, 0), counts):.1f}%")
        for name, label in FIGURES.items()
        if name != "recorded"
    ]


def _share(count: int, counts: dict[str, int]) -> float:
    total = counts.get("recorded", 0)
    return count * 100 / total if total else 0.0


def _sums(units: list[UnitFigures]) -> dict[str, int]:
    return {name: sum(one.counts.get(name, 0) for one in units) for name in FIGURES}
