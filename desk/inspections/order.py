"""Ordering a single visit: a complaint, a campaign, or a routine one that 4-A-2 does not bar."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import check
from accounts.roles import Can
from core.clock import today
from desk.inspections.common import BAD
from desk.inspections.forms import VisitForm
from sanctions.inspection_exemption import CLAUSE, WORDS, grades_of, refusal
from sanctions.inspection_visits import order_visit
from subjects.lookup import find_by_code
from violations.errors import InvalidDecision

MOST = 40


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """``?credit_code=`` comes from a credit file."""
    officer = check(request, Can.PLAN_INSPECTION)
    posted = request.method == "POST"
    given = "".join(c for c in request.GET.get("credit_code", "")[:MOST] if c.isprintable())
    form = VisitForm(request.POST if posted else None, initial={"credit_code": given})
    if posted:
        data = form.data_given()
        if not form.errors:
            try:
                made = order_visit(officer=officer, data=data)
            except InvalidDecision as refused:
                form.add_faults(refused.faults)
            else:
                messages.success(request, "已安排检查，检查人员已随机抽取。")
                return redirect("desk:inspection", pk=made.pk)
    code = str(form["credit_code"].value() or "")
    subject = find_by_code(code) if 0 < len(code) <= MOST else None
    context = {
        "form": form,
        "faults": form.summary() if posted else [],
        "subject": subject,
        "grade": grades_of([subject.pk], today()).get(subject.pk, "") if subject else "",
        "exempt": refusal(subject, today()) if subject else "",
        "clause": CLAUSE,
        "words": WORDS,
    }
    return render(
        request, "desk/inspections/order.html", context, status=BAD if context["faults"] else 200
    )
