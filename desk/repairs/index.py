"""All applications for repair: by state, with what happens next and by when."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import current_officer, requires
from accounts.roles import Can
from appeals.repair_deadlines import Periods, due_now
from appeals.repair_enums import OPEN_STATES, RepairState
from appeals.repair_models import Repair
from appeals.repair_tasks import waits_for
from desk.deadlines import due
from desk.repairs.acts import READERS

ROWS = 50
OPEN = "open"


@requires(*READERS)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The cases this officer may see, the latest first; open ones unless another state is asked."""
    officer, periods = current_officer(request), Periods()
    rows = Repair.objects.visible_to(officer)
    wanted = {OPEN: Q(state__in=OPEN_STATES)} | {
        state.value: Q(state=state) for state in RepairState
    }
    counts = rows.order_by().aggregate(
        **{f"n_{name}": Count("pk", filter=one) for name, one in wanted.items()}
    )
    state = request.GET.get("state", OPEN)
    state = state if state in wanted else OPEN
    shown = _page(rows.filter(wanted[state]), request.GET.get("before", ""))
    labels = {OPEN: "在办"} | {one.value: one.label for one in RepairState}
    context = {
        "rows": [
            (repair, due(last) if (last := due_now(repair, periods)) else None, waits_for(repair))
            for repair in shown[:ROWS]
        ],
        "older": shown[ROWS - 1].pk if len(shown) > ROWS else None,
        "state": state,
        "states": [
            (name, labels[name], counts[f"n_{name}"])
            for name in wanted
            if counts[f"n_{name}"] or name in (OPEN, state)
        ],
        "handles": officer.may(Can.HANDLE_APPEAL),
    }
    return render(request, "desk/repairs/index.html", context)


def _page(rows: QuerySet[Repair], before: str) -> list[Repair]:
    """One row more than is shown says that there are older ones."""
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    rows = rows.select_related("subject", "handler").prefetch_related("pauses", "items__unit")
    return list(rows.order_by("-pk")[: ROWS + 1])
