"""Filling in the day of service of a decision in force, with the receipt."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import current_officer, requires
from accounts.models import Officer
from accounts.roles import Can
from desk.conflict import answer_conflict
from desk.deadlines import due
from desk.seen import read_seen, sealed
from desk.trail import decision_seen
from violations.errors import InvalidDecision, StaleVersion, WrongState
from violations.form_fields import DayField
from violations.forms import ErrorLine
from violations.models import Decision
from violations.papers_due import serve_by
from violations.serving import serve_decision


class ServedForm(forms.Form):
    """When it was served, by which paper, and the paper itself."""

    served_on = DayField(
        label="送达日期",
        required=False,
        help_text="写成 2026-11-20 这样的形式，以送达回证上的日期为准",
        widget=forms.TextInput(attrs={"class": "form-control num", "autocomplete": "off"}),
    )
    document = forms.CharField(
        label="送达凭证",
        required=False,
        help_text="送达回证的编号，或邮寄单号、公告名称和日期",
        widget=forms.TextInput(attrs={"class": "form-control", "maxlength": "100"}),
    )


@requires(Can.RECORD_DECISION)
@require_http_methods(["GET", "POST"])
def serve(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The form, and what it writes; a decision that was served already shows its page."""
    officer = current_officer(request)
    own = Decision.objects.visible_to(officer).filter(unit=officer.unit_id)
    decision = get_object_or_404(own.select_related("unit", "subject"), pk=pk)
    if not decision.is_in_force or decision.served_on is not None:
        messages.info(request, "该决定未生效或已登记送达，无需补登。登记有误的，请办理更正。")
        return redirect("desk:decision", pk=pk)
    form = ServedForm(request.POST or None)
    if request.method == "GET":
        return _page(request, officer, decision, form)
    return _write(request, officer, decision, form)


def _write(
    request: HttpRequest, officer: Officer, decision: Decision, form: ServedForm
) -> HttpResponseBase:
    if not form.is_valid():
        return _page(request, officer, decision, form)
    version, seen = read_seen(request.POST, decision)
    try:
        serve_decision(
            officer=officer,
            decision_id=decision.pk,
            version=version,
            served_on=form.cleaned_data["served_on"],
            document=form.cleaned_data["document"],
            receipt=request.FILES.get("receipt"),
        )
    except StaleVersion as stale:
        return answer_conflict(request, stale, seen, again="desk:decision-serve")
    except InvalidDecision as refused:
        for fault in refused.faults:
            form.add_error(fault.path if fault.path in form.fields else None, fault.message)
        return _page(request, officer, decision, form)
    except WrongState as late:
        messages.warning(request, late.message)
        return redirect("desk:decision", pk=decision.pk)
    messages.success(request, f"已登记 {decision.number} 的送达日期。")
    return redirect("desk:decision", pk=decision.pk)


def _page(
    request: HttpRequest, officer: Officer, decision: Decision, form: ServedForm
) -> HttpResponse:
    decision_seen(officer, decision)
    loose = [ErrorLine("送达回证", str(one), "id_receipt") for one in form.non_field_errors()]
    lines = [
        ErrorLine(str(form.fields[name].label), str(one), f"id_{name}")
        for name in form.fields
        for one in form.errors.get(name, ())
    ]
    context: dict[str, Any] = {
        "decision": decision,
        "form": form,
        "lines": lines + loose,
        "receipt_errors": form.non_field_errors(),
        "due": due(serve_by(decision)),
        "seen": sealed(decision),
    }
    return render(request, "desk/attachments/served.html", context)
