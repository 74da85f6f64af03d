"""The pages of the office: each shows both grades before and after, and writes what was shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import check
from accounts.models import Officer
from accounts.roles import Can
from desk.effects import in_one_line, views_of
from desk.fault_forms import FaultForm
from desk.outcomes.forms import (
    ContestForm,
    RevokeForm,
    contest_end_form,
    first_values,
    with_basis,
)
from desk.trail import decision_seen
from grading.dry_run import Effect, dry_run, mark
from violations import services
from violations.errors import InvalidDecision, StaleVersion, WrongState
from violations.models import Contest, Decision, Violation
from violations.outcome_basis import Organ
from violations.workflow import Action, allows, no_hand_in_it

CONFLICT = 409


@dataclass(frozen=True)
class Outcome:
    """One thing the office can write down about ``decision``; ``run`` takes the form's values."""

    decision: Decision
    title: str
    button: str
    done: str
    form: type[FaultForm]
    run: Callable[..., object]
    about: str = ""
    note: str = ""
    act: Violation | None = None


@require_http_methods(["GET", "POST"])
def contest(request: HttpRequest, pk: int) -> HttpResponseBase:
    """An administrative review or suit begins; until it ends nothing of the decision counts."""
    officer, decision = _admitted(request, pk)

    def run(**values: Any) -> object:
        return services.contest_decision(officer=officer, decision_id=pk, **values)

    return _page(
        request,
        officer,
        Outcome(
            decision,
            "登记复议诉讼",
            "登记复议诉讼",
            "已登记复议诉讼，期间该决定不计入。",
            ContestForm,
            run,
            note="复议、诉讼期间，该决定的全部违法行为不计入；结束后仍有效的恢复计入。",
        ),
    )


@require_http_methods(["GET", "POST"])
def contest_end(request: HttpRequest, pk: int) -> HttpResponseBase:
    """How a review or suit ended."""
    officer = check(request, Can.RECORD_OUTCOME)
    visible = Contest.objects.filter(decision__in=Decision.objects.visible_to(officer))
    found = get_object_or_404(visible, pk=pk)
    officer, decision = _admitted(request, found.decision_id)

    def run(**values: Any) -> object:
        values = with_basis(values)
        values["basis"] = values["basis"] or Organ.OTHER
        values["revoked"] = [int(one) for one in values.get("revoked") or []]
        return services.end_contest(officer=officer, contest_id=pk, **values)

    return _page(
        request,
        officer,
        Outcome(
            decision,
            "登记复议诉讼结果",
            "登记结果",
            "已登记复议诉讼结果。",
            contest_end_form(decision),
            run,
            about=f"{found.document} · {found.contested_from} 起",
            note="结果只登记一次：被撤销的违法行为随即撤销，与该决定有关的在办异议和信用修复一并了结。",
        ),
    )


@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One act falls: it counts on no day, past days included."""
    officer = check(request, Can.RECORD_OUTCOME)
    visible = Violation.objects.filter(decision__in=Decision.objects.visible_to(officer))
    act = get_object_or_404(visible, pk=pk)
    officer, decision = _admitted(request, act.decision_id)

    def run(**values: Any) -> object:
        return services.revoke_violation(officer=officer, violation_id=pk, **with_basis(values))

    return _page(
        request,
        officer,
        Outcome(
            decision,
            "登记其他机关撤销失信行为",
            "登记撤销",
            "已撤销该失信行为，任何一天都不再计入。",
            RevokeForm,
            run,
            about=f"其 {act.ordinal}：{act.type}",
            note="这里只登记法院、复议机关的撤销；本局认定有误的，请登记异议。"
            "撤销后该行为在任何一天都不计入；记录保留并标明已撤销。",
            act=act,
        ),
    )


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The whole decision falls; its number is free, so that its unit can record it anew."""
    officer, decision = _admitted(request, pk)
    typed = request.POST.get("version", "")
    version = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0

    def run(**values: Any) -> object:
        seen = version if request.method == "POST" else decision.version
        return services.withdraw_in_force(
            officer=officer, decision_id=pk, version=seen, **with_basis(values)
        )

    return _page(
        request,
        officer,
        Outcome(
            decision,
            "登记其他机关撤销整份决定",
            "登记撤销",
            f"已撤销 {decision.number}，任何一天都不再计入。",
            RevokeForm,
            run,
            note="这里只登记法院、复议机关的撤销；录入有误须重新录入的，请登记异议，由另一人认定。"
            "整份决定的全部违法行为一并撤销，文号可以重新录入。",
        ),
    )


