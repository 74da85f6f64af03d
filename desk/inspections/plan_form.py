"""A new plan: the pool is shown as it would be, then frozen."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import check
from accounts.roles import Can
from core.clock import today
from desk.inspections.common import BAD
from desk.inspections.forms import PlanForm
from sanctions.inspection_plans import freeze_plan, preview_plan
from sanctions.inspection_pool import Gathered, percents_of
from violations.errors import InvalidDecision

FIRST = 20  # names shown of a pool that is not frozen yet


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """``do=preview`` shows the pool, ``do=freeze`` freezes it."""
    officer = check(request, Can.PLAN_INSPECTION)
    posted = request.method == "POST"
    form = PlanForm(request.POST if posted else None, initial={"starts_on": f"{today():%Y-%m-%d}"})
    gathered: Gathered | None = None
    if posted:
        data = form.data_given()
        if not form.errors:
            try:
                if request.POST.get("do") == "freeze":
                    plan = freeze_plan(officer=officer, data=data)
                    said = "名册已封存，摘要和承诺已公布。请由局办公室另一人见证抽取。"
                    messages.success(request, said)
                    return redirect("desk:inspection-plan", pk=plan.pk)
                gathered = preview_plan(officer=officer, data=data)
            except InvalidDecision as refused:
                form.add_faults(refused.faults)
    stated = gathered.stated() if gathered else []
    context = {
        "form": form,
        "faults": form.summary() if posted else [],
        "gathered": gathered,
        "stated": stated,
        "first": gathered.members[:FIRST] if gathered else [],
        "drawn": sum(one.drawn for one in stated),
        "percents": percents_of("routine", 0, today()),
    }
    status = BAD if context["faults"] else 200
    return render(request, "desk/inspections/plan_form.html", context, status=status)
