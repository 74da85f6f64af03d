"""What must be right about a decision before it is recorded (domain.md §2), written once.

Form, import, API and admin all ask ``check_decision``; it looks at nothing but its arguments.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from subjects import credit_codes
from subjects.enums import Industry
from subjects.particulars import MIN_EXCEPTION
from violations.checks_of_acts import acts
from violations.checks_of_texts import text_of_paper as text
from violations.cleaning import cleaned
from violations.enums import DecisionKind, Procedure
from violations.inputs import DecisionInput, Fault

FIRST_DAY = date(2000, 1, 1)
LIKE_THIS = "请写成 2026-11-20 这样的形式。"
_KINDS = frozenset(DecisionKind.values)
_PROCEDURES = frozenset(Procedure.values)


def check_decision(
    data: DecisionInput,
    *,
    today: date,
    takeover: bool = False,
    submit: bool = False,
    known_code: bool = False,
) -> list[Fault]:
    """Everything that is wrong with ``data``, in the order of the form; empty where nothing is.

    ``takeover``: a record of the past, which may lack ``committed_on`` and ``article``;
    ``submit``: the unit states now that it is true (2-1); ``known_code``: the register holds this
    code already, so a wrong check character was accounted for when it was registered.
    """
    data = cleaned(data)
    return [
        *_subject(data, known_code),
        *_head(data),
        *_days(data, today),
        *acts(data, takeover=takeover),
        *_truth(data, submit),
    ]


def _subject(data: DecisionInput, known_code: bool) -> Iterator[Fault]:
    yield from _credit_code(data, known_code)
    yield from text("subject_name", data.subject_name, "监管对象名称", 200)
    yield from text("subject_address", data.subject_address, "住所", 200, required=False)
    principal = data.subject_principal
    yield from text("subject_principal", principal, "法定代表人（负责人）", 64, required=False)
    if data.subject_industry and data.subject_industry not in Industry.values:
        message = f"行业“{data.subject_industry[:20]}”不在目录内。请从列出的行业中选择。"
        yield Fault("subject_industry", "unknown", message)


def _credit_code(data: DecisionInput, known_code: bool) -> Iterator[Fault]:
    reason = data.code_exception
    yield from text("code_exception", reason, "校验位例外理由", 200, required=False)
    fault = credit_codes.check(data.credit_code)
    if fault is None:
        return
    if fault.code != "check_character" or not (reason or known_code):
        yield Fault("credit_code", fault.code, fault.message)
    elif reason and len(reason) < MIN_EXCEPTION:
        message = (
            f"校验位例外理由过短，现为 {len(reason)} 字。"
            f"请写明如何向登记机关核实，不少于 {MIN_EXCEPTION} 字。"
        )
        yield Fault("code_exception", "too_short", message)


def _head(data: DecisionInput) -> Iterator[Fault]:
    if data.kind not in _KINDS:
        labels = "、".join(DecisionKind.labels)
        message = f"决定种类“{data.kind[:20]}”不在目录内。请选择{labels}之一。"
        yield Fault("kind", "unknown", message)
    yield from text("unit_code", data.unit_code, "作出单位", 32)
    yield from text("number", data.number, "决定书文号", 100)
    if data.number and not any(char.isdigit() for char in data.number):
        message = (
            f"“{data.number[:20]}”不是决定书文号。"
            "请写成 舞公（治）行罚决字〔2026〕0101号 这样的形式。"
        )
        yield Fault("number", "no_number", message)
    if data.procedure not in _PROCEDURES:
        message = f"程序“{data.procedure[:20]}”不在目录内。请选择简易程序或普通程序。"
        yield Fault("procedure", "unknown", message)
    yield from text("handler", data.handler, "承办民警", 64, required=False)


def _days(data: DecisionInput, today: date) -> Iterator[Fault]:
    decided = data.decided_on
    if decided is None:
        yield Fault("decided_on", "missing", f"没有填写决定日期。{LIKE_THIS}")
    elif decided > today:
        yield Fault("decided_on", "future", f"决定日期不能晚于今天。{LIKE_THIS}")
    elif decided < FIRST_DAY:
        message = f"决定日期不能早于 {FIRST_DAY}。请对照决定书核对年份。"
        yield Fault("decided_on", "too_early", message)
    served = data.served_on
    if served is None:
        return
    if served > today:
        message = "送达日期不能晚于今天。尚未送达的，请留空，送达后再填。"
        yield Fault("served_on", "future", message)
    elif decided is not None and served < decided:
        message = f"送达日期不能早于决定日期 {decided}。请对照送达回证核对。"
        yield Fault("served_on", "before_decision", message)


def _truth(data: DecisionInput, submit: bool) -> Iterator[Fault]:
    if submit and not data.truth_stated:
        message = "没有勾选真实性声明。请阅读后勾选，未勾选不能提交。"
        yield Fault("truth_stated", "missing", message)
