"""Planned, done, found: by grade, reason and unit, for a year of deadlines."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import check
from accounts.models import Unit
from core.clock import today
from desk.inspections.chart import Line, chart
from desk.inspections.common import READERS, number, tabs_for
from sanctions.inspection_enums import Reason
from sanctions.inspection_models import Inspection
from sanctions.inspection_statistics import Figures, figures, total

GRADES = {"A": "A 级", "B": "B 级", "C": "C 级", "": "未定级"}
FIRST_YEAR, LAST_YEAR = 2000, 2198


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Of one's own unit, or of all."""
    officer = check(request, *READERS)
    year = number(request, "year") or today().year
    year = year if FIRST_YEAR < year < LAST_YEAR else today().year
    rows = Inspection.objects.visible_to(officer).filter(
        due_on__gte=date(year, 1, 1), due_on__lte=date(year, 12, 31)
    )
    by_grade = {one.key: one for one in figures(rows, "grade", today())}
    grades = [by_grade.get(key, Figures(key, 0, 0, 0, 0)) for key in GRADES]
    units = dict(Unit.objects.values_list("pk", "name"))
    reasons = {str(value): str(words) for value, words in Reason.choices}
    context = {
        "tabs": tabs_for(officer),
        "here": "desk:inspection-statistics",
        "year": year,
        "before": year - 1,
        "after": year + 1 if year < today().year + 1 else None,
        "grades": [(one.key, GRADES[one.key], one) for one in grades],
        "reasons": [(reasons[one.key], one) for one in figures(rows, "reason", today())],
        "units": [(units[int(one.key)], one) for one in figures(rows, "unit", today())],
        "total": total(grades),
        "chart": chart([Line(GRADES[one.key], one) for one in grades]),
    }
    return render(request, "desk/inspections/statistics.html", context)
