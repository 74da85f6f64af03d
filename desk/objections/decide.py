"""The second person decides: exactly what was on screen, or the case goes back."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accounts.access import check
from accounts.roles import Can
from appeals.objection_decisions import decide, return_proposal
from appeals.objection_enums import OPEN_STATES
from appeals.objection_workflow import another_decides
from core import audit
from desk.objections.acts import refused_step, take
from desk.objections.case import Typed, found, page
from desk.objections.forms import ReturnForm
from violations.errors import CaseRefused, InvalidDecision, NotAllowed


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, pk: int) -> HttpResponseBase:
    """403, with a row in the trail, for whoever had a hand in the case or its records."""
    officer = check(request, Can.DECIDE_APPEAL)
    objection = found(officer, pk)
    refusal = another_decides(officer, objection) if objection.state in OPEN_STATES else None
    if refusal:
        raise PermissionDenied(refusal)
    if request.method == "GET":
        audit.record(actor=officer, action="objection.view", target=objection)
        return page(request, officer, objection)
    if request.POST.get("do") == "return":
        form, said = ReturnForm(request.POST), "已退回经办人。"
        return take(request, officer, objection, "return", form, return_proposal, said)
    version = request.POST.get("version", "")
    status = 400
    try:
        decide(
            officer=officer,
            objection_id=pk,
            version=int(version) if version.isascii() and version.isdigit() else 0,
            seen=request.POST.get("seen", ""),
        )
    except InvalidDecision as refused:
        lines = [{"id": "", "message": fault.message} for fault in refused.faults]
    except (CaseRefused, NotAllowed) as refused:
        status = refused_step(officer, objection, "decide", refused)
        lines = [{"id": "", "message": refused.message}]
    else:
        messages.success(request, "已认定，正在重新评定。请经办人出具答复书。")
        return redirect("desk:objection", pk=pk)
    typed = Typed({}, lines)
    return page(request, officer, found(officer, pk), typed=typed, status=status)
