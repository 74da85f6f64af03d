"""A sheet of factors is read and matched; nothing is recorded before it is settled."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from django.db import transaction

from accounts.models import Officer
from core.clock import today
from core.spreadsheets_apart import sheet_apart
from violations.checks_of_texts import text
from violations.cleaning import one_line
from violations.enums import FactorKind
from violations.errors import InvalidDecision
from violations.factor_match import Matched, match_rows
from violations.factor_models import FactorRow, FactorRun
from violations.factor_runs import record_run
from violations.factor_services import require_recorder
from violations.factor_sheets import ReadSheet, SheetRow, SheetTerms, read_sheet
from violations.import_rows import SheetFault
from violations.inputs import Fault


class SheetRefused(Exception):  # noqa: N818 - as the errors of decisions
    """The sheet has faults, and nothing of it is kept: ``faults`` by row and column."""

    def __init__(self, faults: Sequence[SheetFault]) -> None:
        self.faults = list(faults)
        super().__init__(f"表中有 {len(self.faults)} 处需要更正，没有导入。")


def open_run(*, officer: Officer, path: Path, file_name: str, terms: SheetTerms) -> FactorRun:
    """Read the sheet at ``path`` and match its rows; nothing is recorded yet.

    Raises NotAllowed, InvalidDecision (the terms), SheetError (no sheet), SheetRefused.
    """
    require_recorder(officer)
    faults = list(_faults_of_terms(terms))
    if faults:
        raise InvalidDecision(faults)
    with sheet_apart(path) as sheet:
        read = read_sheet(sheet, terms, today=today())
    if read.faults:
        raise SheetRefused(read.faults)
    return _keep(officer, path, file_name, terms, read)


@transaction.atomic
def _keep(
    officer: Officer, path: Path, file_name: str, terms: SheetTerms, read: ReadSheet
) -> FactorRun:
    run = FactorRun.objects.create(
        unit_id=officer.unit_id,
        officer=officer,
        kind=terms.kind,
        scheme=one_line(terms.scheme),
        source=one_line(terms.source),
        file_name=one_line(file_name)[:200] or "导入",
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
    )
    pairs = zip(read.rows, match_rows(read.rows), strict=True)
    made = [_row(run, row, found) for row, found in pairs]
    FactorRow.objects.bulk_create(made, batch_size=500)
    record_run(officer, run, "factor_sheet.upload", rows=len(made))
    return run


def _row(run: FactorRun, row: SheetRow, found: Matched) -> FactorRow:
    data = row.data
    assert data.in_force_from is not None  # checked
    return FactorRow(
        run=run,
        row=row.row,
        credit_code=data.credit_code,
        name=row.name,
        scheme=data.scheme,
        value=data.value,
        is_worst=data.is_worst,
        in_force_from=data.in_force_from,
        in_force_until=data.in_force_until,
        match=found.match,
        note=found.note,
        subject=found.subject,
    )


def _faults_of_terms(terms: SheetTerms) -> list[Fault]:
    found = []
    if terms.kind not in FactorKind.values:
        found.append(Fault("kind", "unknown", "没有选择种类。请从列出的种类中选择。"))
    found += text("scheme", one_line(terms.scheme), "评价体系", 100)
    found += text("source", one_line(terms.source), "来源", 200)
    if terms.worst and terms.kind != FactorKind.NATIONAL:
        label = FactorKind.NATIONAL.label
        message = f"只有“{label}”区分最差等次。请清空，或更正种类。"
        found.append(Fault("worst", "not_national", message))
    if terms.kind == FactorKind.NATIONAL and not terms.worst:
        message = "没有写明哪些结果属最差等次。请照评价说明填写，如：差。"
        found.append(Fault("worst", "missing", message))
    return found
