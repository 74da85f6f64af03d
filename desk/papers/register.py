"""The register of papers: what was issued, by whom, to whom, and whether it was served.

Read by key: the next page begins after the last paper shown, however long the register grows.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import current_officer, requires
from accounts.models import Officer, Unit
from accounts.roles import Can
from core import settings_table
from core.workdays import deadline_after
from desk.deadlines import Due, due
from desk.lists.index import Control
from desk.papers.access import READERS
from sanctions.models import Paper
from sanctions.paper_kinds import KINDS

ROWS = 50
TO_SERVE = [kind.code for kind in KINDS if kind.to_serve]
STATES: dict[str, tuple[str, Q]] = {
    "waiting": (
        "待送达",
        Q(served_on__isnull=True, superseded_by__isnull=True, kind__in=TO_SERVE),
    ),
    "served": ("已送达", Q(served_on__isnull=False)),
    "replaced": ("已重新出具", Q(superseded_by__isnull=False)),
}


@requires(*READERS)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The papers this officer may see, the latest first."""
    officer = current_officer(request)
    controls = _controls(request, officer)
    rows = _searched(Paper.objects.visible_to(officer), request.GET.get("q", "").strip())
    rows = rows.filter(**_chosen(controls))
    counts = rows.order_by().aggregate(
        total=Count("pk"), **{name: Count("pk", filter=q) for name, (_, q) in STATES.items()}
    )
    state = request.GET.get("state", "")
    if state in STATES:
        rows = rows.filter(STATES[state][1])
    shown = _page(rows, request.GET.get("before", ""))
    context = {
        "rows": _with_due(shown[:ROWS]),
        "older": shown[ROWS - 1].pk if len(shown) > ROWS else None,
        "state": state,
        "states": [
            ("", "全部", counts["total"]),
            *((name, label, counts[name]) for name, (label, _) in STATES.items()),
        ],
        "controls": controls,
        "q": request.GET.get("q", "").strip(),
        "may_issue": officer.may(Can.ISSUE_PAPER),
        "may_keep_texts": officer.may(Can.KEEP_TEXTS),
    }
    return render(request, "desk/papers/index.html", context)


def _searched(rows: QuerySet[Paper], words: str) -> QuerySet[Paper]:
    """By a piece of the number, or of the organisation's name or code."""
    if not words:
        return rows
    return rows.filter(
        Q(number__icontains=words)
        | Q(subject__name__icontains=words)
        | Q(subject__credit_code__icontains=words)
    )


def _page(rows: QuerySet[Paper], before: str) -> list[Paper]:
    """One row more than is shown says that there are older ones."""
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    rows = rows.select_related("subject", "unit").defer("content", "texts")
    return list(rows.order_by("-pk")[: ROWS + 1])


def _with_due(papers: list[Paper]) -> list[tuple[Paper, Due | None]]:
    days = settings_table.integer("paper_serve_working_days")
    return [(paper, serve_due(paper, days)) for paper in papers]


def serve_due(paper: Paper, days: int | None = None) -> Due | None:
    """By when it is to be served; None where it was, or where nobody has to."""
    if paper.served_on or paper.is_superseded or paper.kind not in TO_SERVE:
        return None
    limit = settings_table.integer("paper_serve_working_days") if days is None else days
    return due(deadline_after(paper.issued_on, limit))


def _controls(request: HttpRequest, officer: Officer) -> list[Control]:
    choices: list[tuple[str, str, list[tuple[str, str]]]] = [
        ("kind", "文书种类", [(kind.code, kind.label) for kind in KINDS])
    ]
    if officer.may(Can.SEE_ALL_DECISIONS):
        units = [(unit.code, unit.name) for unit in Unit.objects.filter(is_active=True)]
        choices.append(("unit", "出具单位", units))
    controls = []
    for name, label, values in choices:
        given = request.GET.get(name, "")
        value = given if given in {one for one, _ in values} else ""
        controls.append(Control(name, label, values, value))
    return controls


def _chosen(controls: list[Control]) -> dict[str, Any]:
    columns = {"kind": "kind", "unit": "unit__code"}
    return {columns[one.name]: one.value for one in controls if one.value}
