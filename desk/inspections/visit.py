"""One visit: read before it on a phone, recorded on the spot, followed by a decision."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import check
from accounts.models import Officer
from accounts.roles import Can
from core import audit
from core.clock import today
from desk.deadlines import due
from desk.inspections.common import READERS, visible_visit
from desk.inspections.forms import ExcuseForm, ReassignForm, ReopenForm, ResultForm, first_result
from desk.service_form import ServiceForm
from sanctions.inspection_enums import Outcome, Reason, VisitState
from sanctions.inspection_exemption import grades_of, refusal
from sanctions.inspection_models import Inspection
from sanctions.inspection_results import may_record
from violations.models import Decision

EARLIER = 3


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """404 for one of another unit."""
    officer = check(request, *READERS)
    visit = visible_visit(officer, pk)
    audit.record(actor=officer, action="inspection.view", target=visit)
    return render(request, "desk/inspections/visit.html", visit_context(officer, visit))


def visit_context(
    officer: Officer,
    visit: Inspection,
    *,
    result: ResultForm | None = None,
    act: tuple[str, ServiceForm] | None = None,
) -> dict[str, Any]:
    """Everything ``desk/inspections/visit.html`` needs; a form that was refused comes along."""
    first = {"version": visit.version}
    is_open, plans = visit.is_open, officer.may(Can.PLAN_INSPECTION)
    step, used = act or ("", None)
    records = may_record(officer, visit)
    forms: dict[str, ServiceForm] = {
        "reassign": ReassignForm(initial=first, prefix="reassign"),
        "excuse": ExcuseForm(initial=first, prefix="excuse"),
        "reopen": ReopenForm(initial=first, prefix="reopen"),
    }
    if used is not None:
        forms[step] = used
    name_inspectors(forms["reassign"], visit)
    form = result or ResultForm(initial=first_result(visit.version))
    faulty: ServiceForm | None = result or used
    return {
        "visit": visit,
        "due": due(visit.due_on) if is_open else None,
        "grade": grades_of([visit.subject_id], today()).get(visit.subject_id, ""),
        "barred": _barred(visit),
        "inspectors": [one for one in (visit.first, visit.second) if one is not None],
        "records": records,
        "form": form,
        "outcomes": _outcomes(form),
        "forms": forms,
        "opened": step,
        "faults": faulty.summary() if faulty else [],
        "may_replace": plans and is_open,
        "may_reopen": plans and visit.state == VisitState.DONE,
        "decisions": _decisions(visit),
        "may_enter": officer.may(Can.RECORD_DECISION) and visit.unit_id == officer.unit_id,
        "follow": "orders" if visit.outcome == Outcome.ORDER else "penalties",
        "earlier": _earlier(visit),
        "history": visit.history.select_related("history_user__unit").order_by("-history_id"),
    }


def name_inspectors(form: ServiceForm, visit: Inspection) -> None:
    """The inspectors of the visit as the choices of who leaves; a free place as one of its own."""
    people = [
        (str(one.pk), f"{one.name}（{one.unit.name}）")
        for one in (visit.first, visit.second)
        if one is not None
    ]
    free = [("0", "空缺的检查人员")] if len(people) < 2 else []
    form.fields["leaving"].widget.choices = [*free, *people]


def _barred(visit: Inspection) -> str:
    routine = visit.is_open and visit.reason == Reason.ROUTINE
    return refusal(visit.subject, today()) if routine else ""


def _outcomes(form: ResultForm) -> list[tuple[str, str, str, bool]]:
    """(value, words, what follows, ticked) of each result."""
    follows = {
        Outcome.CLEAN: "记入参考因素，不影响等级",
        Outcome.MENDED: "轻微问题已当场改好；记入参考因素，不影响等级",
        Outcome.ORDER: "接着录入责令改正，决定送达后才产生影响",
        Outcome.CASE: "接着录入处罚决定，决定送达后才产生影响",
        Outcome.CLOSED: "停业、搬迁或查无此处；不记入参考因素",
    }
    ticked = str(form["outcome"].value() or "")
    return [(one.value, str(one.label), follows[one], one.value == ticked) for one in Outcome]


def _decisions(visit: Inspection) -> list[Decision]:
    """What the unit decided about the organisation since; entered on its own page."""
    if visit.visited_on is None:
        return []
    rows = Decision.objects.filter(
        subject=visit.subject_id, unit=visit.unit_id, decided_on__gte=visit.visited_on
    )
    return list(rows.order_by("decided_on", "pk")[:5])


def _earlier(visit: Inspection) -> list[Inspection]:
    rows = Inspection.objects.filter(subject=visit.subject_id, state=VisitState.DONE)
    return list(rows.exclude(pk=visit.pk).select_related("unit").order_by("-visited_on")[:EARLIER])
