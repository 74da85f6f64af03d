"""What is wrong with the cells of a sheet, and mending them in the page."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from desk.imports.listing import IMPORTERS, run_for
from violations import import_runs
from violations.errors import InvalidDecision
from violations.import_check import SHOWN_VALUE
from violations.import_models import ImportFault, ImportRun
from violations.import_runs import Mended
from violations.import_states import RunMoved

FAULTS_SHOWN = 30
# What says itself that the row has to leave the sheet.
LEAVE_OUT = frozenset({"same_row", "no_penalty", "detention", "other_unit", "natural_person"})
_CELL = re.compile(r"c-(\d{1,7})-(\w{1,20})")
_ROW = re.compile(r"x-(\d{1,7})")


def fault_context(request: HttpRequest, run: ImportRun) -> dict[str, Any]:
    """One page of faults by kind and column; pages are counted from what the check counted."""
    kind = request.GET.get("kind", "")
    if kind not in ("error", "warning"):
        kind = "error" if run.faults_found else "warning"
    is_warning = kind == "warning"
    column = request.GET.get("column", "")
    counts = {key: (label, many) for key, label, many in run.fault_columns}
    rows = run.faults.filter(warning=is_warning).order_by("id")
    total = run.warnings_found if is_warning else run.faults_found
    if not is_warning and column in counts:
        rows, total = rows.filter(key=column), counts[column][1]
    else:
        column = ""
    paginator = Paginator(rows, FAULTS_SHOWN)
    paginator.count = total
    found = paginator.get_page(request.GET.get("page"))
    return {
        "faults": [_shown(fault, seen) for seen in [set[tuple[int, str]]()] for fault in found],
        "page": found,
        "kind": kind,
        "column": column,
        "columns_found": run.fault_columns if not is_warning else [],
    }


def _shown(fault: ImportFault, seen: set[tuple[int, str]]) -> dict[str, Any]:
    """A fault with the name of its box; a cell with two faults has one box."""
    cell = (fault.row, fault.key)
    can_mend = bool(fault.key) and cell not in seen and len(fault.value) < SHOWN_VALUE
    seen.add(cell)
    return {
        "row": fault,
        "box": f"c-{fault.row}-{fault.key}" if can_mend and not fault.warning else "",
        "take_out": f"x-{fault.row}" if fault.code in LEAVE_OUT else "",
    }


@require_POST
def mend_cells(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take the values that differ from those of the sheet, and have it checked again."""
    officer, run = run_for(request, pk, *IMPORTERS)
    try:
        version = int(request.POST.get("version", ""))
    except ValueError:
        version = 0
    try:
        import_runs.mend(
            officer=officer, run_id=run.pk, version=version, mended=_changed(request, run)
        )
    except (RunMoved, InvalidDecision) as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, "更正已保存，正在重新校验。")
    return redirect("desk:import-run", pk=run.pk)


def _changed(request: HttpRequest, run: ImportRun) -> Mended:
    typed: dict[tuple[int, str], str] = {}
    taken_out: set[int] = set()
    for name, value in request.POST.items():
        if found := _CELL.fullmatch(name):
            typed[int(found[1]), found[2]] = str(value)
        elif found := _ROW.fullmatch(name):
            taken_out.add(int(found[1]))
    rows = {row for row, _ in typed} | taken_out
    known = run.faults.filter(warning=False, row__in=rows)
    stands = {(fault.row, fault.key): fault.value for fault in known}
    may_go = {fault.row for fault in known if fault.code in LEAVE_OUT}
    cells = {
        cell: value
        for cell, value in typed.items()
        if cell in stands and value.strip() != stands[cell] and cell[0] not in taken_out & may_go
    }
    return Mended(cells, frozenset(taken_out & may_go))
