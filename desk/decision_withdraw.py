"""Giving up a decision that is not in force: entered twice, or entered wrong beyond mending."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.access import check
from accounts.roles import Can
from desk.conflict import answer_conflict
from desk.seen import read_seen
from violations.errors import InvalidDecision, StaleVersion, WrongState
from violations.models import Decision
from violations.services import withdraw_decision


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Withdraw a draft or a submitted decision of the own unit; its number is free again."""
    officer = check(request, Can.RECORD_DECISION)
    own = Decision.objects.visible_to(officer).filter(unit=officer.unit_id)
    decision = get_object_or_404(own, pk=pk)
    version, seen = read_seen(request.POST, decision)
    reason = request.POST.get("reason", "").strip()
    if not reason:
        messages.error(request, "没有填写作废理由，决定未作废。请写明为何作废。")
        return redirect("desk:decision", pk=pk)
    try:
        withdraw_decision(officer=officer, decision_id=pk, version=version, reason=reason)
    except StaleVersion as stale:
        return answer_conflict(request, stale, seen, again="desk:decision")
    except InvalidDecision as refused:
        messages.error(request, refused.faults[0].message)
    except WrongState as late:
        messages.warning(request, late.message)
    else:
        messages.success(request, f"已作废 {decision.number}，该文号可以重新录入。")
    return redirect("desk:decision", pk=pk)
