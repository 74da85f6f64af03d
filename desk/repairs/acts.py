"""One case: where it stands, who acts next, and each step as a form of its own.

A step that is refused shows the same page again, with what was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import check, current_officer, requires
from accounts.models import Officer
from accounts.roles import Can
from appeals import repair_answers, repair_deciding, repair_steps, repair_unit
from appeals.case_files import REPAIRS, may_add
from appeals.case_marks import owed, still_owes
from appeals.repair_enums import RepairState
from appeals.repair_models import Repair, RepairItem
from appeals.repair_workflow import LABELS, TABLE, Step, hindrance
from core import audit
from desk.repairs.forms import FORMS, ConcludeForm, StepForm
from desk.repairs.page import CasePage, case_page, open_at_acceptance, owed_after
from violations.errors import CaseRefused, InvalidDecision, NotAllowed
from violations.inputs import Fault

CONFLICT = 409
READERS = (Can.SEE_ALL_DECISIONS, Can.STATE_FOR_UNIT)
CONCLUDE = "conclude"
NONE_RIPE = "所选记录都未满最短公示期，不能受理"


@dataclass(frozen=True, slots=True)
class Act:
    """One step on the page: its service, the button, and what is said once it is done."""

    step: Step
    service: Callable[..., Repair]
    button: str
    done: str


ACTS: dict[Step, Act] = {
    act.step: act
    for act in (
        Act(Step.BROUGHT, repair_steps.note_material, "登记补正", "已登记，期限自次日起继续计算。"),
        Act(Step.STATE, repair_unit.state_for_unit, "回复局办公室", "已回复，由局办公室认定。"),
        Act(Step.DECIDE, repair_deciding.decide, "认定并更改信息", "已认定，正在重新评定。"),
        Act(Step.RETURN, repair_deciding.send_back, "退回经办人", "已退回经办人。"),
        Act(Step.PROPOSE, repair_steps.propose, "提交复核人审批", "已提交，待另一人审批。"),
        Act(Step.ANSWER, repair_answers.answer, "出具答复书", "已出具答复书，请送达申请人。"),
        Act(Step.CHECK, repair_steps.check_conditions, "保存核对结果", "已保存核对结果。"),
        Act(Step.ASK, repair_steps.ask_material, "告知补正", "已告知，期限中止，待申请人补正。"),
        Act(Step.MARK, repair_steps.mark, "登记后续事项", "已登记后续事项。"),
        Act(Step.EXTEND, repair_steps.extend, "延长期限", "已延长一次，请告知申请人。"),
        Act(Step.TRANSFER, repair_steps.transfer, "转办", "已转办。"),
        Act(Step.WITHDRAW, repair_steps.withdraw, "登记撤回", "已登记撤回，本案结束。"),
    )
}
# What the office does; CHECK stands beside the conditions, the conclusion in its own card.
CONCLUSIONS = {
    Step.ACCEPT: ("受理，转原单位核实", "有关单位在期限内回复", "已受理，请原单位核实。"),
    Step.ASK: ("一次性告知补正", "列明缺少的材料，期限中止", "已告知，期限中止，待申请人补正。"),
    Step.REJECT: ("不予受理", "必须写明理由，并书面答复", "已登记不予受理，请出具答复书。"),
}


@dataclass(frozen=True, slots=True)
class Offered:
    """A step that this officer may take, or why not yet (``hindrance``)."""

    act: Act
    label: str
    form: StepForm
    hindrance: str
    is_open: bool

    @property
    def url_name(self) -> str:
        needs = TABLE[self.act.step].permission
        if needs is Can.STATE_FOR_UNIT:
            return "desk:repair-statement"
        return "desk:repair-verdict" if needs is Can.DECIDE_APPEAL else "desk:repair-act"


@requires(*READERS)
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The page; a case exists for those alone who read all records, and its units (404)."""
    officer = current_officer(request)
    repair = found(officer, pk)
    audit.record(actor=officer, action="repair.view", target=repair)
    return _page(request, officer, repair)


