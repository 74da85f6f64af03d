"""Who is to be told and was not yet, what stood in the way, and what was taken over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import check
from accounts.models import Officer, Unit
from accounts.roles import Can
from core.clock import today
from desk.deadlines import Due as ShownDue
from desk.deadlines import due as shown_due
from desk.notices.forms import AttemptForm
from sanctions.notice_after import record_attempt
from sanctions.notice_due import (
    Due,
    due_decisions,
    due_entries,
    of_officer,
    taken_over,
    tasks,
    unserved,
    with_dates,
)
from sanctions.notice_enums import NoticeState
from sanctions.notice_models import NoticeCause
from sanctions.notice_tasks import why_late
from violations.errors import InvalidDecision
from violations.models import Decision, ListEntry

SHOWN = 200
ROWS = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One record to be told of: by when, why it is late, and the draft that was begun."""

    due: Due
    shown: ShownDue
    late_because: str
    draft_id: int | None
    may_register: bool

    @property
    def query(self) -> str:
        name = "decision" if self.due.decision else "entry"
        return f"{name}={self.due.record.pk}"


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The own unit's, for the office all: overdue ones first, as their deadlines are earliest."""
    officer = check(request, Can.RECORD_NOTICE, Can.KEEP_NOTICES)
    day = today()
    found = tasks(officer, day)
    units = sorted({one.decision.unit.name for one in found if one.decision})
    chosen = request.GET.get("unit", "")
    if chosen in units:
        found = [one for one in found if one.decision and one.decision.unit.name == chosen]
    late = [one for one in found if one.is_late(day)]
    only_late = request.GET.get("only") == "late"
    listed = (late if only_late else found)[:SHOWN]
    waiting = of_officer(officer, unserved(day)).select_related("subject", "unit")
    context = {
        "lines": _lines(officer, listed),
        "total": len(found),
        "late": len(late),
        "only_late": only_late,
        "shown": SHOWN,
        "unserved": list(waiting.order_by("decided_on", "pk")[:ROWS]),
        "is_office": officer.may(Can.KEEP_NOTICES),
        "units": units if officer.may(Can.KEEP_NOTICES) else [],
        "unit": chosen,
    }
    return render(request, "desk/notices/due.html", context)


def _lines(officer: Officer, listed: list[Due]) -> list[Line]:
    decisions = [one.record.pk for one in listed if one.decision]
    entries = [one.record.pk for one in listed if one.entry]
    begun = NoticeCause.objects.filter(notice__state=NoticeState.DRAFT, notice__unit=officer.unit)
    by_decision = dict(begun.filter(decision__in=decisions).values_list("decision_id", "notice_id"))
    by_entry = dict(begun.filter(list_entry__in=entries).values_list("list_entry_id", "notice_id"))
    day = today()
    return [
        Line(
            one,
            shown_due(one.deadline),
            why_late(one) if one.is_late(day) or one.attempts else "",
            (by_decision if one.decision else by_entry).get(one.record.pk),
            one.decision is None or one.decision.unit_id == officer.unit_id,
        )
        for one in listed
    ]


@require_safe
def taken_over_list(request: HttpRequest) -> HttpResponse:
    """Records that were taken over and still count: no task, one list for the office."""
    officer = check(request, Can.KEEP_NOTICES)
    units = [(unit.code, unit.name) for unit in Unit.objects.filter(is_active=True)]
    rows = taken_over(today())
    unit = request.GET.get("unit", "")
    if unit in {code for code, _ in units}:
        rows = rows.filter(unit__code=unit)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    shown = list(rows.select_related("subject", "unit").order_by("-pk")[: ROWS + 1])
    context = {
        "rows": shown[:ROWS],
        "older": shown[ROWS - 1].pk if len(shown) > ROWS else None,
        "units": units,
        "unit": unit,
        "officer": officer,
    }
    return render(request, "desk/notices/taken_over.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def attempt(request: HttpRequest) -> HttpResponseBase:
    """Note why the party could not be told; 404 for what is not due or not the own unit's."""
    officer = check(request, Can.RECORD_NOTICE)
    if not (request.GET.get("decision") or request.GET.get("entry")):
        messages.info(request, "请从待办中选择未能提醒的记录。")
        return redirect("desk:notices-due")
    record = _record(request, officer)
    form = AttemptForm(request.POST or None, initial={"on": today()})
    if request.method == "POST" and form.is_valid():
        try:
            record_attempt(
                officer=officer,
                decision_id=record.pk if isinstance(record, Decision) else None,
                entry_id=record.pk if isinstance(record, ListEntry) else None,
                **form.values(),
            )
        except InvalidDecision as refused:
            form.add_faults(refused.faults)
        else:
            messages.success(request, "已登记未能提醒的情况，该项仍为待办。")
            return redirect("desk:notices-due")
    context: dict[str, Any] = {
        "form": form,
        "record": record,
        "is_decision": isinstance(record, Decision),
        "attempts": record.notice_attempts.select_related("recorded_by"),
        "due": shown_due(_due_of(record).deadline),
        "faults": form.summary() if form.is_bound else [],
    }
    status = 400 if form.is_bound else 200
    return render(request, "desk/notices/attempt.html", context, status=status)


def _record(request: HttpRequest, officer: Officer) -> Decision | ListEntry:
    day = today()
    asked = {name: request.GET.get(name, "") for name in ("decision", "entry")}
    if asked["decision"].isdecimal() and len(asked["decision"]) < 19:
        own = due_decisions(day).filter(unit=officer.unit_id).select_related("subject")
        found: Decision | ListEntry | None = own.filter(pk=int(asked["decision"])).first()
    elif asked["entry"].isdecimal() and len(asked["entry"]) < 19 and officer.may(Can.KEEP_NOTICES):
        rows = due_entries(day).select_related("subject")
        found = rows.filter(pk=int(asked["entry"])).first()
    else:
        found = None
    if found is None:
        raise Http404
    return found


def _due_of(record: Decision | ListEntry) -> Due:
    rows = type(record)._default_manager.filter(pk=record.pk)
    (found,) = with_dates(rows, today())
    return found
