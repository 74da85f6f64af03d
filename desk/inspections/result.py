"""Recording what was found; refused, the page comes back with what was typed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.access import check
from accounts.roles import Can
from desk.inspections.common import BAD, CONFLICT, refused, version_of, visible_visit
from desk.inspections.forms import ResultForm
from desk.inspections.visit import visit_context
from sanctions.inspection_results import record_result, result_faults
from violations.errors import CaseRefused, InvalidDecision, NotAllowed


@require_POST
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """By one of the two inspectors."""
    officer = check(request, Can.RECORD_INSPECTION)
    visit = visible_visit(officer, pk)
    form, status = ResultForm(request.POST), BAD
    values = form.values()
    if form.errors:
        form.add_faults(result_faults(visit, form.data_given()))
    else:
        try:
            done = record_result(
                officer=officer, visit_id=pk, version=version_of(values), data=form.data_given()
            )
        except InvalidDecision as faulty:
            form.add_faults(faulty.faults)
        except (CaseRefused, NotAllowed) as why:
            form.add_error(None, why.message)
            refused(officer, visit, "record", why.message)
            status = CONFLICT if isinstance(why, CaseRefused) else 403
        else:
            told = "已登记检查结果，记入参考因素，不改变等级。"
            messages.success(request, told if done.factor_id else "已登记检查结果。")
            return redirect("desk:inspection", pk=pk)
    context = visit_context(officer, visible_visit(officer, pk), result=form)
    return render(request, "desk/inspections/visit.html", context, status=status)
