"""Check your answers: everything that was entered, what it would change, and then hand it in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import current_officer, requires
from accounts.models import Officer
from accounts.roles import Can
from core.settings_table import integer
from desk.conflict import answer_conflict
from desk.decision_papers import papers_context
from desk.decision_view import act_views
from desk.entry_kinds import WORDS, slug_of
from desk.entry_page import law_suggestions
from desk.entry_preview import preview_context
from desk.next_actor import who_confirms
from desk.seen import read_seen, sealed
from desk.trail import decision_seen
from violations.entry_data import RawEntry
from violations.enums import DecisionState
from violations.errors import InvalidDecision, StaleVersion, WrongState
from violations.forms import ErrorLine
from violations.inputs import Fault
from violations.models import Decision
from violations.selectors import in_full
from violations.services import submit_decision


@requires(Can.RECORD_DECISION)
@require_http_methods(["GET", "POST"])
def check_answers(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The page before a decision is submitted; POST submits it."""
    officer = current_officer(request)
    own = Decision.objects.visible_to(officer).filter(unit=officer.unit_id)
    decision = get_object_or_404(in_full(own), pk=pk)
    if decision.state != DecisionState.DRAFT:
        return redirect("desk:decision", pk=decision.pk)
    if request.method == "POST":
        return _submit(request, officer, decision)
    return _page(request, officer, decision)


def _submit(request: HttpRequest, officer: Officer, decision: Decision) -> HttpResponseBase:
    version, seen = read_seen(request.POST, decision)
    try:
        submit_decision(
            officer=officer,
            decision_id=decision.pk,
            version=version,
            truth_stated=bool(request.POST.get("truth_stated")),
        )
    except StaleVersion as stale:
        return answer_conflict(request, stale, seen, again="desk:entry-check")
    except InvalidDecision as refused:
        return _page(request, officer, decision, [_line(fault) for fault in refused.faults])
    except WrongState as late:
        messages.warning(request, str(late))
        return redirect("desk:decision", pk=decision.pk)
    actor = who_confirms(decision.unit, decision)
    days = integer("confirm_working_days")
    said = f"已提交，转 {actor} 审核，期限为 {days} 个工作日。"
    if request.POST.get("then") == "next":
        messages.success(request, f"{decision.number} {said}请录入下一件。")
        return redirect(_next_form(decision))
    messages.success(request, said)
    return redirect("desk:decision", pk=decision.pk)


def _line(fault: Fault) -> ErrorLine:
    """Where to mend it: the statement stands on this page, a reason in the form of the decision."""
    if fault.path == "truth_stated":
        return ErrorLine("真实性声明", fault.message, "id_truth_stated")
    return ErrorLine("", fault.message, "t-acts")


def _next_form(decision: Decision) -> str:
    """The empty form for the unit's next paper of this kind, with what stays the same."""
    carried = {"procedure": decision.procedure, "handler": decision.handler}
    url = reverse("desk:entry", kwargs={"kind": slug_of(decision.kind)})
    return f"{url}?{urlencode({name: value for name, value in carried.items() if value})}"


def _page(
    request: HttpRequest, officer: Officer, decision: Decision, lines: list[ErrorLine] | None = None
) -> HttpResponse:
    decision_seen(officer, decision)
    raw = RawEntry.from_decision(decision)
    context: dict[str, Any] = {
        "decision": decision,
        "acts": act_views(decision),
        "lines": lines or [],
        "paper": WORDS[decision.kind][2],
        "similar": similar_to(decision, officer),
        "unknown_laws": unknown_laws(decision),
        "next_actor": who_confirms(decision.unit, decision),
        "confirm_days": integer("confirm_working_days"),
        "seen": sealed(decision),
        **preview_context(decision.kind, raw, officer),
        **papers_context(decision, officer),
    }
    return render(request, "desk/entry_check.html", context)


def similar_to(decision: Decision, officer: Officer) -> list[Decision]:
    """Other decisions of the unit about the same organisation on the same day: perhaps the same.

    Only those that ``officer`` may open: each is shown with a link to its page.
    """
    others = Decision.objects.visible_to(officer).filter(
        unit=decision.unit_id, subject=decision.subject_id, decided_on=decision.decided_on
    )
    return list(others.exclude(pk=decision.pk).exclude(state=DecisionState.WITHDRAWN)[:5])


def unknown_laws(decision: Decision) -> list[str]:
    """Laws the rule set does not know: their records stay sealed until the office maps them."""
    known = set(law_suggestions())
    keys = {key for act in decision.violations.all() for key in act.law_key.split("|")}
    return sorted(keys - known)
