"""All plans, the latest first: published to everybody who sees the register."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import current_officer, requires
from accounts.roles import Can
from desk.inspections.common import SHOWN_PAGE, tabs_for
from sanctions.inspection_enums import VisitState
from sanctions.inspection_plan_models import InspectionPlan


@requires(Can.SEE_REGISTER)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """With how many of each plan are planned and done."""
    officer = current_officer(request)
    done = Count("inspections", filter=Q(inspections__state=VisitState.DONE))
    rows = InspectionPlan.objects.select_related("unit").order_by("-pk")
    page = Paginator(rows, SHOWN_PAGE).get_page(request.GET.get("page"))
    counts = InspectionPlan.objects.filter(pk__in=[one.pk for one in page]).order_by()
    figures = {
        pk: (drawn, made)
        for pk, drawn, made in counts.annotate(drawn=Count("inspections"), made=done).values_list(
            "pk", "drawn", "made"
        )
    }
    context = {
        "tabs": tabs_for(officer),
        "here": "desk:inspection-plans",
        "page": page,
        "rows": [(one, *figures.get(one.pk, (0, 0))) for one in page],
        "may_plan": officer.may(Can.PLAN_INSPECTION),
    }
    return render(request, "desk/inspections/plans.html", context)
