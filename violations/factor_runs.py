"""A sheet of factors from upload to confirmation: nothing is written before every row is settled.

Matched rows stand ready; an unknown organisation is registered by hand or its row dropped, and a
conflict is settled or dropped, each with a reason. Then everything goes in at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Officer
from accounts.roles import Can
from core import audit
from core.bulk import create_facts
from core.clock import today
from core.spreadsheets_apart import sheet_apart
from subjects.models import Subject
from violations.checks_of_texts import text
from violations.cleaning import one_line
from violations.enums import FactorKind
from violations.errors import InvalidDecision, NotAllowed
from violations.factor_checks import faults_of_reason
from violations.factor_match import Matched, match_rows, on_record
from violations.factor_models import Factor, FactorRow, FactorRun, RowAnswer, RowMatch, RunState
from violations.factor_services import require_recorder
from violations.factor_sheets import ReadSheet, SheetRow, SheetTerms, read_sheet
from violations.import_rows import SheetFault
from violations.inputs import Fault
from violations.organisations import entered
from violations.signals import facts_written

_ANSWERS = {
    RowAnswer.TAKE: "factor_row.take",
    RowAnswer.DROP: "factor_row.drop",
    "": "factor_row.reopen",
}
SETTLED = (RowMatch.MATCHED, RowMatch.KNOWN)


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
    _record(officer, run, "factor_sheet.upload", rows=len(made))
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


@transaction.atomic
def take_row(*, officer: Officer, row_id: int, reason: str) -> FactorRow:
    """The row is about the organisation it names after all, with the reason.

    Raises FactorRow.DoesNotExist, NotAllowed, InvalidDecision.
    """
    row = _locked_row(officer, row_id)
    faults = list(faults_of_reason(reason))
    if row.subject is None:
        message = "没有可以对应的监管对象。请登记后收入，或者舍去。"
        faults.append(Fault("", "no_subject", message))
    if faults:
        raise InvalidDecision(faults)
    return _answer(officer, row, RowAnswer.TAKE, reason)


@transaction.atomic
def register_row(*, officer: Officer, row_id: int, reason: str) -> FactorRow:
    """Register the organisation as the sheet names it, and take the row.

    Raises FactorRow.DoesNotExist, NotAllowed, InvalidDecision, DuplicateSubject.
    """
    row = _locked_row(officer, row_id)
    faults = list(faults_of_reason(reason))
    if not officer.may(Can.EDIT_SUBJECT):
        raise NotAllowed("您的角色不能登记监管对象。请联系本单位录入民警或局办公室。")
    if row.match != RowMatch.UNMATCHED:
        message = "代码或名称与库中不符的，不能直接登记。请核对后选择收入或舍去。"
        faults.append(Fault("", "conflict", message))
    if faults:
        raise InvalidDecision(faults)
    row.subject = entered(officer=officer, credit_code=row.credit_code, name=row.name)
    return _answer(officer, row, RowAnswer.TAKE, reason)


@transaction.atomic
def drop_rows(*, officer: Officer, run_id: int, row_ids: Sequence[int], reason: str) -> int:
    """Leave rows out, with the reason; returns how many that were not settled before.

    Raises FactorRun.DoesNotExist, NotAllowed, InvalidDecision.
    """
    run = _locked_run(officer, run_id)
    faults = list(faults_of_reason(reason))
    if faults:
        raise InvalidDecision(faults)
    rows = list(unsettled(run).filter(pk__in=row_ids).select_for_update())
    for row in rows:
        _answer(officer, row, RowAnswer.DROP, reason)
    return len(rows)


@transaction.atomic
def reopen_row(*, officer: Officer, row_id: int) -> FactorRow:
    """Take back what was decided about a row. Raises as ``take_row``."""
    row = _locked_row(officer, row_id)
    return _answer(officer, row, "", "")


@transaction.atomic
def confirm_run(*, officer: Officer, run_id: int) -> int:
    """Record every matched and taken row at once; returns how many factors are new.

    Raises FactorRun.DoesNotExist, NotAllowed, InvalidDecision where a row is not settled.
    """
    run = _locked_run(officer, run_id)
    left = unsettled(run).count()
    if left:
        message = f"还有 {left} 行没有处理。请逐行收入或舍去后再写入。"
        raise InvalidDecision([Fault("", "unsettled", message)])
    made = _factors(officer, run)
    create_facts(made, user=officer, reason=f"导入 {run.file_name}")
    run.state, run.closed_at = RunState.CONFIRMED, timezone.now()
    run.save()
    _record(officer, run, "factor_sheet.write", factors=len(made))
    if made:
        facts_written.send(
            sender=Factor,
            subject_ids=sorted({factor.subject_id for factor in made}),
            cause="factor",
            source=f"导入参考因素 {run.file_name}"[:120],
        )
    return len(made)


@transaction.atomic
def drop_run(*, officer: Officer, run_id: int, reason: str) -> FactorRun:
    """Give the sheet up; nothing was recorded. Raises as ``confirm_run``."""
    run = _locked_run(officer, run_id)
    faults = list(faults_of_reason(reason))
    if faults:
        raise InvalidDecision(faults)
    run.state, run.closed_at = RunState.DROPPED, timezone.now()
    run.save()
    _record(officer, run, "factor_sheet.abandon", reason=one_line(reason))
    return run


def unsettled(run: FactorRun) -> QuerySet[FactorRow]:
    """The rows that somebody has still to decide about."""
    return run.rows.exclude(match__in=SETTLED).filter(answer="")


def open_runs_of(officer: Officer) -> QuerySet[FactorRun]:
    """The sheets of the officer's unit that wait to be settled and confirmed."""
    if not officer.may(Can.RECORD_FACTOR):
        return FactorRun.objects.none()
    return FactorRun.objects.filter(unit=officer.unit_id, state=RunState.OPEN)


