"""What a stored decision says, as it would be handed in, so that two of them can be compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from subjects.lookup import find_by_code
from violations.cleaning import cleaned
from violations.inputs import DecisionInput, DispositionInput, ViolationInput
from violations.models import Decision, Violation


def content_of(
    decision: Decision, *, violations: Iterable[Violation] | None = None
) -> DecisionInput:
    """The decision with its acts; particulars of the organisation stand in the register.

    ``violations`` are its acts in order where they were read already.
    """
    if violations is None:
        violations = decision.violations.order_by("ordinal").prefetch_related("dispositions")
    return DecisionInput(
        unit_code=decision.unit.code,
        number=decision.number,
        kind=decision.kind,
        procedure=decision.procedure,
        credit_code=decision.subject.credit_code,
        subject_name=decision.subject.name,
        decided_on=decision.decided_on,
        served_on=decision.served_on,
        handler=decision.handler,
        violations=tuple(_act(violation) for violation in violations),
    )


def has_content(decision: Decision, data: DecisionInput) -> bool:
    """Whether ``data``, handed in again, says what ``decision`` says.

    Spelling is unified first; the organisation is compared as such, so that a former code or name
    is the same; the order of dispositions within an act means nothing.
    """
    subject = find_by_code(data.credit_code)
    if subject is None or subject.pk != decision.subject.survivor_id:
        return False
    return _comparable(cleaned(data)) == _comparable(content_of(decision))


def _comparable(data: DecisionInput) -> DecisionInput:
    return replace(
        data,
        credit_code="",
        subject_name="",
        code_exception="",
        subject_address="",
        subject_principal="",
        subject_industry="",
        truth_stated=False,
        violations=tuple(
            replace(
                act,
                # Said about the paper, it is no part of it.
                deviation_reason="",
                dispositions=tuple(sorted(act.dispositions, key=lambda one: one.kind)),
            )
            for act in data.violations
        ),
    )


def _act(violation: Violation) -> ViolationInput:
    return ViolationInput(
        field=violation.field,
        type=violation.type,
        facts=violation.facts,
        law=violation.law,
        article=violation.article,
        committed_on=violation.committed_on,
        correct_by=violation.correct_by,
        deviation_reason=violation.deviation_reason,
        dispositions=tuple(
            DispositionInput(one.kind, one.amount, one.licence)
            for one in violation.dispositions.all()
        ),
    )
