"""Handing a sheet in, and the sheets of late."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import check, current_officer, refuse, requires
from accounts.models import Officer, Unit
from accounts.roles import Can
from core.workbook_guard import MAX_FILE, MAX_ROWS, SheetError
from desk.imports.words import STATE_TAGS
from violations import import_runs
from violations.errors import NotAllowed
from violations.import_columns import FORMS, PENALTIES
from violations.import_models import ImportRun, ImportState
from violations.list_entries import require_takeover_open

READERS = (Can.RECORD_DECISION, Can.CONFIRM_DECISION, Can.SEE_ALL_DECISIONS)
IMPORTERS = (Can.RECORD_DECISION, Can.CONFIRM_FOR_ANY_UNIT)
PAGE_SIZE = 15
REQUIRED = [column.label for column in FORMS[PENALTIES] if column.required]


class UploadForm(forms.Form):
    """The file; for the office also whose the rows are that name no unit, and the takeover."""

    use_required_attribute = False

    file = forms.FileField(
        label="文件",
        error_messages={
            "required": "没有选择文件。请选择 .xlsx 或 .csv 文件。",
            "empty": "文件是空的。核对后再上传。",
        },
    )
    unit = forms.ModelChoiceField(
        label="未写“数据来源单位”的行归入",
        queryset=Unit.objects.none(),
        required=False,
        empty_label=None,
        error_messages={"invalid_choice": "所选单位不在列表中。请重选。"},
    )
    takeover = forms.BooleanField(label="接收历史记录", required=False)

    def __init__(self, officer: Officer, *args: Any) -> None:
        super().__init__(*args)
        self.for_any = officer.may(Can.CONFIRM_FOR_ANY_UNIT)
        if self.for_any:
            units = Unit.objects.filter(is_active=True).order_by("id")
            self.fields["unit"].queryset = units  # type: ignore[attr-defined]
            self.fields["unit"].initial = officer.unit_id
        else:
            del self.fields["unit"], self.fields["takeover"]
        self.takeover_open = self.for_any and _takeover_is_open()

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MAX_FILE:
            raise forms.ValidationError(f"文件超过 {megabytes()} MB。拆成几个文件后再上传。")
        return file


def megabytes() -> int:
    return MAX_FILE // (1024 * 1024)


def _takeover_is_open() -> bool:
    try:
        require_takeover_open()
    except NotAllowed:
        return False
    return True


@requires(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponseBase:
    """GET: the form and the runs that the officer may see; POST takes a sheet in."""
    officer = current_officer(request)
    may_import = any(officer.may(what) for what in IMPORTERS)
    if request.method == "POST":
        if not may_import:
            refuse(request, *IMPORTERS)
        return _take_in(request, officer)
    return _page(request, officer, UploadForm(officer) if may_import else None)


def _take_in(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    form = UploadForm(officer, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, officer, form)
    given = form.cleaned_data
    try:
        run = import_runs.upload(
            officer=officer,
            file=given["file"],
            unit=given.get("unit"),
            takeover=given.get("takeover", False),
        )
    except SheetError as error:
        form.add_error("file", str(error))
        return _page(request, officer, form)
    same = _same_file(officer, run)
    if same is not None:
        messages.info(
            request,
            f"同样内容的文件已于 {same.uploaded_at:%Y-%m-%d} 上传过（第 {same.pk} 批，"
            f"{same.get_state_display()}）。库中已有的行会跳过，不会重复写入。",
        )
    return redirect("desk:import-run", pk=run.pk)


def _same_file(officer: Officer, run: ImportRun) -> ImportRun | None:
    return (
        ImportRun.objects.visible_to(officer)
        .filter(sha256=run.sha256)
        .exclude(pk=run.pk)
        .exclude(state=ImportState.CANCELLED)
        .first()
    )


def _page(request: HttpRequest, officer: Officer, form: UploadForm | None) -> HttpResponse:
    runs = ImportRun.objects.visible_to(officer).select_related("unit", "uploaded_by")
    page = Paginator(runs.order_by("-id"), PAGE_SIZE).get_page(request.GET.get("page"))
    faults = []
    if form is not None and form.errors:
        faults = [
            {"id": f"id_{name}", "message": message}
            for name, errors in form.errors.items()
            for message in errors
        ]
    context = {
        "form": form,
        "faults": faults,
        "page": page,
        "rows": [(run, STATE_TAGS[ImportState(run.state)]) for run in page],
        "megabytes": megabytes(),
        "max_rows": MAX_ROWS,
        "required": REQUIRED,
        "for_any": officer.may(Can.CONFIRM_FOR_ANY_UNIT),
    }
    return render(request, "desk/imports/index.html", context)


def run_for(request: HttpRequest, pk: int, *any_of: Can) -> tuple[Officer, ImportRun]:
    """The officer and the run; 403 for who may none of ``any_of``, 404 for a run out of scope."""
    officer = check(request, *any_of)
    runs = ImportRun.objects.visible_to(officer).select_related(
        "unit", "rows_unit", "default_unit", "uploaded_by", "confirmed_by", "undo_asked_by"
    )
    return officer, get_object_or_404(runs, pk=pk)