def _factors(officer: Officer, run: FactorRun) -> list[Factor]:
    """Those of the matched and taken rows that are not on record by now."""
    # Two sheets with the same rows, confirmed at the same moment: one goes in after the other.
    list(FactorRun.objects.select_for_update().filter(kind=run.kind, state=RunState.OPEN))
    rows = run.rows.filter(Q(match=RowMatch.MATCHED) | Q(answer=RowAnswer.TAKE))
    pairs = [(row, _survivor(row)) for row in rows.select_related("subject__merged_into")]
    recorded = on_record({subject.pk for _, subject in pairs})
    made = []
    for row, subject in pairs:
        content = (subject.pk, run.kind, row.scheme, row.value, row.in_force_from)
        if content not in recorded:
            recorded.add(content)
            made.append(_factor(officer, run, row, subject))
    return made


def _survivor(row: FactorRow) -> Subject:
    assert row.subject is not None  # a constraint of the table, and of what is matched
    return row.subject.merged_into or row.subject


def _factor(officer: Officer, run: FactorRun, row: FactorRow, subject: Subject) -> Factor:
    return Factor(
        subject=subject,
        unit_id=run.unit_id,
        kind=run.kind,
        scheme=row.scheme,
        value=row.value,
        is_worst=row.is_worst,
        source=run.source,
        in_force_from=row.in_force_from,
        in_force_until=row.in_force_until,
        recorded_by=officer,
        run=run,
    )


def _locked_run(officer: Officer, run_id: int) -> FactorRun:
    require_recorder(officer)
    run = FactorRun.objects.select_for_update().get(pk=run_id)
    if run.unit_id != officer.unit_id:
        raise NotAllowed(f"这张表由{run.unit}导入，由该单位处理。")
    if run.state != RunState.OPEN:
        message = f"这张表{run.get_state_display()}，不能再处理。"
        raise InvalidDecision([Fault("", "closed", message)])
    return run


def _locked_row(officer: Officer, row_id: int) -> FactorRow:
    row = FactorRow.objects.select_related("subject").get(pk=row_id)
    _locked_run(officer, row.run_id)
    row.refresh_from_db()
    if row.match in SETTLED:
        raise InvalidDecision([Fault("", "settled", "该行已匹配，不需要处理。")])
    return row


def _answer(officer: Officer, row: FactorRow, answer: str, reason: str) -> FactorRow:
    row.answer, row.reason = answer, one_line(reason)
    row.answered_by = officer if answer else None
    row.save()
    audit.record(
        actor=officer,
        action=_ANSWERS[answer],
        target=row,
        reason=row.reason,
        details={"run": row.run_id, "row": row.row, "credit_code": row.credit_code},
    )
    return row


def _record(
    officer: Officer, run: FactorRun, action: str, reason: str = "", **details: Any
) -> None:
    about = {"file": run.file_name, "sha256": run.sha256, "kind": run.kind}
    audit.record(
        actor=officer, action=action, target=run, reason=reason, details={**about, **details}
    )
