"""The register: reminders and interviews of the own unit, all of them for the office (5-5).

Read by key: the next page begins after the last row shown. Names and phones stand on no list.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import check
from accounts.models import Officer, Unit
from accounts.roles import Can
from desk.notices.course import next_of
from sanctions.notice_enums import NoticeState, Way
from sanctions.notice_fallen import standing, with_fallen
from sanctions.notice_models import Notice, NoticeQuerySet
from subjects import credit_codes
from violations.form_fields import parse_day

ROWS = 50
MAX_QUERY = 100
READERS = (Can.RECORD_NOTICE, Can.KEEP_NOTICES, Can.SEE_ALL_DECISIONS)
TAGS = {
    NoticeState.DRAFT: "",
    NoticeState.REPORTED: "info",
    NoticeState.RETURNED: "warn",
    NoticeState.KEPT: "ok",
    NoticeState.CANCELLED: "",
}
STATES = (("", "全部"), *NoticeState.choices, ("push", "待定是否推送"))


@dataclass(frozen=True, slots=True)
class Control:
    """One filter, as ``desk/_filter_select.html`` draws it."""

    name: str
    label: str
    values: list[tuple[str, str]]
    value: str
    hint: str = ""


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Filters stand in the address: way, state, unit, organisation, days."""
    officer = check(request, *READERS)
    controls = _controls(request, officer)
    query = request.GET.get("q", "")[:MAX_QUERY].strip().replace("\x00", "")
    rows, notes = _between(request, _chosen(officer, controls, query))
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    papers = ("paper__superseded_by", "record_paper__superseded_by")
    rows = rows.defer("phone").select_related("subject", "unit", *papers).order_by("-pk")
    shown = list(with_fallen(rows)[: ROWS + 1])
    context = {
        "rows": [(row, TAGS[NoticeState(row.state)], next_of(row)) for row in shown[:ROWS]],
        "older": shown[ROWS - 1].pk if len(shown) > ROWS else None,
        "controls": controls,
        "query": query,
        "since": request.GET.get("from", "")[:20],
        "until": request.GET.get("to", "")[:20],
        "notes": notes,
        "is_office": officer.may(Can.KEEP_NOTICES),
        "may_record": officer.may(Can.RECORD_NOTICE),
    }
    return render(request, "desk/notices/list.html", context)


def _controls(request: HttpRequest, officer: Officer) -> list[Control]:
    choices: list[tuple[str, str, list[tuple[str, str]]]] = [
        ("way", "方式", [(str(value), str(label)) for value, label in Way.choices]),
        ("state", "状态", [(value, str(label)) for value, label in STATES if value]),
    ]
    if officer.may(Can.KEEP_NOTICES) or officer.may(Can.SEE_ALL_DECISIONS):
        units = [(unit.code, unit.name) for unit in Unit.objects.filter(is_active=True)]
        choices.append(("unit", "登记单位", units))
    controls = []
    for name, label, values in choices:
        given = request.GET.get(name, "")
        value = given if given in {one for one, _ in values} else ""
        controls.append(Control(name, label, values, value))
    return controls


def _chosen(officer: Officer, controls: list[Control], query: str) -> NoticeQuerySet:
    rows = Notice.objects.visible_to(officer)
    value = {one.name: one.value for one in controls if one.value}
    if "way" in value:
        rows = rows.filter(way=value["way"])
    if value.get("state") == "push":
        rows = standing(rows.filter(state=NoticeState.KEPT, push=""))
    elif "state" in value:
        rows = rows.filter(state=value["state"])
    if "unit" in value:
        rows = rows.filter(unit__code=value["unit"])
    if query:
        code = credit_codes.normalise(query)
        rows = rows.filter(
            Q(subject__name__icontains=query) | Q(subject__credit_code__startswith=code)
        )
    return rows


def _between(request: HttpRequest, rows: NoticeQuerySet) -> tuple[NoticeQuerySet, list[str]]:
    """Those that took place in the days asked for; what cannot be read is said and left out."""
    notes = []
    for name, column in (("from", "held_on__gte"), ("to", "held_on__lte")):
        try:
            day = parse_day(request.GET.get(name, "")[:20])
        except ValueError as fault:
            notes.append(str(fault))
            continue
        if day is not None:
            rows = rows.filter(**{column: day})
    return rows, notes
