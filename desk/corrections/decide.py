"""The second person: agree or refuse; the first: take it back; either: propose an undo."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.access import check
from accounts.models import Officer
from accounts.roles import Can
from desk.corrections.forms import WhyForm
from desk.corrections.pages import page
from grading import corrections
from grading.corrections import CorrectionClosed, StaleCorrection
from violations.correction_models import Correction
from violations.errors import InvalidDecision, NotAllowed

CONFLICT = 409


@require_POST
def agree(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Carry it out, if what it does is still what was on screen."""
    officer = _decider(request, pk)
    seen = request.POST.get("seen", "")
    try:
        done = corrections.agree_to_correction(officer=officer, correction_id=pk, seen=seen)
    except StaleCorrection as stale:
        return page(request, officer, pk, status=CONFLICT, conflict=stale.message)
    except CorrectionClosed as late:
        return _late(request, late)
    except InvalidDecision as refused:
        said = "不能按此办理：" + refused.faults[0].message
        return page(request, officer, pk, status=400, conflict=said)
    what = "已还原" if done.undoes_id else "已更正"
    messages.success(request, f"{what}，{done.subject.name} 的等级随即重新评定。")
    return redirect("desk:correction", pk=pk)


@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Turn it down with a reason."""
    officer = _decider(request, pk)
    remark = request.POST.get("remark", "")
    try:
        corrections.refuse_correction(officer=officer, correction_id=pk, remark=remark)
    except CorrectionClosed as late:
        return _late(request, late)
    except InvalidDecision as refused:
        fault = refused.faults[0].message
        return page(request, officer, pk, status=400, remark=remark, remark_fault=fault)
    messages.success(request, "已登记不同意，记录不变。")
    return redirect("desk:correction", pk=pk)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take one's own proposal back."""
    officer = check(request, Can.PROPOSE_CORRECTION)
    get_object_or_404(Correction.objects.visible_to(officer), pk=pk)
    try:
        corrections.withdraw_correction(officer=officer, correction_id=pk)
    except CorrectionClosed as late:
        return _late(request, late)
    messages.success(request, "已撤回更正，记录不变。")
    return redirect("desk:correction", pk=pk)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Propose that everything be as it was before this correction."""
    officer = check(request, Can.PROPOSE_CORRECTION)
    get_object_or_404(Correction.objects.visible_to(officer), pk=pk)
    why = WhyForm(request.POST)
    why.is_valid()
    try:
        made = corrections.propose_undo(officer=officer, correction_id=pk, **why.values())
    except StaleCorrection as stale:
        return page(request, officer, pk, status=CONFLICT, conflict=stale.message)
    except CorrectionClosed as late:
        return _late(request, late)
    except InvalidDecision as refused:
        why.add_faults([replace(one, path=one.path.removeprefix("why.")) for one in refused.faults])
        return page(request, officer, pk, status=400, undo_form=why, faults=why.summary())
    messages.success(request, "已提出还原，由另一人同意后生效。")
    return redirect("desk:correction", pk=made.pk)


def _decider(request: HttpRequest, pk: int) -> Officer:
    """Who may decide this one. Raises NotAllowed, whose attempt stands in the trail."""
    officer = check(request, Can.AGREE_TO_CORRECTION)
    correction = get_object_or_404(Correction.objects.visible_to(officer), pk=pk)
    refusal = corrections.why_not_decide(officer, correction)
    if refusal:
        raise NotAllowed(refusal)
    return officer


def _late(request: HttpRequest, late: CorrectionClosed) -> HttpResponseBase:
    messages.warning(request, late.message)
    return redirect("desk:correction", pk=late.correction.pk)
