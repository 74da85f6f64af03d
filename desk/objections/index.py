"""The objections, those first whose outcome would change most: a better grade before a lower count.

Open ones are sorted so, within the same gain by their last day; closed ones by number.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import current_officer, requires
from accounts.roles import Can
from appeals.objection_deadlines import Clock, clock, limits
from appeals.objection_effects import IfUpheld, if_upheld
from appeals.objection_enums import OPEN_STATES, ObjectionState
from appeals.objection_models import Objection
from desk.deadlines import Due, due
from desk.objections.case import READERS
from desk.objections.steps import TAGS

ROWS = 50
MOST = 300  # open ones at once; the sorting weighs each of them
_STATES = {
    "open": ("在办", Q(state__in=OPEN_STATES)),
    "decided": ("待答复", Q(state=ObjectionState.DECIDED)),
    "done": ("已答复", Q(state=ObjectionState.ANSWERED)),
    "closed": ("未认定即结束", Q(state__in=("not_accepted", "withdrawn", "overtaken"))),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row: how it stands, and what would change if it were upheld."""

    objection: Objection
    tag: str
    clock: Clock | None = None
    due: Due | None = None
    effect: IfUpheld | None = None


@requires(*READERS)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Those this officer may see."""
    officer = current_officer(request)
    rows = Objection.objects.visible_to(officer)
    state = request.GET.get("state", "open")
    if state not in _STATES:
        state = "open"
    mine = "mine" in request.GET
    if mine:
        rows = rows.filter(handler=officer)
    counts = rows.order_by().aggregate(
        **{name: Count("pk", filter=q, distinct=True) for name, (_, q) in _STATES.items()}
    )
    lines = lines_of(rows.filter(_STATES[state][1]), is_open=state == "open")
    context = {
        "states": [(name, label, counts[name]) for name, (label, _) in _STATES.items()],
        "state": state,
        "mine": mine,
        "rows": lines[:ROWS],
        "total": counts[state],
        "may_file": officer.may(Can.HANDLE_APPEAL),
    }
    return render(request, "desk/objections/list.html", context)


def lines_of(rows: QuerySet[Objection], *, is_open: bool) -> list[Line]:
    """With clocks and effects; a fixed number of queries for any number of rows."""
    rows = rows.select_related("subject", "handler").prefetch_related(
        "claims", "pauses", "statements__unit"
    )
    if not is_open:
        found = rows.order_by("-pk")[:ROWS]
        return [Line(one, TAGS.get(ObjectionState(one.state), "")) for one in found]
    limit, objections = limits(), list(rows.order_by("received_on", "pk")[:MOST])
    effects = if_upheld(objections)
    lines = []
    for one in objections:
        stands = clock(one, limit=limit)
        tag = TAGS.get(ObjectionState(one.state), "")
        lines.append(Line(one, tag, stands, due(stands.deadline), effects[one.pk]))
    return sorted(lines, key=_order)


def _order(line: Line) -> tuple[object, ...]:
    assert line.effect is not None
    assert line.clock is not None
    steps, reached, records = line.effect.gain
    return (-steps, -reached, -records, line.clock.deadline.day, line.objection.pk)
