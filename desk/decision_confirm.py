"""The second person: confirm what a recorder submitted, or return it with a remark (2-1)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import current_officer, requires
from accounts.models import Officer
from accounts.roles import Can
from desk.conflict import answer_conflict
from desk.deadlines import confirm_by
from desk.decision_changes import changes_since_return
from desk.decision_papers import papers_context
from desk.decision_view import act_views
from desk.entry_check import similar_to, unknown_laws
from desk.entry_kinds import WORDS
from desk.entry_preview import preview_context
from desk.next_actor import who_confirms
from desk.seen import read_seen, sealed
from desk.trail import decision_seen
from violations.entry_data import RawEntry
from violations.enums import DecisionState
from violations.errors import InvalidDecision, StaleVersion, WrongState
from violations.forms import ErrorLine
from violations.models import Decision
from violations.remark_drafts import kept_remark
from violations.reviewers import had_a_hand_in
from violations.selectors import awaiting_confirmation, in_full
from violations.services import confirm_decision, return_decision
from violations.workflow import Action, allows


@requires(Can.CONFIRM_DECISION, Can.CONFIRM_FOR_ANY_UNIT)
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One submitted decision with what it would change; POST agrees or returns."""
    officer = current_officer(request)
    decision = get_object_or_404(in_full(Decision.objects.visible_to(officer)), pk=pk)
    if decision.state != DecisionState.SUBMITTED:
        messages.info(request, f"该决定现为“{decision.get_state_display()}”，不在审核中。")
        return redirect("desk:decision", pk=decision.pk)
    if not allows(decision, Action.CONFIRM, officer):
        raise PermissionDenied(_why_not(officer, decision))
    if request.method == "POST":
        return _decide(request, officer, decision)
    return _page(request, officer, decision)


def _why_not(officer: Officer, decision: Decision) -> str:
    actor = who_confirms(decision.unit, decision)
    if had_a_hand_in(officer, decision):
        return f"您录入或修改过该决定，录入与审核须由两人完成。该决定由 {actor} 审核。"
    return f"该决定由 {actor} 审核，您不在审核人之列。"


def _decide(request: HttpRequest, officer: Officer, decision: Decision) -> HttpResponseBase:
    lines = _faults(request)
    if lines:
        return _page(request, officer, decision, lines)
    version, seen = read_seen(request.POST, decision)
    following = _next_in_queue(officer, decision)
    try:
        said = _write(request, officer, decision, version)
    except StaleVersion as stale:
        remark = request.POST.get("remark", "")
        return answer_conflict(request, stale, seen, again="desk:decision-confirm", remark=remark)
    except InvalidDecision as refused:
        lines = [ErrorLine("退回意见", fault.message, "id_remark") for fault in refused.faults]
        return _page(request, officer, decision, lines)
    except WrongState as late:
        messages.warning(request, str(late))
        return redirect("desk:decision", pk=decision.pk)
    messages.success(request, said)
    if following is None:
        return redirect("desk:decision", pk=decision.pk)
    return redirect("desk:decision-confirm", pk=following)


def _write(request: HttpRequest, officer: Officer, decision: Decision, version: int) -> str:
    """Confirm or return; what to say about it."""
    if request.POST.get("verdict") == "return":
        remark = request.POST.get("remark", "")
        return_decision(officer=officer, decision_id=decision.pk, version=version, remark=remark)
        return f"已退回 {decision.number}，由 {decision.recorded_by.name} 更正后重新提交。"
    confirm_decision(officer=officer, decision_id=decision.pk, version=version)
    return f"{decision.number} 已生效，{decision.subject.name} 的等级随即重新评定。"


def _faults(request: HttpRequest) -> list[ErrorLine]:
    """What is missing in the reviewer's own answer."""
    verdict = request.POST.get("verdict", "")
    if verdict == "return":
        return []  # the service looks at the remark
    if verdict != "agree":
        return [ErrorLine("审核意见", "请选择“同意”或“退回更正”。", "id_agree")]
    if not request.POST.get("compared"):
        return [ErrorLine("对照原件", "请对照法律文书原件后勾选，未勾选不能同意。", "id_compared")]
    return []


def _next_in_queue(officer: Officer, decision: Decision) -> int | None:
    queue = awaiting_confirmation(officer).exclude(pk=decision.pk)
    return queue.values_list("pk", flat=True).first()


def _page(
    request: HttpRequest,
    officer: Officer,
    decision: Decision,
    lines: list[ErrorLine] | None = None,
) -> HttpResponse:
    decision_seen(officer, decision)
    typed = kept_remark(officer, decision) if request.method == "GET" else ""
    queue = list(awaiting_confirmation(officer).values_list("pk", flat=True))
    place = queue.index(decision.pk) if decision.pk in queue else 0
    after = queue[(place + 1) % len(queue)] if len(queue) > 1 else None
    context: dict[str, Any] = {
        "decision": decision,
        "acts": act_views(decision),
        "lines": lines or [],
        "paper": WORDS[decision.kind][2],
        "similar": similar_to(decision, officer),
        "unknown_laws": unknown_laws(decision),
        "place": place + 1,
        "queue_length": len(queue),
        "next_pk": after,
        "due": confirm_by(decision.submitted_at),
        "seen": sealed(decision),
        "verdict": request.POST.get("verdict", "return" if typed else "agree"),
        "remark": request.POST.get("remark", typed),
        "officer": officer,
        "changes": changes_since_return(decision),
        "compared": bool(request.POST.get("compared")),
        **preview_context(decision.kind, RawEntry.from_decision(decision), officer),
        **papers_context(decision, officer),
    }
    return render(request, "desk/decision_confirm.html", context)
