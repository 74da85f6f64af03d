"""A settled sheet of factors goes in at once, with history, and grading is told once."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Officer
from core.bulk import create_facts
from subjects.models import Subject
from violations.errors import InvalidDecision
from violations.factor_match import on_record
from violations.factor_models import Factor, FactorRow, FactorRun, RowAnswer, RowMatch, RunState
from violations.factor_runs import locked_run, record_run, unsettled
from violations.inputs import Fault
from violations.signals import facts_written
from violations.writing import SOURCE_LENGTH


@transaction.atomic
def confirm_run(*, officer: Officer, run_id: int) -> int:
    """Record every matched and taken row at once; returns how many factors are new.

    Raises FactorRun.DoesNotExist, NotAllowed, InvalidDecision where a row is not settled.
    """
    _wait_for_others(run_id)
    run = locked_run(officer, run_id)
    left = unsettled(run).count()
    if left:
        message = f"还有 {left} 行没有处理。请逐行收入或舍去后再写入。"
        raise InvalidDecision([Fault("", "unsettled", message)])
    made = _factors(officer, run)
    create_facts(made, user=officer, reason=f"导入 {run.file_name}")
    run.state, run.closed_at = RunState.CONFIRMED, timezone.now()
    run.save()
    record_run(officer, run, "factor_sheet.write", factors=len(made))
    if made:
        facts_written.send(
            sender=Factor,
            subject_ids=sorted({factor.subject_id for factor in made}),
            cause="factor",
            source=f"导入参考因素 {run.file_name}"[:SOURCE_LENGTH],
        )
    return len(made)


def _wait_for_others(run_id: int) -> None:
    """Two sheets with the same rows, confirmed at the same moment: one goes in after the other.

    All open sheets of the kind are locked, in one order, before any row is compared.
    """
    kind = FactorRun.objects.filter(pk=run_id).values("kind")
    rows = FactorRun.objects.filter(kind__in=kind, state=RunState.OPEN).order_by("pk")
    list(rows.select_for_update(of=("self",)))


def _factors(officer: Officer, run: FactorRun) -> list[Factor]:
    """Those of the matched and taken rows that are not on record by now."""
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
