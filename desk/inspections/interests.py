"""Conflicts of interest: declared by oneself, kept and ended by the office."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import check
from accounts.models import Officer
from accounts.roles import Can
from desk.inspections.common import BAD, SHOWN_PAGE, tabs_for
from desk.inspections.forms import EndInterestForm, InterestForm
from sanctions.inspection_conflicts import declare_interest, end_interest
from sanctions.inspection_models import OfficerInterest
from violations.errors import InvalidDecision, NotAllowed


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """One's own list, or all; and the form."""
    officer = check(request, Can.RECORD_INSPECTION)
    form = InterestForm(request.POST if request.method == "POST" else None)
    if not officer.may(Can.PLAN_INSPECTION):
        del form.fields["number"]
    status = 200
    if request.method == "POST":
        status = BAD
        values = form.values()
        about = Officer.objects.filter(number=values.get("number", "").strip()).first()
        if values.get("number", "").strip() and about is None:
            form.add_error("number", "没有这个警号。请核对后再登记。")
        if not form.errors:
            try:
                declare_interest(
                    officer=officer,
                    credit_code=values["credit_code"],
                    ground=values["ground"],
                    about=about,
                )
            except InvalidDecision as refused:
                form.add_faults(refused.faults)
            else:
                messages.success(request, "已登记，抽取检查人员时自动回避。")
                return redirect("desk:inspection-interests")
    rows = OfficerInterest.objects.visible_to(officer).select_related(
        "officer__unit", "subject", "recorded_by"
    )
    context = {
        "tabs": tabs_for(officer),
        "here": "desk:inspection-interests",
        "form": form,
        "faults": form.summary() if form.is_bound else [],
        "page": Paginator(rows.order_by("-pk"), SHOWN_PAGE).get_page(request.GET.get("page")),
        "may_end": officer.may(Can.PLAN_INSPECTION),
        "end_form": EndInterestForm(auto_id=False),
    }
    return render(request, "desk/inspections/interests.html", context, status=status)


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """By the office, never by the officer whom it keeps away."""
    officer = check(request, Can.PLAN_INSPECTION)
    get_object_or_404(OfficerInterest, pk=pk)
    try:
        end_interest(officer=officer, interest_id=pk, reason=request.POST.get("reason", "")[:200])
    except InvalidDecision as refused:
        messages.error(request, refused.faults[0].message)
    except NotAllowed as why:
        messages.error(request, why.message)
    else:
        messages.success(request, "已解除，可以参加该对象的检查。")
    return redirect("desk:inspection-interests")
