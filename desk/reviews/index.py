"""All reviews: what is open, what waits, what was decided and how; read by key."""

from __future__ import annotations

import re

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.roles import Can
from core.settings_table import integer
from desk.deadlines import Due, due
from desk.lists.index import Control
from grading.models import Flag, Outcome, Review, ReviewRequest, ReviewState
from grading.review_clock import decide_by

READS = (Can.PROPOSE_REVIEW, Can.DECIDE_REVIEW, Can.READ_AUDIT)
ROWS = 50
_NUMBER = re.compile(r"(?:FH-\d{4}-)?0*(\d{1,9})$", re.IGNORECASE)
STATES: dict[str, tuple[str, str]] = {
    "open": ("待提出意见", "warn"),
    "waiting": ("等待单位", "info"),
    "proposed": ("待复核人审批", "info"),
    "decided": ("已办结", "ok"),
    "lapsed": ("自动结束", ""),
}


def standing_of(review: Review) -> str:
    """Of STATES; of prefetched requests without a query."""
    if review.state == ReviewState.OPEN and review.waiting():
        return "waiting"
    return str(review.state)


def due_of(review: Review, days: int) -> Due | None:
    return due(decide_by(review, days)) if review.is_open else None


@requires(*READS)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The latest first; a number finds its review."""
    rows = Review.objects.all()
    number = request.GET.get("q", "").strip()
    if number:
        found = _NUMBER.match(number)
        rows = rows.filter(pk=int(found[1])) if found else rows.filter(subject__name=number)
    controls = _controls(request)
    rows = rows.filter(**{one.name: one.value for one in controls if one.value})
    states = _states()
    counts = rows.order_by().aggregate(
        total=Count("pk"), **{f"n_{name}": Count("pk", filter=q) for name, q in states.items()}
    )
    state = request.GET.get("state", "")
    if state in states:
        rows = rows.filter(states[state])
    shown = _page(rows, request.GET.get("before", ""))
    days = integer("review_working_days")
    context = {
        "rows": [(row, STATES[standing_of(row)], due_of(row, days)) for row in shown[:ROWS]],
        "older": shown[ROWS - 1].pk if len(shown) > ROWS else None,
        "state": state,
        "states": [
            ("", "全部", counts["total"]),
            *((name, STATES[name][0], counts[f"n_{name}"]) for name in states),
        ],
        "controls": controls,
        "q": number,
    }
    return render(request, "desk/reviews/index.html", context)


def _states() -> dict[str, Q]:
    asked = ReviewRequest.objects.filter(review=OuterRef("pk"), ended_at__isnull=True)
    waiting = Q(Exists(asked))
    return {
        "open": Q(state=ReviewState.OPEN) & ~waiting,
        "waiting": Q(state=ReviewState.OPEN) & waiting,
        "proposed": Q(state=ReviewState.PROPOSED),
        "decided": Q(state=ReviewState.DECIDED),
        "lapsed": Q(state=ReviewState.LAPSED),
    }


def _page(rows: QuerySet[Review], before: str) -> list[Review]:
    """One row more than is shown says that there are older ones."""
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    rows = rows.select_related("subject__standing", "handler", "decided_by")
    return list(rows.prefetch_related("requests__unit").order_by("-pk")[: ROWS + 1])


def _controls(request: HttpRequest) -> list[Control]:
    choices: list[tuple[str, str, list[tuple[str, str]]]] = [
        ("flag", "事由", [(str(v), str(label)) for v, label in Flag.choices]),
        ("outcome", "处理意见", [(str(v), str(label)) for v, label in Outcome.choices]),
    ]
    controls = []
    for name, label, values in choices:
        given = request.GET.get(name, "")
        value = given if given in {one for one, _ in values} else ""
        controls.append(Control(name, label, values, value))
    return controls
