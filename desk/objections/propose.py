"""Proposing the outcome of each claim: previewed first, then handed to the decider."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.access import check
from accounts.roles import Can
from appeals.objection_decisions import Finding, propose
from desk.objections.acts import refused_step
from desk.objections.case import Typed, found, page
from desk.objections.forms import ClaimForm, claim_form
from violations.errors import CaseRefused, InvalidDecision, NotAllowed
from violations.inputs import Fault


@require_POST
def show(request: HttpRequest, pk: int) -> HttpResponseBase:
    """``do=preview`` shows what it would do to both grades; else it is proposed."""
    officer = check(request, Can.HANDLE_APPEAL)
    objection = found(officer, pk)
    forms = {one.pk: claim_form(one, request.POST) for one in objection.claims.all() if one.is_open}
    if request.POST.get("do") == "preview":
        return page(request, officer, objection, typed=Typed({"claims": forms}))
    version = request.POST.get("version", "")
    general: list[dict[str, str]] = []
    status = 400
    try:
        propose(
            officer=officer,
            objection_id=pk,
            version=int(version) if version.isascii() and version.isdigit() else 0,
            findings=[Finding(claim, **form.values()) for claim, form in forms.items()],
        )
        messages.success(request, "已提交复核人认定；在此之前记录和等级不变。")
        return redirect("desk:objection", pk=pk)
    except InvalidDecision as refused:
        general = _spread(forms, refused.faults)
    except (CaseRefused, NotAllowed) as refused:
        status = refused_step(officer, objection, "propose", refused)
        general = [{"id": "", "message": refused.message}]
    faults = [line for form in forms.values() for line in form.summary()] + general
    typed = Typed({"claims": forms}, faults)
    return page(request, officer, found(officer, pk), typed=typed, status=status)


def _spread(forms: dict[int, ClaimForm], faults: list[Fault]) -> list[dict[str, str]]:
    """Each fault beside the box of its claim; what belongs to none is returned."""
    general = []
    for fault in faults:
        head, _, name = fault.path.partition("].")
        claim = head.removeprefix("claims[")
        form = forms.get(int(claim)) if claim.isdigit() else None
        if form is None:
            general.append({"id": "", "message": fault.message})
        else:
            form.add_faults([Fault(name, fault.code, fault.message)])
    return general
