"""Decisions of a checked sheet into the database: rows and history in bulk, or nothing at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Officer
from core.bulk import create_facts
from core.fast_insert import insert_rows
from subjects.models import Subject
from subjects.particulars import SubjectInput
from subjects.services import bulk_register
from violations.acts import derived
from violations.cleaning import cleaned
from violations.enums import DecisionState
from violations.inputs import DecisionInput, ViolationInput
from violations.models import Decision, DecisionEditor, Disposition, ImportRun, Violation
from violations.numbers import number_key
from violations.signals import facts_written

CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Stored:
    """How many rows of each went in, and the ids of the organisations concerned."""

    decisions: int = 0
    violations: int = 0
    dispositions: int = 0
    subject_ids: frozenset[int] = frozenset()


@transaction.atomic
def store_decisions(
    *,
    officer: Officer,
    decisions: Sequence[DecisionInput],
    unit_ids: Mapping[str, int],
    in_force: bool,
    source: str,
    run: ImportRun | None = None,
    tell: Callable[[int], None] | None = None,
) -> Stored:
    """Write checked ``decisions`` with history, and tell whoever grades, once.

    ``unit_ids`` maps unit codes to ids; ``in_force`` marks them as taken over (confirmed before,
    elsewhere), else they wait for a second person. Those of a ``run`` that a second person
    confirmed are in force at once. ``tell`` hears how many are written, and may raise to end it
    all. The caller has checked them with ``violations.checks`` and writes the audit row.
    """
    subjects = bulk_register(
        officer=officer, rows=_subject_inputs(decisions, unit_ids), reason=source
    )
    stored = Stored()
    entry = _Entry(officer, unit_ids, subjects, timezone.now(), in_force, run)
    for start in range(0, len(decisions), CHUNK):
        part = [cleaned(data) for data in decisions[start : start + CHUNK]]
        rows = [_decision(data, entry) for data in part]
        create_facts(rows, user=officer, reason=source)
        insert_rows(
            DecisionEditor, ["decision_id", "officer_id"], [(row.pk, officer.pk) for row in rows]
        )
        acts = _store_acts(officer, part, rows, source)
        stored = Stored(
            stored.decisions + len(rows),
            stored.violations + acts[0],
            stored.dispositions + acts[1],
            stored.subject_ids | {row.subject_id for row in rows},
        )
        if tell is not None:
            tell(stored.decisions)
    if entry.state == DecisionState.IN_FORCE and stored.decisions:
        facts_written.send(
            sender=Decision,
            subject_ids=sorted(stored.subject_ids),
            cause="takeover" if in_force else "decision",
            source=source,
        )
    return stored


@dataclass(frozen=True, slots=True)
class _Entry:
    """What all decisions of one sheet have in common."""

    officer: Officer
    unit_ids: Mapping[str, int]
    subjects: Mapping[str, Subject]
    now: datetime
    taken_over: bool
    run: ImportRun | None

    @property
    def state(self) -> DecisionState:
        return DecisionState.IN_FORCE if self.confirmed_by_id else DecisionState.SUBMITTED

    @property
    def confirmed_by_id(self) -> int | None:
        """Of what is taken over nobody here confirmed anything: who let it in stands for that."""
        if self.taken_over:
            return self.officer.pk
        return self.run.confirmed_by_id if self.run else None


def _subject_inputs(
    decisions: Sequence[DecisionInput], unit_ids: Mapping[str, int]
) -> list[SubjectInput]:
    """One for each code, the first that names it; the unit that decided has it in its charge."""
    seen: dict[str, SubjectInput] = {}
    for data in decisions:
        if data.credit_code not in seen:
            seen[data.credit_code] = SubjectInput(
                credit_code=data.credit_code,
                name=data.subject_name,
                code_exception=data.code_exception,
                address=data.subject_address,
                principal=data.subject_principal,
                industry=data.subject_industry,
                unit_in_charge_id=unit_ids[data.unit_code],
            )
    return list(seen.values())


def _decision(data: DecisionInput, entry: _Entry) -> Decision:
    if data.decided_on is None:
        raise ValueError(f"{data.number}: a decision without a day was not checked")
    return Decision(
        number=data.number,
        number_key=number_key(data.number),
        kind=data.kind,
        procedure=data.procedure,
        unit_id=entry.unit_ids[data.unit_code],
        subject_id=entry.subjects[data.credit_code].pk,
        handler=data.handler,
        decided_on=data.decided_on,
        served_on=data.served_on,
        state=entry.state.value,
        recorded_by_id=entry.officer.pk,
        confirmed_by_id=entry.confirmed_by_id,
        confirmed_at=entry.now if entry.confirmed_by_id else None,
        submitted_at=entry.run.submitted_at if entry.run else entry.now,
        created_at=entry.now,
        taken_over=entry.taken_over,
        import_run_id=entry.run.pk if entry.run else None,
        # 2-1: whoever hands a sheet in for confirmation states that it is true; of the past
        # nothing is stated that nobody said.
        truth_stated=not entry.taken_over,
    )


def _store_acts(
    officer: Officer, part: Sequence[DecisionInput], rows: Sequence[Decision], source: str
) -> tuple[int, int]:
    acts = [
        (act, _violation(data.kind, act, row, at))
        for data, row in zip(part, rows, strict=True)
        for at, act in enumerate(data.violations, start=1)
    ]
    create_facts([made for _, made in acts], user=officer, reason=source)
    dispositions = list(_dispositions(acts))
    create_facts(dispositions, user=officer, reason=source)
    return len(acts), len(dispositions)


def _violation(decision_kind: str, act: ViolationInput, row: Decision, ordinal: int) -> Violation:
    return Violation(
        decision_id=row.pk,
        ordinal=ordinal,
        field=act.field,
        type=act.type,
        facts=act.facts,
        law=act.law,
        article=act.article,
        committed_on=act.committed_on,
        correct_by=act.correct_by,
        deviation_reason=act.deviation_reason,
        **derived(decision_kind, act),
    )


def _dispositions(acts: Sequence[tuple[ViolationInput, Violation]]) -> Iterator[Disposition]:
    for act, made in acts:
        for one in act.dispositions:
            yield Disposition(
                violation_id=made.pk, kind=one.kind, amount=one.amount, licence=one.licence
            )
