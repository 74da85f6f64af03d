"""The whole queue: filters in the address, what can be done now and what waits apart."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import current_officer
from core.clock import today
from core.open_tasks import MOST
from desk.queue.choice import Choice, choose
from desk.queue.gathering import gather, tally
from desk.queue.handover import may_hand_over

ROWS = 100


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Everything reported to this officer, a hundred rows of it at a time."""
    officer, day = current_officer(request), today()
    gathered = gather(officer, day)
    choice = Choice.read(request.GET)
    shown = choose(gathered.lines, choice, officer, day)
    start = _start(request.GET.get("from", ""), len(shown.to_do))
    context = {
        "choice": choice,
        "shown": shown,
        "to_do": shown.to_do[start : start + ROWS],
        "on_hold": shown.on_hold[:ROWS],
        "start": start,
        "following": start + ROWS if len(shown.to_do) > start + ROWS else None,
        "previous": max(start - ROWS, 0) if start else None,
        "tally": tally([*shown.to_do, *shown.on_hold], day),
        "capped": gathered.capped,
        "most": MOST,
        "may_hand_over": may_hand_over(officer),
    }
    return render(request, "desk/queue/page.html", context)


def _start(given: str, total: int) -> int:
    return min(int(given), total) if given.isdecimal() and len(given) < 6 else 0
