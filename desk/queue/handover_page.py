"""What one officer has in hand, and to whom it goes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_officer, requires
from accounts.roles import Can
from desk.queue.handover import hand_over, held_by, leavers_for, receivers
from desk.queue.sources import HAND_OVERS
from violations.errors import InvalidDecision
from violations.inputs import Fault

_MAY = (Can.CONFIRM_DECISION, Can.CONFIRM_FOR_ANY_UNIT)
SHOWN = 200


@requires(*_MAY)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Everybody who has something in hand, the disabled ones first."""
    officer = current_officer(request)
    people = list(leavers_for(officer).order_by("is_active", "unit_id", "number"))
    counts = dict.fromkeys((one.pk for one in people), 0)
    for kind in HAND_OVERS:
        for pk, count in kind.held_by(counts.keys()).items():
            counts[pk] += count
    rows = [(one, counts[one.pk]) for one in people if counts[one.pk]]
    context = {"rows": rows[:SHOWN], "more": max(len(rows) - SHOWN, 0)}
    return render(request, "desk/queue/holders.html", context)


@requires(*_MAY)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, pk: int) -> HttpResponse:
    officer = current_officer(request)
    leaver = get_object_or_404(leavers_for(officer), pk=pk)
    faults: list[Fault] = []
    status = 200
    if request.method == "POST":
        chosen = request.POST.get("to", "")
        try:
            moved = hand_over(
                officer=officer,
                leaver_id=leaver.pk,
                to_id=int(chosen) if chosen.isdecimal() and len(chosen) < 10 else None,
                reason=request.POST.get("reason", ""),
            )
        except InvalidDecision as refused:
            faults, status = list(refused.faults), 400
        else:
            said = "、".join(f"{one.label} {one.count} 件" for one in moved)
            messages.success(request, f"已移交：{said}。")
            return redirect("desk:queue-hand-over", pk=leaver.pk)
    context = {
        "leaver": leaver,
        "held": held_by(leaver),
        "colleagues": receivers(leaver),
        "faults": [{"id": f"id_{one.path}", "message": one.message} for one in faults],
        "given": request.POST,
    }
    return render(request, "desk/queue/handover.html", context, status=status)
