"""One plan: what was promised before the draw, what came out, and the acts of two persons."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import check
from accounts.models import Officer
from accounts.roles import Can
from core import audit
from desk.inspections.common import BAD, CONFLICT, SHOWN_PAGE, found_plan, refused, version_of
from desk.inspections.forms import CancelForm, DrawForm
from desk.service_form import ServiceForm
from sanctions.inspection_enums import VisitState
from sanctions.inspection_plan_models import InspectionPlan
from sanctions.inspection_plans import cancel_plan, draw_plan
from sanctions.inspection_pool import state
from violations.errors import CaseRefused, InvalidDecision, NotAllowed


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    officer = check(request, Can.SEE_REGISTER)
    plan = found_plan(pk)
    audit.record(actor=officer, action="inspection_plan.view", target=plan)
    return _page(request, officer, plan)


@require_POST
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person's word draws the pool."""
    officer = check(request, Can.PLAN_INSPECTION)
    plan, form = found_plan(pk), DrawForm(request.POST, prefix="draw")
    values, status = form.values(), BAD
    if not form.errors:
        try:
            draw_plan(
                officer=officer,
                plan_id=pk,
                version=version_of(values),
                word=values["word"],
                word_source=values["word_source"],
            )
        except InvalidDecision as faulty:
            form.add_faults(faulty.faults)
        except (CaseRefused, NotAllowed) as why:
            status = _said(officer, plan, form, "draw", why)
        else:
            messages.success(request, "已抽取，检查任务已下达检查单位。")
            return redirect("desk:inspection-plan", pk=pk)
    return _page(request, officer, found_plan(pk), draw_form=form, status=status)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the pool up before it is drawn."""
    officer = check(request, Can.PLAN_INSPECTION)
    plan, form = found_plan(pk), CancelForm(request.POST, prefix="cancel")
    values, status = form.values(), BAD
    if not form.errors:
        try:
            cancel_plan(
                officer=officer, plan_id=pk, version=version_of(values), reason=values["reason"]
            )
        except InvalidDecision as faulty:
            form.add_faults(faulty.faults)
        except CaseRefused as why:
            status = _said(officer, plan, form, "cancel", why)
        else:
            messages.success(request, "已作废。需要抽查的，请重新封存名册。")
            return redirect("desk:inspection-plan", pk=pk)
    return _page(request, officer, found_plan(pk), cancel_form=form, status=status)


def _said(
    officer: Officer,
    plan: InspectionPlan,
    form: ServiceForm,
    step: str,
    why: CaseRefused | NotAllowed,
) -> int:
    form.add_error(None, why.message)
    refused(officer, plan, step, why.message)
    return CONFLICT if isinstance(why, CaseRefused) else 403


def _page(
    request: HttpRequest,
    officer: Officer,
    plan: InspectionPlan,
    *,
    draw_form: DrawForm | None = None,
    cancel_form: CancelForm | None = None,
    status: int = 200,
) -> HttpResponse:
    used: ServiceForm | None = draw_form or cancel_form
    first = {"version": plan.version}
    sizes = dict(plan.members.order_by().values_list("group").annotate(Count("pk")))
    stated = state(Counter(sizes), plan.percents)
    may_plan = officer.may(Can.PLAN_INSPECTION) and plan.is_frozen
    only_drawn = plan.is_drawn and request.GET.get("only") == "drawn"
    members = plan.members.all()
    if only_drawn:
        members = members.filter(subject__in=plan.inspections.values("subject"))
    page = Paginator(members, SHOWN_PAGE).get_page(request.GET.get("page"))
    drawn = _drawn(plan, [one.subject_id for one in page])
    context = {
        "plan": plan,
        "stated": stated,
        "total": sum(one.members for one in stated),
        "to_draw": sum(one.drawn for one in stated),
        "inspectors": list(plan.inspectors.select_related("officer")),
        "page": page,
        "only_drawn": only_drawn,
        "members": [(one, drawn.get(one.subject_id, "")) for one in page],
        "figures": _figures(plan),
        "may_draw": may_plan and plan.planned_by_id != officer.pk,
        "may_cancel": may_plan,
        "waits_for_another": may_plan and plan.planned_by_id == officer.pk,
        "may_take_file": officer.may(Can.EXPORT_REGISTER) or officer.may(Can.READ_AUDIT),
        "may_see_visits": officer.may(Can.SEE_ALL_DECISIONS) or officer.may(Can.RECORD_INSPECTION),
        "draw_form": draw_form or DrawForm(initial=first, prefix="draw"),
        "cancel_form": cancel_form or CancelForm(initial=first, prefix="cancel"),
        "opened": "cancel" if cancel_form else "",
        "faults": used.summary() if used else [],
    }
    return render(request, "desk/inspections/plan.html", context, status=status)


def _drawn(plan: InspectionPlan, subject_ids: list[int]) -> dict[int, str]:
    """How each of these that was drawn stands."""
    rows = plan.inspections.filter(subject__in=subject_ids).values_list("subject_id", "state")
    labels: dict[Any, Any] = dict(VisitState.choices)
    return {pk: str(labels[at]) for pk, at in rows}


def _figures(plan: InspectionPlan) -> dict[str, int]:
    counts: dict[str, int] = plan.inspections.order_by().aggregate(
        drawn=Count("pk"),
        done=Count("pk", filter=Q(state=VisitState.DONE)),
        open=Count("pk", filter=Q(state=VisitState.OPEN)),
    )
    return counts