def _admitted(request: HttpRequest, decision_id: int) -> tuple[Officer, Decision]:
    """The officer and the decision: 404 where it is not theirs to see, 403 after a hand in it."""
    officer = check(request, Can.RECORD_OUTCOME)
    visible = Decision.objects.visible_to(officer).select_related("unit", "subject")
    decision = get_object_or_404(visible, pk=decision_id)
    refusal = no_hand_in_it(officer, decision)
    if refusal:
        raise PermissionDenied(refusal)
    return officer, decision


def _page(request: HttpRequest, officer: Officer, outcome: Outcome) -> HttpResponseBase:
    if not allows(outcome.decision, Action.RECORD_OUTCOME, officer):
        state = outcome.decision.get_state_display()
        messages.warning(request, f"该决定{state}，只有生效的决定才登记撤销和复议诉讼。")
        return redirect("desk:decision", pk=outcome.decision.pk)
    if request.method != "POST":
        return _show(request, officer, outcome, outcome.form(initial=first_values()))
    form = outcome.form(request.POST)
    form.is_valid()
    if request.POST.get("do") == "preview" or form.errors:
        status = 400 if form.errors else 200
        return _show(request, officer, outcome, form, status=status)
    return _write(request, officer, outcome, form)


def _write(
    request: HttpRequest, officer: Officer, outcome: Outcome, form: FaultForm
) -> HttpResponseBase:
    """Write it down if what it does is what was shown; else show what it does."""
    try:
        effects = _effects(outcome, form.values())
        if request.POST.get("seen") != mark(effects):
            form.add_error(None, "对等级的影响与您看到的不同。请核对右侧的预览，再次登记。")
            return _show(request, officer, outcome, form, status=CONFLICT)
        outcome.run(**form.values())
    except InvalidDecision as refused:
        form.add_faults(refused.faults)
        return _show(request, officer, outcome, form, status=400)
    except (StaleVersion, WrongState) as late:
        messages.warning(request, late.message)
        return redirect("desk:decision", pk=outcome.decision.pk)
    messages.success(request, outcome.done)
    return redirect("desk:decision", pk=outcome.decision.pk)


def _effects(outcome: Outcome, values: dict[str, Any]) -> list[Effect]:
    return dry_run(lambda: outcome.run(**values), [outcome.decision.subject.survivor_id])


def _show(
    request: HttpRequest,
    officer: Officer,
    outcome: Outcome,
    form: FaultForm,
    *,
    status: int = 200,
) -> HttpResponse:
    decision_seen(officer, outcome.decision)
    effects: list[Effect] = []
    why_none = ""
    values = form.previewed()
    if any(values[name] is None for name in form.needs):
        why_none = "日期填写正确后，这里显示对等级的影响。"
    else:
        try:
            effects = _effects(outcome, values)
        except InvalidDecision as refused:
            why_none = refused.faults[0].message
        except (StaleVersion, WrongState) as late:
            why_none = late.message
    shown = views_of(effects)
    context = {
        "outcome": outcome,
        "decision": outcome.decision,
        "form": form,
        "faults": form.summary() if form.is_bound else [],
        "effects": shown,
        "effects_line": in_one_line(shown) if shown else "",
        "why_none": why_none,
        "seen": mark(effects),
    }
    return render(request, "desk/outcomes/outcome.html", context, status=status)
