"""What the office does with a visit: draw inspectors anew, give it up, take a result back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import check
from accounts.models import Officer
from accounts.roles import Can
from desk.inspections.common import BAD, CONFLICT, number, refused, version_of, visible_visit
from desk.inspections.forms import ExcuseForm, ReassignForm, ReopenForm
from desk.inspections.visit import visit_context
from desk.service_form import ServiceForm
from sanctions.inspection_results import reopen_result
from sanctions.inspection_visits import excuse_visit, replace_inspector, replace_leaver
from violations.errors import CaseRefused, InvalidDecision, NotAllowed


def _reassign(officer: Officer, pk: int, values: dict[str, Any]) -> None:
    given = values["leaving"]
    leaving = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0
    replace_inspector(
        officer=officer,
        visit_id=pk,
        version=version_of(values),
        leaving_id=leaving or None,
        reason=values["reason"],
        unit_code=values["unit_code"],
    )


def _excuse(officer: Officer, pk: int, values: dict[str, Any]) -> None:
    excuse_visit(officer=officer, visit_id=pk, version=version_of(values), reason=values["reason"])


def _reopen(officer: Officer, pk: int, values: dict[str, Any]) -> None:
    reopen_result(
        officer=officer,
        visit_id=pk,
        version=version_of(values),
        reason=values["reason"],
        document=values["document"],
    )


Write = Callable[[Officer, int, dict[str, Any]], None]
STEPS: dict[str, tuple[type[ServiceForm], Write, str]] = {
    "reassign": (ReassignForm, _reassign, "已重新抽取检查人员。"),
    "excuse": (ExcuseForm, _excuse, "已登记不再检查。"),
    "reopen": (ReopenForm, _reopen, "已撤回检查结果和参考因素，请检查人员重新登记。"),
}


@require_POST
def act(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Refused, the page comes back with what was typed."""
    officer = check(request, Can.PLAN_INSPECTION)
    if step not in STEPS:
        raise Http404
    made, write, said = STEPS[step]
    visit, form, status = visible_visit(officer, pk), made(request.POST, prefix=step), BAD
    values = form.values()
    if not form.errors:
        try:
            write(officer, pk, values)
        except InvalidDecision as faulty:
            form.add_faults(faulty.faults)
        except (CaseRefused, NotAllowed) as why:
            form.add_error(None, why.message)
            refused(officer, visit, step, why.message)
            status = CONFLICT if isinstance(why, CaseRefused) else 403
        else:
            messages.success(request, said)
            return redirect("desk:inspection", pk=pk)
    context = visit_context(officer, visible_visit(officer, pk), act=(step, form))
    return render(request, "desk/inspections/visit.html", context, status=status)


@require_POST
def leaver(request: HttpRequest) -> HttpResponse:
    """Draw anew for every open visit of an officer who left."""
    officer = check(request, Can.PLAN_INSPECTION)
    gone = Officer.objects.filter(pk=number(request, "leaver") or 0).first()
    reason = request.POST.get("reason", "")[:200]
    back = f"{reverse('desk:inspections')}?state=reassign"
    if gone is None:
        messages.error(request, "没有这个民警。请从列出的民警中选择。")
        return redirect(back)
    try:
        how_many = replace_leaver(officer=officer, leaver=gone, reason=reason)
    except InvalidDecision as faulty:
        first = faulty.faults[0].message
        messages.error(request, f"没有重新抽取 {gone.name} 的检查：{first}")
    else:
        messages.success(request, f"已为 {gone.name} 的 {how_many} 项检查重新抽取检查人员。")
    return redirect(back)
