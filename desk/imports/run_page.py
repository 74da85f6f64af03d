"""One sheet and where it stands: progress, faults, what it would change, who acts next."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_safe

from accounts.models import Officer
from accounts.roles import Can
from desk.imports.faults import fault_context
from desk.imports.listing import READERS, run_for
from desk.imports.words import STATE_TAGS, steps
from violations.forms import ErrorLine
from violations.import_models import ImportProgress, ImportRun, ImportState
from violations.import_states import Step, allows
from violations.reviewers import free_reviewers

EFFECTS_SHOWN = 10
BAR = 720
# Who mends the sheet, and who compares it with the papers before it is written.
TAKERS = (Can.RECORD_DECISION, Can.CONFIRM_DECISION, Can.CONFIRM_FOR_ANY_UNIT)
DOWNLOADABLE = frozenset({ImportState.FAULTY, ImportState.CHECKED, ImportState.SUBMITTED})
STOP_POLLING = {"HX-Refresh": "true"}
_BUTTONS = {f"may_{step.value}": step for step in Step}


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one run."""
    officer, run = run_for(request, pk, *READERS)
    return page(request, officer, run)


@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked every two seconds while something is done; once it is done the page loads anew."""
    _, run = run_for(request, pk, *READERS)
    if not run.is_working:
        return HttpResponse(headers=STOP_POLLING)
    return render(request, "desk/imports/_progress.html", {"run": run, **_progress(run)})


def page(
    request: HttpRequest,
    officer: Officer,
    run: ImportRun,
    *,
    lines: list[ErrorLine] | None = None,
    status: int = 200,
    typed: dict[str, str] | None = None,
) -> HttpResponse:
    """The page of a run; ``lines`` are what stands against the step just tried."""
    context: dict[str, Any] = {
        "run": run,
        "tag": STATE_TAGS[ImportState(run.state)],
        "steps": steps(run),
        "lines": lines or [],
        "typed": typed or {},
        "who_confirms": who_confirms(run),
        "may_download": run.state in DOWNLOADABLE and any(officer.may(one) for one in TAKERS),
        **{name: allows(run, step, officer) for name, step in _BUTTONS.items()},
    }
    if run.is_working:
        context |= _progress(run)
    if run.state in (ImportState.FAULTY, ImportState.CHECKED, ImportState.SUBMITTED):
        context |= fault_context(request, run)
    if run.state == ImportState.FAULTY and run.rows:
        bad = max(BAR * min(run.faulty_rows, run.rows) // run.rows, 3 if run.faulty_rows else 0)
        context |= {"bar_width": BAR, "bar_bad": bad, "bar_good": BAR - bad}
    if run.changed_grades or run.opened_reviews:
        context |= _effects(request, run)
    return render(request, "desk/imports/run.html", context, status=status)


def _progress(run: ImportRun) -> dict[str, Any]:
    found = ImportProgress.objects.filter(run=run).first() or ImportProgress(run=run)
    percent = min(100 * found.done // found.total, 100) if found.total else 0
    return {
        "progress": found,
        "percent": percent,
        "bar_width": BAR,
        "bar_done": BAR * percent // 100,
        "has_total": found.total > 0,
    }


def _effects(request: HttpRequest, run: ImportRun) -> dict[str, Any]:
    rows = run.effects.select_related("subject").order_by("id")
    return {"effects": Paginator(rows, EFFECTS_SHOWN).get_page(request.GET.get("effects"))}


def who_confirms(run: ImportRun) -> str:
    """In words: who acts as the second person (2-1)."""
    if run.takeover:
        return "局办公室的另一人"
    unit = run.rows_unit
    if unit is not None:
        free = free_reviewers(unit).exclude(pk=run.uploaded_by_id)
        names = list(free.values_list("name", flat=True)[:3])
        if names:
            return f"{unit.name} {'、'.join(names)}"
    return "局办公室" if not run.uploaded_by.may(Can.CONFIRM_FOR_ANY_UNIT) else "局办公室的另一人"
