"""The visits of one's unit, or of all, by state, person and what is missing."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import check
from accounts.models import Officer, Unit
from accounts.roles import Can
from core.clock import today
from desk.deadlines import due
from desk.inspections.common import READERS, SHOWN_PAGE, number, tabs_for
from desk.lists.index import Control
from sanctions.inspection_enums import FOUND, Reason, VisitState
from sanctions.inspection_models import Inspection, InspectionQuerySet
from sanctions.inspection_visits import to_reassign
from subjects import credit_codes

STATES = (
    ("", "待检查"),
    ("late", "逾期"),
    ("reassign", "缺检查人员"),
    ("done", "已检查"),
    ("found", "发现问题"),
    ("excused", "不再检查"),
    ("all", "全部"),
)
MAX_QUERY = 100
COLUMNS = {"reason": "reason", "grade": "grade", "unit": "unit__code"}


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The address holds state, filters and page."""
    officer = check(request, *READERS)
    asked = request.GET
    state = asked.get("state", "") if asked.get("state", "") in dict(STATES) else ""
    mine, plan = asked.get("mine") == "1", number(request, "plan")
    query = asked.get("q", "")[:MAX_QUERY].strip().replace("\x00", "")
    controls = _controls(request, officer)
    rows = _of_state(Inspection.objects.visible_to(officer), state)
    chosen = [(COLUMNS[one.name], one.value) for one in controls if one.value]
    rows = rows.filter(**{column: "" if value == "n" else value for column, value in chosen})
    if mine:
        rows = rows.filter(Q(first=officer.pk) | Q(second=officer.pk))
    if plan is not None:
        rows = rows.filter(plan=plan)
    if query:
        code = credit_codes.normalise(query)
        rows = rows.filter(
            Q(subject__name__icontains=query) | Q(subject__credit_code__startswith=code)
        )
    order = ("-visited_on", "-pk") if state in ("done", "found") else ("due_on", "pk")
    rows = rows.select_related("subject", "unit", "first", "second").order_by(*order)
    page = Paginator(rows, SHOWN_PAGE).get_page(asked.get("page"))
    may_plan = officer.may(Can.PLAN_INSPECTION)
    context = {
        "tabs": tabs_for(officer),
        "here": "desk:inspections",
        "page": page,
        "rows": [(one, due(one.due_on) if one.is_open else None) for one in page],
        "state": state,
        "states": STATES,
        "mine": mine,
        "plan": plan,
        "query": query,
        "controls": controls,
        "may_plan": may_plan,
        "may_record": officer.may(Can.RECORD_INSPECTION),
        "leavers": _leavers() if may_plan and state == "reassign" else [],
    }
    return render(request, "desk/inspections/index.html", context)


def _of_state(rows: InspectionQuerySet, state: str) -> InspectionQuerySet:
    opened = rows.filter(state=VisitState.OPEN)
    if state == "late":
        return opened.filter(due_on__lt=today())
    if state == "reassign":
        return opened.filter(pk__in=to_reassign().values("pk"))
    if state == "done":
        return rows.filter(state=VisitState.DONE)
    if state == "found":
        return rows.filter(state=VisitState.DONE, outcome__in=sorted(FOUND))
    if state == "excused":
        return rows.filter(state=VisitState.EXCUSED)
    return rows if state == "all" else opened


def _controls(request: HttpRequest, officer: Officer) -> list[Control]:
    choices: list[tuple[str, str, list[tuple[str, str]]]] = [
        ("reason", "事由", [(str(value), str(label)) for value, label in Reason.choices]),
        ("grade", "等级", [("A", "A 级"), ("B", "B 级"), ("C", "C 级"), ("n", "未定级")]),
    ]
    if officer.may(Can.SEE_ALL_DECISIONS):
        units = list(Unit.objects.filter(is_active=True).values_list("code", "name"))
        choices.append(("unit", "检查单位", units))
    found = []
    for name, label, values in choices:
        given = request.GET.get(name, "")
        found.append(Control(name, label, values, given if given in dict(values) else ""))
    return found


def _leavers() -> list[Officer]:
    """Officers who hold open visits and left, or moved to another unit."""
    waiting = to_reassign()
    ids: set[int] = set()
    for place in ("first", "second"):
        moved = ~Q(**{f"{place}__unit": F("unit")}) | Q(**{f"{place}__is_active": False})
        held = waiting.filter(moved, **{f"{place}__isnull": False})
        ids |= set(held.values_list(place, flat=True))
    return list(Officer.objects.filter(pk__in=ids).order_by("number"))
