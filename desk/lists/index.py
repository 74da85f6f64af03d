"""Both lists on one page: by list, state, unit in charge, industry, and terms that end soon.

Read by key: the next page begins after the last entry shown, however long the lists grow.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import current_officer, requires
from accounts.models import Unit
from accounts.roles import Can
from core.clock import today
from core.settings_table import integer
from desk.lists.steps import STANDINGS, next_of, standing
from subjects.enums import Industry
from violations.enums import ListKind, ListState
from violations.models import ListEntry

ROWS = 50
SOON_DAYS = 30


@dataclass(frozen=True, slots=True)
class Control:
    """One filter, as ``desk/_filter_select.html`` draws it."""

    name: str
    label: str
    values: list[tuple[str, str]]
    value: str
    hint: str = ""


def ends_soon(day: date) -> Q:
    """In force, with at most SOON_DAYS left."""
    return _in_force(day) & Q(expires_on__lte=day + timedelta(days=SOON_DAYS))


def _in_force(day: date) -> Q:
    return Q(state=ListState.PUBLISHED, listed_on__lte=day, expires_on__gte=day) & (
        Q(removed_on__isnull=True) | Q(removed_on__gt=day)
    )


def _standings(day: date) -> dict[str, Q]:
    published = Q(state=ListState.PUBLISHED)
    removed = published & Q(removed_on__lte=day)
    return {
        "proposed": Q(state=ListState.PROPOSED),
        "coming": published & Q(listed_on__gt=day),
        "in_force": _in_force(day),
        "soon": ends_soon(day),
        "removed": removed,
        "expired": published
        & Q(expires_on__lt=day)
        & (Q(removed_on__isnull=True) | Q(removed_on__gt=day)),
        "revoked": Q(state=ListState.REVOKED),
        "withdrawn": Q(state=ListState.WITHDRAWN),
    }


@requires(Can.SEE_REGISTER)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The entries this officer may see, the latest entered first."""
    officer, day = current_officer(request), today()
    controls = _controls(request)
    rows = ListEntry.objects.visible_to(officer).filter(**_chosen(controls))
    states = _standings(day)
    if not officer.may(Can.SEE_ALL_DECISIONS):
        states = {name: q for name, q in states.items() if name not in ("proposed", "withdrawn")}
    counts = rows.order_by().aggregate(
        total=Count("pk"), **{name: Count("pk", filter=q) for name, q in states.items()}
    )
    state = request.GET.get("state", "")
    if state in states:
        rows = rows.filter(states[state])
    shown = _page(rows, request.GET.get("before", ""))
    approval = integer("list_approval_working_days")
    labels = {name: label for name, (label, _) in STANDINGS.items()} | {"soon": "30 天内到期"}
    context = {
        "rows": [(row, STANDINGS[standing(row)], next_of(row, approval)) for row in shown[:ROWS]],
        "older": shown[ROWS - 1].pk if len(shown) > ROWS else None,
        "state": state,
        "states": [
            ("", "全部", counts["total"]),
            *((name, labels[name], counts[name]) for name in states),
        ],
        "controls": controls,
        "may_propose": officer.may(Can.PROPOSE_LIST_ENTRY),
        "may_keep": officer.may(Can.KEEP_CATALOGUES),
    }
    return render(request, "desk/lists/index.html", context)


def _page(rows: QuerySet[ListEntry], before: str) -> list[ListEntry]:
    """One row more than is shown says that there are older ones."""
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    rows = rows.select_related("subject", "subject__unit_in_charge")
    return list(rows.prefetch_related("objections").order_by("-pk")[: ROWS + 1])


def _controls(request: HttpRequest) -> list[Control]:
    units = [(unit.code, unit.name) for unit in Unit.objects.filter(is_active=True)]
    choices: list[tuple[str, str, list[tuple[str, str]]]] = [
        ("list", "名单", [(str(v), str(label)) for v, label in ListKind.choices]),
        ("unit", "归口单位", units),
        ("industry", "行业", [(str(v), str(label)) for v, label in Industry.choices]),
    ]
    controls = []
    for name, label, values in choices:
        given = request.GET.get(name, "")
        value = given if given in {one for one, _ in values} else ""
        controls.append(Control(name, label, values, value))
    return controls


def _chosen(controls: list[Control]) -> dict[str, str]:
    columns = {
        "list": "list",
        "unit": "subject__unit_in_charge__code",
        "industry": "subject__industry",
    }
    return {columns[one.name]: one.value for one in controls if one.value}
