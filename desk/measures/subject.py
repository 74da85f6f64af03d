"""The measures of one organisation: what holds, what held, and what was done under them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import check
from accounts.models import Officer
from accounts.roles import Can
from core import audit
from core.clock import today
from desk.measures.forms import HandlingForm
from desk.measures.past import past_of
from grading import selectors
from grading.selectors import View
from sanctions.catalogue import chapter_for
from sanctions.measure_answers import last_day
from sanctions.measure_enums import HandlingKind, MeasureState
from sanctions.measure_handling import record_handling
from sanctions.measure_handling_models import Handling, Improvement
from sanctions.measure_models import SubjectMeasure
from sanctions.measure_selectors import in_force, of_subjects
from subjects.models import Subject
from violations.errors import InvalidDecision

SHOWN = 200
CARD_HANDLINGS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One open measure; ``outside`` says whether others may know of it."""

    row: SubjectMeasure
    outside: bool


def card(subject: Subject, view: View, officer: Officer) -> dict[str, Any]:
    """What the credit file shows: ``measures`` for ``desk/_subject_measures.html``."""
    grade = view.now.decided.grade
    return {
        "chapter": chapter_for(grade),
        "lines": _open_lines(subject, grade, view.day),
        "until": last_day(view.facts, view.now),
        "handlings": list(_handlings(subject)[:CARD_HANDLINGS]),
        "may_record": officer.may(Can.RECORD_HANDLING),
    }


def _open_lines(subject: Subject, grade: str, day: date) -> list[Line]:
    """Open rows of both sights that fit the grade of today, as the catalogue has them today."""
    outside = {
        row.measure_id for row in in_force([subject.pk], day, disclosable=True).get(subject.pk, [])
    }
    rows = of_subjects([subject.pk]).filter(ended_on__isnull=True)
    return [
        Line(row, row.measure_id in outside)
        for row in rows
        if row.measure.holds_on(day)
        and (row.measure.grade == grade or row.state == MeasureState.SUSPENDED)
    ]


def _handlings(subject: Subject) -> Any:
    return Handling.objects.filter(subject=subject).select_related("measure", "unit", "recorded_by")


def _subject(pk: int) -> Subject:
    return get_object_or_404(Subject.objects.select_related("unit_in_charge"), pk=pk)


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Everything that was ever applied, with beginning, cause and end."""
    officer = check(request, Can.SEE_REGISTER)
    subject = _subject(pk)
    if subject.merged_into_id:
        return redirect("desk:subject-measures", pk=subject.survivor_id)
    audit.record(actor=officer, action="subject.view", target=subject, details={"part": "measures"})
    view = selectors.view(subject.pk)
    context = {
        "subject": subject,
        "tab": "measures",
        "now": view.now,
        "regrading": selectors.is_being_regraded(subject.pk),
        "measures": card(subject, view, officer),
        "outside_grade": view.both.disclosable.decided.grade,
        "past": past_of(subject, at_most=SHOWN),
        "handlings": list(_handlings(subject)[:SHOWN]),
        "improvements": list(Improvement.objects.filter(subject=subject).order_by("-id")[:20]),
        "may_audit": officer.may(Can.READ_AUDIT),
        "may_issue_paper": officer.may(Can.ISSUE_PAPER),
    }
    return render(request, "desk/measures/subject.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Write down one thing that was done; ``?kind=decision`` comes from a restriction's warning."""
    officer = check(request, Can.RECORD_HANDLING)
    subject = _subject(pk)
    if subject.merged_into_id:
        return redirect("desk:handling-new", pk=subject.survivor_id)
    view = selectors.view(subject.pk)
    lines = _open_lines(subject, view.now.decided.grade, view.day)
    restrictions = [line.row.measure for line in lines if line.row.measure.is_restriction]
    first = {"kind": request.GET.get("kind", "")[:12], "done_on": today()}
    form = HandlingForm(
        request.POST if request.method == "POST" else None,
        initial=first,
        clauses=[(one.clause, f"{one.clause} {one.words}") for one in restrictions],
    )
    if request.method == "POST":
        data = form.handling_input()
        if not form.errors:
            try:
                made = record_handling(officer=officer, subject=subject, data=data)
            except InvalidDecision as refused:
                form.add_faults(refused.faults)
            else:
                messages.success(request, f"已登记 {made.get_kind_display()}，在信用档案中可见。")
                return redirect("desk:subject-measures", pk=pk)
    return _form(request, form, subject, lines)


def _form(
    request: HttpRequest, form: HandlingForm, subject: Subject, lines: list[Line]
) -> HttpResponse:
    context = {
        "form": form,
        "subject": subject,
        "lines": lines,
        "faults": form.summary(),
        "decision": HandlingKind.DECISION.value,
    }
    return render(request, "desk/measures/handling.html", context)
