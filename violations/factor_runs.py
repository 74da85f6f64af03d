"""Settling a sheet of factors row by row: taken, registered by hand, or left out, with the reason.

Matched rows stand ready; nothing is recorded before every other row is settled
(``violations.factor_confirm``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Officer
from accounts.roles import Can
from core import audit
from violations.cleaning import one_line
from violations.errors import InvalidDecision, NotAllowed
from violations.factor_checks import faults_of_reason
from violations.factor_models import FactorRow, FactorRun, RowAnswer, RowMatch, RunState
from violations.factor_services import require_recorder
from violations.inputs import Fault
from violations.organisations import entered

_ANSWERS = {
    RowAnswer.TAKE: "factor_row.take",
    RowAnswer.DROP: "factor_row.drop",
    "": "factor_row.reopen",
}
SETTLED = (RowMatch.MATCHED, RowMatch.KNOWN)


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
    run = locked_run(officer, run_id)
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
def drop_run(*, officer: Officer, run_id: int, reason: str) -> FactorRun:
    """Give the sheet up; nothing was recorded. Raises as ``confirm_run``."""
    run = locked_run(officer, run_id)
    faults = list(faults_of_reason(reason))
    if faults:
        raise InvalidDecision(faults)
    run.state, run.closed_at = RunState.DROPPED, timezone.now()
    run.save()
    record_run(officer, run, "factor_sheet.abandon", reason=one_line(reason))
    return run


def unsettled(run: FactorRun) -> QuerySet[FactorRow]:
    """The rows that somebody has still to decide about."""
    return run.rows.exclude(match__in=SETTLED).filter(answer="")


def open_runs_of(officer: Officer) -> QuerySet[FactorRun]:
    """The sheets of the officer's unit that wait to be settled and confirmed."""
    if not officer.may(Can.RECORD_FACTOR):
        return FactorRun.objects.none()
    return FactorRun.objects.filter(unit=officer.unit_id, state=RunState.OPEN)


def locked_run(officer: Officer, run_id: int) -> FactorRun:
    """The own unit's open run, locked. Raises DoesNotExist, NotAllowed, InvalidDecision."""
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
    locked_run(officer, row.run_id)
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


def record_run(
    officer: Officer, run: FactorRun, action: str, reason: str = "", **details: Any
) -> None:
    """Put what happened to the sheet into the trail."""
    about = {"file": run.file_name, "sha256": run.sha256, "kind": run.kind}
    audit.record(
        actor=officer, action=action, target=run, reason=reason, details={**about, **details}
    )
