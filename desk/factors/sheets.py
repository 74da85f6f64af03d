"""Sheets of factors: upload, three groups of rows, what is decided about each, confirmation."""

from __future__ import annotations

from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import check
from accounts.models import Officer
from accounts.roles import Can
from core import audit
from core.spreadsheets import SheetError
from core.workbook_guard import MAX_FILE
from desk.factors.forms import SheetForm
from desk.factors.pages import READERS
from subjects.services import DuplicateSubject
from violations import factor_runs as runs
from violations.errors import InvalidDecision
from violations.factor_confirm import confirm_run
from violations.factor_models import FactorRow, FactorRun, RowAnswer, RowMatch, RunState
from violations.factor_sheets import SheetTerms
from violations.factor_upload import SheetRefused, open_run
from violations.import_rows import SheetFault

PAGE_SIZE = 50
FAULTS_SHOWN = 200
GROUPS = (
    (RowMatch.CONFLICT, "代码或名称不符", "核对后收入，或者舍去"),
    (RowMatch.UNMATCHED, "未登记的单位", "登记后收入，或者舍去"),
    (RowMatch.MATCHED, "已匹配", "确认后写入"),
    (RowMatch.KNOWN, "库中已有", "不再写入"),
)


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """All sheets of the own unit, or of all units, the latest first."""
    officer = check(request, *READERS)
    rows = FactorRun.objects.visible_to(officer).select_related("unit", "officer")
    page = Paginator(rows.annotate(n=Count("rows")).order_by("-id"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "may_record": officer.may(Can.RECORD_FACTOR)}
    return render(request, "desk/factors/sheets.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """A sheet is read and matched; with a fault nothing of it is kept."""
    officer = check(request, Can.RECORD_FACTOR)
    if request.method != "POST":
        return _upload_page(request, SheetForm())
    form, faults = SheetForm(request.POST, request.FILES), list[SheetFault]()
    terms, file = form.terms(), request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        form.add_error("file", "没有选择文件。请选择要导入的表格。")
    elif (file.size or 0) > MAX_FILE:
        limit = MAX_FILE // (1024 * 1024)
        form.add_error("file", f"文件超过 {limit} MB。拆成几个文件后再导入。")
    if not form.errors and isinstance(file, UploadedFile):
        try:
            run = _read(officer, file, terms)
        except InvalidDecision as refused:
            form.add_faults(refused.faults)
        except SheetError as error:
            form.add_error("file", str(error))
        except SheetRefused as refused:
            form.add_error("file", str(refused))
            faults = refused.faults
        else:
            return redirect("desk:factor-sheet", pk=run.pk)
    return _upload_page(request, form, faults)


def _read(officer: Officer, file: UploadedFile[Any], terms: SheetTerms) -> FactorRun:
    """The upload may hold persons' numbers: it lies on disk only while it is read."""
    with NamedTemporaryFile(suffix=Path(file.name or "").suffix[:5]) as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        name = Path((file.name or "").replace("\\", "/")).name
        return open_run(officer=officer, path=Path(copy.name), file_name=name, terms=terms)


def _upload_page(
    request: HttpRequest, form: SheetForm, faults: list[SheetFault] | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "faults": form.summary(),
        "rows": (faults or [])[:FAULTS_SHOWN],
        "rows_total": len(faults or []),
    }
    return render(request, "desk/factors/upload.html", context)


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows of a sheet by group; 404 for another unit's."""
    officer = check(request, *READERS)
    run = _visible(officer, pk)
    audit.record(actor=officer, action="factor_sheet.view", target=run)
    return _run_page(request, officer, run)


@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide about rows, confirm the sheet or give it up; the button says which."""
    officer = check(request, Can.RECORD_FACTOR)
    run = _visible(officer, pk)
    do, _, row = request.POST.get("do", "").partition("-")
    reason = request.POST.get(f"reason-{row}" if row else "reason", "")
    try:
        said = _do(officer, run, do, row, reason)
    except InvalidDecision as refused:
        run.refresh_from_db()
        lines = [_line(fault.path, fault.message, row, do) for fault in refused.faults]
        return _run_page(request, officer, run, lines, {row: reason})
    except DuplicateSubject as twice:
        return _run_page(request, officer, run, [_line("", str(twice), row, do)], {row: reason})
    messages.success(request, said)
    return redirect(f"{request.path.removesuffix('settle/')}?{request.GET.urlencode()}")


def _do(officer: Officer, run: FactorRun, do: str, row: str, reason: str) -> str:
    """What to say about what was done; 404 for a button or a row that is not of this sheet."""
    if row:
        number = int(row) if row.isascii() and row.isdigit() and len(row) < 19 else 0
        found = get_object_or_404(run.rows, pk=number)
        return _do_row(officer, found, do, reason)
    if do == "rest":
        left = list(runs.unsettled(run).values_list("pk", flat=True))
        count = runs.drop_rows(officer=officer, run_id=run.pk, row_ids=left, reason=reason)
        return f"已舍去 {count} 行。"
    if do == "confirm":
        count = confirm_run(officer=officer, run_id=run.pk)
        return f"已写入 {count} 条参考因素，不改变等级；需要研判的已转入等级复核。"
    if do == "abandon":
        runs.drop_run(officer=officer, run_id=run.pk, reason=reason)
        return "已放弃这张表，没有写入任何内容。"
    raise Http404


def _do_row(officer: Officer, row: FactorRow, do: str, reason: str) -> str:
    if do == "take":
        runs.take_row(officer=officer, row_id=row.pk, reason=reason)
        return f"第 {row.row} 行收入。"
    if do == "register":
        runs.register_row(officer=officer, row_id=row.pk, reason=reason)
        return f"已登记“{row.name}”，第 {row.row} 行收入。"
    if do == "reopen":
        runs.reopen_row(officer=officer, row_id=row.pk)
        return f"第 {row.row} 行重新处理。"
    if do == "drop":
        runs.drop_rows(officer=officer, run_id=row.run_id, row_ids=[row.pk], reason=reason)
        return f"第 {row.row} 行舍去。"
    raise Http404


def _line(path: str, message: str, row: str, do: str) -> dict[str, str]:
    ids = {"rest": "id_reason_rest", "abandon": "id_reason_abandon"}
    box = f"id_reason_{row}" if row else ids.get(do, "")
    return {"id": box if path == "reason" else "", "message": message}


def _visible(officer: Officer, pk: int) -> FactorRun:
    rows = FactorRun.objects.visible_to(officer).select_related("unit", "officer")
    found: FactorRun = get_object_or_404(rows, pk=pk)
    return found


def _run_page(
    request: HttpRequest,
    officer: Officer,
    run: FactorRun,
    lines: list[dict[str, str]] | None = None,
    typed: dict[str, str] | None = None,
) -> HttpResponse:
    counts = {
        row["match"]: row
        for row in run.rows.order_by()
        .values("match")
        .annotate(n=Count("pk"), left=Count("pk", filter=Q(answer="")))
    }
    open_in = {match: row["left"] for match, row in counts.items() if match not in runs.SETTLED}
    groups = [
        (*group, counts[group[0]]["n"], open_in.get(group[0], 0))
        for group in GROUPS
        if group[0] in counts
    ]
    chosen = request.GET.get("group", "")
    if chosen not in counts:
        chosen = groups[0][0] if groups else ""
    rows = run.rows.filter(match=chosen).select_related("subject", "answered_by").order_by("row")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    left = sum(open_in.values())
    mine = officer.may(Can.RECORD_FACTOR) and run.unit_id == officer.unit_id
    context = {
        "run": run,
        "groups": groups,
        "group": chosen,
        "page": page,
        "rows": [(row, (typed or {}).get(str(row.pk), row.reason)) for row in page],
        "left": left,
        "to_write": run.rows.filter(Q(match=RowMatch.MATCHED) | Q(answer=RowAnswer.TAKE)).count(),
        "dropped": run.rows.filter(answer=RowAnswer.DROP).count(),
        "works": mine and run.state == RunState.OPEN,
        "may_register": officer.may(Can.EDIT_SUBJECT),
        "typed": (typed or {}).get("", ""),
        "faults": lines or [],
    }
    return render(request, "desk/factors/sheet.html", context, status=400 if lines else 200)
