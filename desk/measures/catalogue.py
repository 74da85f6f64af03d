"""The catalogue: every clause of chapter four, its basis and term, and whom it holds for."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import check
from accounts.roles import Can
from core.clock import today
from desk.conflict import CONFLICT
from desk.measures.forms import MeasureForm, present
from sanctions.catalogue import CHAPTERS
from sanctions.measure_catalogue import StaleMeasure, change_measure, check_ending
from sanctions.measure_enums import Because, Sight
from sanctions.measure_models import Measure, SubjectMeasure
from violations.errors import InvalidDecision

SHOWN = 100


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """By chapter, with how many organisations each clause holds for."""
    officer = check(request, Can.SEE_REGISTER)
    open_rows = Q(held__ended_on__isnull=True, held__sight=Sight.INTERNAL)
    rows = list(Measure.objects.annotate(n=Count("held", filter=open_rows)).order_by("clause"))
    context = {
        "chapters": [
            (grade, chapter, [row for row in rows if row.grade == grade])
            for grade, chapter in CHAPTERS.items()
        ],
        "today": today(),
        "may_keep": officer.may(Can.KEEP_MEASURES),
    }
    return render(request, "desk/measures/list.html", context)


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One clause with everything that hangs on it, or hung on it when it ended."""
    officer = check(request, Can.SEE_REGISTER)
    measure = get_object_or_404(Measure.objects.select_related("ending_checked_by"), pk=pk)
    hangs = Q(ended_on__isnull=True)
    if measure.valid_until is not None and measure.valid_until < today():
        hangs |= Q(ended_because=Because.CATALOGUE)
    rows = (
        SubjectMeasure.objects.filter(hangs, measure=measure, sight=Sight.INTERNAL)
        .select_related("subject__unit_in_charge")
        .order_by("-id")
    )
    holders = list(rows[: SHOWN + 1])
    context = {
        "measure": measure,
        "holds": measure.holds_on(today()),
        "has_ended": measure.valid_until is not None and measure.valid_until < today(),
        "holders": holders[:SHOWN],
        "total": len(holders) if len(holders) <= SHOWN else rows.count(),
        "handlings": measure.handlings.select_related("subject", "unit")[:20],
        "history": _history(measure),
        "may_keep": officer.may(Can.KEEP_MEASURES),
    }
    return render(request, "desk/measures/measure.html", context)


def _history(measure: Measure) -> list[Any]:
    return list(measure.history.select_related("history_user__unit").order_by("-history_id")[:20])


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Basis, term and guidance; the words are the regulation's."""
    officer = check(request, Can.KEEP_MEASURES)
    measure = get_object_or_404(Measure, pk=pk)
    if request.method != "POST":
        return _form(request, MeasureForm(initial=present(measure)), measure)
    form = MeasureForm(request.POST)
    data, values = form.measure_input(), form.values()
    if not form.errors:
        try:
            change_measure(
                officer=officer,
                measure_id=pk,
                version=values["version"] or 0,
                data=data,
                reason=values["reason"],
            )
        except InvalidDecision as refused:
            form.add_faults(refused.faults)
        except StaleMeasure as stale:
            form.add_error(None, str(stale))
            return _form(request, form, stale.measure, CONFLICT)
        else:
            messages.success(
                request, f"已保存 {measure.clause}，依据或期限的变动随即对各对象生效。"
            )
            return redirect("desk:measure", pk=pk)
    return _form(request, form, measure)


@require_POST
def ending_checked(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Everything that hung on an ended clause was looked at."""
    officer = check(request, Can.KEEP_MEASURES)
    measure = get_object_or_404(Measure, pk=pk)
    version = request.POST.get("version", "")
    try:
        check_ending(
            officer=officer,
            measure_id=pk,
            version=int(version) if version.isdecimal() and len(version) < 8 else 0,
        )
    except (InvalidDecision, StaleMeasure) as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, f"已登记：{measure.clause} 终止后的核对完成。")
    return redirect("desk:measure", pk=pk)


def _form(
    request: HttpRequest, form: MeasureForm, measure: Measure, status: int = 200
) -> HttpResponse:
    context = {"form": form, "measure": measure, "faults": form.summary()}
    return render(request, "desk/measures/change.html", context, status=status)
