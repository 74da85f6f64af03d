"""Recording a factor by hand, revoking it and ending it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import check
from accounts.models import Officer
from accounts.roles import Can
from desk.conflict import CONFLICT
from desk.factors.forms import EndForm, FactorForm, RevokeForm
from desk.factors.pages import factor_context, visible_factor
from subjects.lookup import find_by_code
from violations.enums import FactorKind
from violations.errors import InvalidDecision
from violations.factor_models import Factor
from violations.factor_services import StaleFactor, end_factor, record_factor, revoke_factor


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """One factor; ``?credit_code=`` comes from a credit file."""
    officer = check(request, Can.RECORD_FACTOR)
    given = request.GET.get("credit_code", "")[:40]
    form = FactorForm(request.POST if request.method == "POST" else None, initial=_first(given))
    if request.method == "POST":
        data = form.factor_input()
        if not form.errors:
            try:
                made = record_factor(officer=officer, data=data)
            except InvalidDecision as refused:
                form.add_faults(refused.faults)
            else:
                messages.success(request, f"已录入 {made.subject.name} 的参考因素，不改变等级。")
                return redirect("desk:factor", pk=made.pk)
    code = str(form["credit_code"].value() or "")
    context = {
        "form": form,
        "faults": form.summary(),
        "subject": find_by_code(code) if len(code) <= 40 else None,
        "national": FactorKind.NATIONAL.value,
    }
    return render(request, "desk/factors/form.html", context)


def _first(credit_code: str) -> dict[str, Any]:
    return {"credit_code": "".join(char for char in credit_code if char.isprintable())}


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """It should not have been: in force on no day."""
    officer = check(request, Can.RECORD_FACTOR)
    factor = visible_factor(officer, pk)
    form = RevokeForm(request.POST, prefix="revoke")

    def write(values: dict[str, Any]) -> None:
        revoke_factor(
            officer=officer,
            factor_id=pk,
            version=values["version"] or 0,
            reason=values["reason"],
            document=values["document"],
        )

    return _write(request, officer, factor, form, write, "已撤销，等级评定随即更新。")


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """It is in force until a day."""
    officer = check(request, Can.RECORD_FACTOR)
    factor = visible_factor(officer, pk)
    form = EndForm(request.POST, prefix="end")

    def write(values: dict[str, Any]) -> None:
        end_factor(
            officer=officer,
            factor_id=pk,
            version=values["version"] or 0,
            last_day=values["last_day"],
            reason=values["reason"],
            document=values["document"],
        )

    return _write(request, officer, factor, form, write, "已登记截止日期，等级评定随即更新。")


def _write(
    request: HttpRequest,
    officer: Officer,
    factor: Factor,
    form: RevokeForm | EndForm,
    write: Callable[[dict[str, Any]], None],
    said: str,
) -> HttpResponse:
    values, status = form.values(), 200
    if not form.errors:
        try:
            write(values)
        except InvalidDecision as refused:
            form.add_faults(refused.faults)
        except StaleFactor as stale:
            form.add_error(None, str(stale))
            status = CONFLICT
        else:
            messages.success(request, said)
            return redirect("desk:factor", pk=factor.pk)
    which = {"revoke": form} if isinstance(form, RevokeForm) else {"end": form}
    context = factor_context(officer, factor, **which)
    return render(request, "desk/factors/factor.html", context, status=status)
