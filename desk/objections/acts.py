"""The steps of the office, and the unit's word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.access import check
from accounts.models import Officer
from accounts.roles import Can
from appeals import objection_steps
from appeals.objection_filing import ask_for_second_stage
from appeals.objection_models import Objection
from appeals.objection_workflow import Step
from core import audit
from desk.objections.case import Typed, found, page
from desk.objections.forms import FORMS, SecondStageForm, StateForm, StepForm
from violations.errors import CaseRefused, InvalidDecision, NotAllowed
from violations.inputs import Fault

CONFLICT = 409
SECOND_STAGE = "second"
_SERVICES: dict[Step, tuple[Callable[..., Objection], str]] = {
    Step.ACCEPT: (
        objection_steps.accept,
        "已受理。能自行核实的直接提出认定意见，否则转原单位核实。",
    ),
    Step.REJECT: (objection_steps.reject, "已登记不予受理，记录不再标注“异议处理中”。"),
    Step.ASK_UNIT: (objection_steps.ask_units, "已转交原单位核实。"),
    Step.PAUSE: (objection_steps.pause, "已暂停计时。"),
    Step.RESUME: (objection_steps.resume, "已结束等待，期限继续计算。"),
    Step.WITHDRAW: (objection_steps.withdraw, "已登记撤回，记录不再标注“异议处理中”。"),
    Step.TRANSFER: (objection_steps.transfer, "已转办。"),
    Step.EXPLAIN: (objection_steps.explain, "已保存逾期原因。"),
    Step.MARK: (objection_steps.mark, "已登记后续事项。"),
}


@require_POST
def act(request: HttpRequest, pk: int, step: str) -> HttpResponseBase:
    """A step of the office, or the request for a second look."""
    officer = check(request, Can.HANDLE_APPEAL)
    objection = found(officer, pk)
    if step == SECOND_STAGE:
        return _second(request, officer, objection)
    known = Step(step) if step in list(Step) else None
    if known is None or known not in _SERVICES:
        raise Http404
    form = FORMS[known](request.POST, auto_id=f"id_{known}_%s")
    service, said = _SERVICES[known]
    return take(request, officer, objection, known.value, form, service, said)


@require_POST
def state(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What the unit that provided the record found."""
    officer = check(request, Can.STATE_FOR_UNIT)
    objection = found(officer, pk)
    form, service = StateForm(request.POST), objection_steps.state_for_unit
    return take(request, officer, objection, "state", form, service, "已回复局办公室。")


def take(
    request: HttpRequest,
    officer: Officer,
    objection: Objection,
    name: str,
    form: StepForm,
    service: Callable[..., Objection],
    said: str,
    **more: Any,
) -> HttpResponseBase:
    """Run one step; what is refused shows the page again with what was typed."""
    values = form.values()
    values["version"] = values.get("version") or 0
    status = 400
    try:
        if "to" in values:
            values["to"] = _colleague(values["to"])
        if form.is_valid():
            service(officer=officer, objection_id=objection.pk, **values, **more)
            messages.success(request, said)
            return redirect("desk:objection", pk=objection.pk)
    except InvalidDecision as refused:
        form.add_faults(refused.faults)
    except (CaseRefused, NotAllowed) as refused:
        status = refused_step(officer, objection, name, refused)
        form.add_error(None, refused.message)
    objection = found(officer, objection.pk)
    return page(
        request, officer, objection, typed=Typed({name: form}, form.summary()), status=status
    )


def refused_step(
    officer: Officer, objection: Objection, step: str, refused: CaseRefused | NotAllowed
) -> int:
    """Leave a row of the attempt; the status that says so."""
    audit.record(
        actor=officer,
        action="objection.refused",
        target=objection,
        reason=refused.message,
        details={"step": step},
    )
    return CONFLICT if isinstance(refused, CaseRefused) else 403


def _colleague(number: str) -> Officer:
    chosen = Officer.objects.filter(number=number, is_active=True).first()
    if chosen is None:
        raise InvalidDecision([Fault("to", "missing", "没有选择转给谁。请选择一位经办人。")])
    return chosen


def _second(request: HttpRequest, officer: Officer, objection: Objection) -> HttpResponseBase:
    form = SecondStageForm(request.POST)
    values, status = form.values(), 400
    values.pop("version")
    try:
        if form.is_valid():
            again = ask_for_second_stage(officer=officer, objection_id=objection.pk, **values)
            messages.success(request, f"已登记再次核查，回执号 {again.number}。")
            return redirect("desk:objection", pk=again.pk)
    except InvalidDecision as refused:
        form.add_faults(refused.faults)
    except (CaseRefused, NotAllowed) as refused:
        status = refused_step(officer, objection, SECOND_STAGE, refused)
        form.add_error(None, refused.message)
    typed = Typed({SECOND_STAGE: form}, form.summary())
    return page(request, officer, objection, typed=typed, status=status)
