"""Checklists after a better grade: measures lifted, everybody told, and the good-news letter."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import check
from accounts.models import Officer
from accounts.roles import Can
from core.clock import today
from core.settings_table import integer
from desk.deadlines import due as looks
from desk.measures.forms import StepForm
from sanctions.measure_enums import StepKind
from sanctions.measure_handling_models import Improvement
from sanctions.measure_improvements import due, lifted, note_step, units_to_tell, visible_to
from sanctions.measure_letters import issue_letter, letters_of
from sanctions.papers import may_issue
from violations.errors import InvalidDecision, NotAllowed

SHOWN = 100
_WORKS = (Can.RECORD_HANDLING, Can.KEEP_MEASURES)


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Those still open, the earliest first, or with ``?done=1`` the latest that are closed."""
    officer = check(request, *_WORKS)
    done = request.GET.get("done") == "1"
    rows = visible_to(officer).filter(closed_on__isnull=not done)
    rows = rows.order_by("-closed_on", "-id") if done else rows.order_by("improved_on", "id")
    shown, days = list(rows[: SHOWN + 1]), integer("improvement_working_days")
    context = {
        "rows": [(row, None if done else looks(due(row, days=days))) for row in shown[:SHOWN]],
        "more": len(shown) > SHOWN,
        "done": done,
    }
    return render(request, "desk/measures/improvements.html", context)


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    officer = check(request, *_WORKS)
    return _page(request, officer, _visible(officer, pk))


@require_POST
def tell(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """One step of the list is done."""
    officer = check(request, *_WORKS)
    improvement = _visible(officer, pk)
    form = StepForm(request.POST)
    values = form.values()
    if not form.errors:
        try:
            note_step(
                officer=officer,
                improvement_id=pk,
                kind=kind,
                told=values["told"],
                way=values["way"],
                done_on=values["done_on"],
            )
        except InvalidDecision as refused:
            form.add_faults(refused.faults)
        else:
            messages.success(request, "已登记告知情况。")
            return redirect("desk:improvement", pk=pk)
    return _page(request, officer, improvement, kind, form)


@require_POST
def letter(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Issue the good-news letter in the name of the own unit."""
    officer = check(request, Can.ISSUE_PAPER)
    improvement = _visible(officer, pk)
    try:
        paper = issue_letter(officer=officer, improvement=improvement)
    except (InvalidDecision, NotAllowed) as refused:
        messages.warning(request, str(refused))
        return redirect("desk:improvement", pk=pk)
    messages.success(request, f"已出具 {paper.number}，请送达当事人。")
    return redirect("desk:paper", pk=paper.pk)


def _visible(officer: Officer, pk: int) -> Improvement:
    return get_object_or_404(visible_to(officer), pk=pk)


def _page(
    request: HttpRequest,
    officer: Officer,
    improvement: Improvement,
    kind: str = "",
    form: StepForm | None = None,
) -> HttpResponse:
    done = {step.kind: step for step in improvement.steps.select_related("done_by")}
    units = units_to_tell(improvement)
    first = {
        StepKind.PARTY: improvement.subject.name,
        StepKind.UNITS: "、".join(unit.name for unit in units),
    }
    steps = [
        (
            one,
            done.get(one.value),
            form
            if form is not None and one.value == kind
            else StepForm(
                initial={"told": first.get(one, ""), "done_on": today()},
                prefix=None,
                auto_id=f"id_{one.value}_%s",
            ),
        )
        for one in StepKind
    ]
    context = {
        "improvement": improvement,
        "subject": improvement.subject,
        "lifted": lifted(improvement),
        "units": units,
        "steps": steps,
        "due": None if improvement.closed_on else looks(due(improvement)),
        "letters": letters_of(improvement),
        "may_issue": may_issue(officer, officer.unit) and not improvement.closed_on,
        "faults": form.summary() if form is not None else [],
    }
    return render(request, "desk/measures/improvement.html", context)