@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A step of the office; ``step`` says which, or ``conclusion`` with its words."""
    if request.POST.get("step") == CONCLUDE:
        return _conclude(request, pk)
    return _take(request, pk, Can.HANDLE_APPEAL)


@require_POST
def statement(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The unit's word."""
    return _take(request, pk, Can.STATE_FOR_UNIT)


@require_POST
def verdict(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A step of the second person."""
    return _take(request, pk, Can.DECIDE_APPEAL)


@require_POST
def receipt(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Number the receipt, and go to print it."""
    officer = check(request, Can.HANDLE_APPEAL)
    repair = found(officer, pk)
    version = request.POST.get("version", "")
    try:
        done = repair_answers.issue_receipt(
            officer=officer,
            repair_id=repair.pk,
            version=int(version) if version.isdecimal() and len(version) < 9 else 0,
        )
    except (CaseRefused, NotAllowed) as refused:
        return _refused(request, officer, repair, refused, "receipt")
    return redirect("desk:paper", pk=done.receipt_id)


def _take(request: HttpRequest, pk: int, needed: Can) -> HttpResponseBase:
    officer = check(request, needed)
    name = request.POST.get("step", "")
    taken = ACTS.get(Step(name)) if name in list(Step) else None
    repair = found(officer, pk)
    if taken is None or TABLE[taken.step].permission is not needed:
        messages.warning(request, "没有选择要办理的步骤。请在页面右侧选择后办理。")
        return _page(request, officer, repair, status=400)
    form = _form(taken.step, repair, officer, request.POST)
    try:
        if form.is_valid():
            taken.service(officer=officer, repair_id=repair.pk, **form.arguments())
            messages.success(request, taken.done)
            return redirect("desk:repair", pk=repair.pk)
    except InvalidDecision as refused:
        form.add_faults(refused.faults)
    except (CaseRefused, NotAllowed) as refused:
        return _refused(request, officer, repair, refused, taken.step, (taken.step, form))
    return _page(request, officer, repair, typed=(taken.step, form), status=400)


def _conclude(request: HttpRequest, pk: int) -> HttpResponseBase:
    officer = check(request, Can.HANDLE_APPEAL)
    repair = found(officer, pk)
    form = ConcludeForm(repair, _open(repair), request.POST, auto_id="id_conclude_%s")
    values = form.arguments()
    words: str = values["words"]
    known: dict[str, Any] = {"officer": officer, "repair_id": repair.pk}
    known["version"] = values["version"]
    step = values["conclusion"]
    try:
        if step == Step.ACCEPT:
            repair_steps.accept(**known)
        elif step == Step.ASK:
            repair_steps.ask_material(wanted=words, **known)
        elif step == Step.REJECT:
            repair_steps.reject(reason=words, **known)
        else:
            raise InvalidDecision([Fault("conclusion", "missing", "没有选择结论。请选择一项。")])
    except InvalidDecision as refused:
        form.add_faults(
            Fault("conclusion" if one.path == "conclusion" else "words", one.code, one.message)
            for one in refused.faults
        )
        return _page(request, officer, repair, typed=(CONCLUDE, form), status=400)
    except (CaseRefused, NotAllowed) as refused:
        return _refused(request, officer, repair, refused, step, (CONCLUDE, form))
    messages.success(request, CONCLUSIONS[Step(step)][2])
    return redirect("desk:repair", pk=repair.pk)


def _refused(
    request: HttpRequest,
    officer: Officer,
    repair: Repair,
    refused: CaseRefused | NotAllowed,
    step: str,
    typed: tuple[str, StepForm] | None = None,
) -> HttpResponse:
    """The page as it is now, with what was refused; the attempt is put into the trail."""
    audit.record(
        actor=officer,
        action="repair.refused",
        target=repair,
        reason=refused.message,
        details={"step": str(step)},
    )
    if typed is not None:
        typed[1].add_error(None, refused.message)
    else:
        messages.warning(request, refused.message)
    status = CONFLICT if isinstance(refused, CaseRefused) else 403
    return _page(request, officer, found(officer, repair.pk), typed=typed, status=status)


def found(officer: Officer, pk: int) -> Repair:
    visible = Repair.objects.visible_to(officer).select_related(
        "subject__merged_into",
        "handler",
        "received_by",
        "accepted_by",
        "proposed_by",
        "decided_by",
        "receipt",
        "answer",
    )
    repair: Repair = get_object_or_404(
        visible.prefetch_related(
            "pauses__asked_by",
            "items__violation__decision__unit",
            "items__violation__dispositions",
            "items__unit",
            "items__word_by",
            "files",
            "marks",
        ),
        pk=pk,
    )
    return repair


def _open(repair: Repair) -> list[RepairItem]:
    return [one for one in repair.items.all() if not one.verdict]


def _form(step: Step, repair: Repair, officer: Officer, data: object = None) -> StepForm:
    items = _open(repair)
    if step == Step.STATE:
        items = [one for one in items if one.unit_id == officer.unit_id and not one.word]
    return FORMS[step](repair, items, data, auto_id=f"id_{step}_%s")


def _page(
    request: HttpRequest,
    officer: Officer,
    repair: Repair,
    *,
    typed: tuple[str, StepForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    offered = list(_offered(officer, repair, typed))
    case = case_page(repair, officer)
    concluding = list(_concluding(officer, repair, case))
    may_conclude = all(one[3] != "" for one in concluding) and not repair.open_pause()
    conclude = typed[1] if typed and typed[0] == CONCLUDE else None
    context = {
        "repair": repair,
        "case": case,
        "offered": [one for one in offered if one.act.step != Step.CHECK],
        "checking": next((one for one in offered if one.act.step == Step.CHECK), None),
        "concluding": concluding if may_conclude or conclude else [],
        "conclude": conclude or ConcludeForm(repair, _open(repair), auto_id="id_conclude_%s"),
        "chosen": conclude.values()["conclusion"] if conclude else "",
        "faults": typed[1].summary() if typed else [],
        "owed": owed_after(repair),
        "may_add_file": may_add(REPAIRS, officer, repair),
        "handles": officer.may(Can.HANDLE_APPEAL),
        "may_reveal": officer.may(Can.HANDLE_APPEAL) or officer.may(Can.DECIDE_APPEAL),
        "is_handler": officer.pk == repair.handler_id,
        "in_full": officer.may(Can.SEE_ALL_DECISIONS),
    }
    return render(request, "desk/repairs/case.html", context, status=status)


def _concluding(
    officer: Officer, repair: Repair, case: CasePage
) -> Iterator[tuple[str, str, str, str | None]]:
    """The three conclusions: value, label, hint, and why one cannot be chosen."""
    for step, (label, hint, _) in CONCLUSIONS.items():
        why = hindrance(repair, step, officer)
        if step == Step.ACCEPT and repair.state == RepairState.RECEIVED:
            why = NONE_RIPE if why is None and not case.ripe else why
            hint = "；".join([hint, *open_at_acceptance(case)])
        yield step.value, label, hint, why


def _offered(officer: Officer, repair: Repair, typed: tuple[str, StepForm] | None) -> list[Offered]:
    found: list[Offered] = []
    for step, taken in ACTS.items():
        why = hindrance(repair, step, officer)
        mine = typed is not None and typed[0] == step
        if not mine and (why == "" or _does_not_concern(repair, step)):
            continue
        form = typed[1] if typed and mine else _form(step, repair, officer)
        is_next = why is None and step in _NEXT and not any(one.is_open for one in found)
        is_open = mine or (typed is None and is_next)
        found.append(Offered(taken, LABELS[step], form, why or "", is_open))
    return found


_NEXT = (Step.BROUGHT, Step.STATE, Step.PROPOSE, Step.DECIDE, Step.ANSWER)


def _does_not_concern(repair: Repair, step: Step) -> bool:
    """What is of no use just now is not offered at all."""
    pauses = list(repair.pauses.all())
    if step == Step.BROUGHT:
        return not any(one.ends_on is None for one in pauses)
    if step == Step.ASK:
        return bool(pauses) or repair.accepted_on is None
    if step == Step.ANSWER:
        return repair.answered_on is not None
    if step == Step.EXTEND:
        return repair.extended_on is not None
    if step == Step.MARK:
        return all(mark is not None for _, mark in owed(repair))
    return step == Step.TRANSFER and repair.answered_on is not None and not still_owes(repair)
