"""A decision as it is stored: blanks, widths and spellings unified before it is checked."""

from __future__ import annotations

from dataclasses import replace

from subjects import credit_codes
from subjects.particulars import clean_name
from violations.enums import DecisionKind, DispositionKind
from violations.inputs import DecisionInput, DispositionInput, ViolationInput
from violations.numbers import clean_number


def cleaned(data: DecisionInput) -> DecisionInput:
    """``data`` with every text in its one spelling; cleaning twice changes nothing more.

    An act of an order to correct always holds ``order_to_correct``: the paper itself is the order.
    """
    return replace(
        data,
        unit_code=data.unit_code.strip(),
        number=clean_number(data.number),
        kind=data.kind.strip(),
        procedure=data.procedure.strip(),
        credit_code=credit_codes.normalise(data.credit_code),
        subject_name=clean_name(data.subject_name),
        handler=one_line(data.handler),
        code_exception=one_line(data.code_exception),
        subject_address=one_line(data.subject_address),
        subject_principal=one_line(data.subject_principal),
        subject_industry=data.subject_industry.strip(),
        violations=tuple(_cleaned_act(act, data.kind.strip()) for act in data.violations),
    )


def _cleaned_act(act: ViolationInput, decision_kind: str) -> ViolationInput:
    dispositions = tuple(
        DispositionInput(d.kind.strip(), d.amount, one_line(d.licence)) for d in act.dispositions
    )
    if decision_kind == DecisionKind.ORDER and not dispositions:
        dispositions = (DispositionInput(DispositionKind.ORDER_TO_CORRECT.value),)
    return replace(
        act,
        field=act.field.strip(),
        type=one_line(act.type),
        facts=act.facts.replace("\r\n", "\n").replace("\r", "\n").strip(),
        law=one_line(act.law),
        article=one_line(act.article),
        deviation_reason=one_line(act.deviation_reason),
        dispositions=dispositions,
    )


def one_line(text: str) -> str:
    """``text`` without outer blanks; each run of inner blanks, of any width, as one blank."""
    return " ".join(text.split())
