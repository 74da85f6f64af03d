"""The published results: what was inspected and how it was found, for all who see the register.

Neither grades nor persons nor words of the visit stand here (优化营商环境条例 art. 54).
"""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import current_officer, requires
from accounts.models import Unit
from accounts.roles import Can
from desk.inspections.common import SHOWN_PAGE, tabs_for
from desk.lists.index import Control
from sanctions.inspection_enums import Outcome, VisitState
from sanctions.inspection_models import Inspection
from subjects import credit_codes

MAX_QUERY = 100
COLUMNS = {"outcome": "outcome", "unit": "unit__code"}


@requires(Can.SEE_REGISTER)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The latest first."""
    officer = current_officer(request)
    query = request.GET.get("q", "")[:MAX_QUERY].strip().replace("\x00", "")
    controls = _controls(request)
    rows = Inspection.objects.filter(
        state=VisitState.DONE, **{COLUMNS[one.name]: one.value for one in controls if one.value}
    )
    if query:
        code = credit_codes.normalise(query)
        rows = rows.filter(
            Q(subject__name__icontains=query) | Q(subject__credit_code__startswith=code)
        )
    rows = rows.select_related("subject", "unit").order_by("-visited_on", "-pk")
    context = {
        "tabs": tabs_for(officer),
        "here": "desk:inspection-results",
        "page": Paginator(rows, SHOWN_PAGE).get_page(request.GET.get("page")),
        "controls": controls,
        "query": query,
    }
    return render(request, "desk/inspections/results.html", context)


def _controls(request: HttpRequest) -> list[Control]:
    units = list(Unit.objects.filter(is_active=True).values_list("code", "name"))
    outcomes = [(str(value), str(label)) for value, label in Outcome.choices]
    found = []
    for name, label, values in (("outcome", "结果", outcomes), ("unit", "检查单位", units)):
        given = request.GET.get(name, "")
        found.append(Control(name, label, values, given if given in dict(values) else ""))
    return found
