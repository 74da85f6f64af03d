"""Sheets to take away: empty ones with the official headings, and one's own with faults marked."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.roles import Can
from core import audit
from core.spreadsheets import SheetError
from core.spreadsheets_writer import XLSX, workbook_bytes
from desk.imports.listing import IMPORTERS, READERS, run_for
from violations.enums import DispositionKind
from violations.import_check import overrides_of
from violations.import_columns import FORMS, IDENTITY_COLUMN
from violations.import_errors import write_errors
from violations.import_files import path_of
from violations.import_models import ImportKind, ImportRun
from violations.import_rows import SheetFault

_WIDE = frozenset({"facts", "law", "type", "name"})
_REMARKS = {
    ImportKind.PENALTIES: (
        "每行一个违法行为；同一决定有多个违法行为的，分行填写，文号、监管对象和决定日期相同。",
        "金额以万元为单位，如 1.5；最多 6 位小数。",
        "日期写成 2026-03-05 这样的形式。",
        "同一违法行为有多个处罚类别的，用“;”或“、”隔开。可用的处罚类别：",
        *(f"　{kind.label}" for kind in DispositionKind),
        f"不要填写“{IDENTITY_COLUMN}”等自然人证件号码，系统不读取。",
        "列的顺序可以变动，列名须与本表一致；可以增加其他列，系统不读取。",
    ),
    ImportKind.OTHERS: (
        "每行一个失信行为；文书类型填写“责令改正”或“违反许可承诺”。",
        "日期写成 2026-03-05 这样的形式。",
        "列的顺序可以变动，列名须与本表一致；可以增加其他列，系统不读取。",
    ),
}


@requires(*READERS)
@require_safe
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty sheet of this kind."""
    if kind not in ImportKind.values:
        raise Http404
    columns = [(one.label, 36 if one.key in _WIDE else 22) for one in FORMS[kind]]
    which = ImportKind(kind)
    data = workbook_bytes(
        columns, [], title=which.label, remarks=_REMARKS[which], typed_as_text=True
    )
    return _sheet(data, f"导入模板-{which.label}.xlsx")


@require_safe
def marked(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The sheet as it stands, its faulty cells marked and the reasons beside each row.

    The second person takes it to compare it with the papers; persons' numbers are left out of it.
    """
    officer, run = run_for(request, pk, *IMPORTERS, Can.CONFIRM_DECISION)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "marked.xlsx"
        try:
            write_errors(
                source=path_of(run.stored),
                target=target,
                kind=run.kind,
                faults=_faults(run),
                overrides=overrides_of(run),
            )
        except (SheetError, KeyError) as error:
            said = str(error) if isinstance(error, SheetError) else "这批还没有校验。"
            messages.warning(request, said)
            return redirect("desk:import-run", pk=run.pk)
        data = target.read_bytes()
    audit.record(
        actor=officer, action="import.download_marked", target=run, details={"rows": run.rows}
    )
    return _sheet(data, f"第{run.pk}批-{Path(run.file_name).stem[:60]}.xlsx")


def _faults(run: ImportRun) -> Iterator[SheetFault]:
    found = run.faults.filter(warning=False).order_by("id")
    for row in found.iterator(chunk_size=5000):
        yield SheetFault(row.row, row.key, row.column, row.code, row.message)


def _sheet(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "no-store"
    return response
