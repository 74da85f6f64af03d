"""The steps before a decision: accept or not, ask the unit, wait, hand on, withdraw (art. 41)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import Officer, Unit
from accounts.roles import Can
from appeals import case_marks
from appeals.objection_enums import Advice, ObjectionState, PauseKind
from appeals.objection_models import Objection
from appeals.objection_parts import ObjectionPause, ObjectionStatement
from appeals.objection_workflow import Step, apply, barred_from_second, locked
from core import audit
from core.clock import today
from violations.checks_of_texts import text
from violations.cleaning import one_line
from violations.errors import CaseRefused, InvalidDecision
from violations.inputs import Fault
from violations.writing import save_as

MIN_REASON, MAX_REASON = 10, 1000


@transaction.atomic
def accept(*, officer: Officer, objection_id: int, version: int) -> Objection:
    """Take it up; whoever accepts an objection without a handler handles it.

    Never one who handled or decided the first, where it is a second look. Raises
    Objection.DoesNotExist, NotAllowed, CaseChanged, CaseRefused, InvalidDecision,
    as all services here do.
    """
    objection = _opened(officer, objection_id, Step.ACCEPT, version)
    objection.accepted_on, objection.accepted_by = today(), officer
    objection.handler = objection.handler or officer
    return _saved(officer, objection, Step.ACCEPT)


@transaction.atomic
def reject(*, officer: Officer, objection_id: int, version: int, reason: str) -> Objection:
    """Do not take it up, saying why; the mark goes."""
    objection = _opened(officer, objection_id, Step.REJECT, version)
    reason = _reason("reason", reason, "不予受理的理由")
    return close(officer, objection, reason=reason, step=Step.REJECT)


@transaction.atomic
def withdraw(*, officer: Officer, objection_id: int, version: int, reason: str) -> Objection:
    """The party takes it back; the mark goes."""
    objection = _opened(officer, objection_id, Step.WITHDRAW, version)
    reason = _reason("reason", reason, "撤回的说明")
    return close(officer, objection, reason=reason, step=Step.WITHDRAW)


@transaction.atomic
def ask_units(*, officer: Officer, objection_id: int, version: int, question: str) -> Objection:
    """Hand it to every unit that provided one of the records; each has its 3 working days."""
    objection = _opened(officer, objection_id, Step.ASK_UNIT, version)
    question = question.replace("\r\n", "\n").strip()
    _refuse(list(text("question", question, "核实要求", MAX_REASON, required=False)))
    units = Unit.objects.filter(objection_claims__objection=objection).distinct().order_by("pk")
    if not units:
        raise CaseRefused("其中没有处理决定，没有可以核实的单位。请由局办公室自行核实。")
    for unit in units:
        row = ObjectionStatement(
            objection=objection, unit=unit, asked_on=today(), asked_by=officer, question=question
        )
        save_as(officer, row, reason="转原单位核实")
    return _saved(officer, objection, Step.ASK_UNIT, units=[one.code for one in units])


@transaction.atomic
def state_for_unit(
    *,
    officer: Officer,
    objection_id: int,
    version: int,
    advice: str,
    words: str,
    document: str = "",
) -> Objection:
    """The unit's word; with the last of them the case is the office's again."""
    objection = _opened(officer, objection_id, Step.STATE, version)
    words = words.replace("\r\n", "\n").strip()
    faults = _words("words", words, "核实情况")
    if advice not in Advice.values:
        faults.append(Fault("advice", "missing", "没有选择核实意见。请选择建议撤销、更正或维持。"))
    document = one_line(document)
    faults += text("document", document, "依据文书", 100, required=False)
    _refuse(faults)
    row = objection.statements.get(unit=officer.unit_id, stated_on__isnull=True)
    row.advice, row.words, row.document = advice, words, document
    row.stated_on, row.stated_by = today(), officer
    save_as(officer, row, reason="回复核实情况")
    if not objection.statements.filter(stated_on__isnull=True).exists():
        objection.state = ObjectionState.ACCEPTED
    return _saved(officer, objection, Step.STATE, advice=advice, document=document)


@transaction.atomic
def pause(*, officer: Officer, objection_id: int, version: int, kind: str, why: str) -> Objection:
    """Material or an expert is awaited from today: the days stand still."""
    objection = _opened(officer, objection_id, Step.PAUSE, version)
    why = why.replace("\r\n", "\n").strip()
    faults = _words("why", why, "等待的内容")
    if kind not in PauseKind.values:
        faults.append(Fault("kind", "missing", "没有选择等待什么。请选择补充材料或鉴定评审。"))
    _refuse(faults)
    row = ObjectionPause(
        objection=objection, kind=kind, begins_on=today(), why=why, asked_by=officer
    )
    save_as(officer, row, reason="登记等待")
    return _saved(officer, objection, Step.PAUSE, why, kind=kind)


@transaction.atomic
def resume(
    *,
    officer: Officer,
    objection_id: int,
    version: int,
    ends_on: date | None,
    brought: str,
) -> Objection:
    """What was awaited came, or will not come: the days run on from the next one."""
    objection = _opened(officer, objection_id, Step.RESUME, version)
    row = objection.pauses.select_for_update().get(ends_on__isnull=True)
    brought = brought.replace("\r\n", "\n").strip()
    faults = _words("brought", brought, "等待的结果")
    if ends_on is None:
        faults.append(
            Fault("ends_on", "missing", "没有填写收到日期。请写成 2026-11-20 这样的形式。")
        )
    elif not row.begins_on <= ends_on <= today():
        message = f"收到日期须在 {row.begins_on} 至今天之间。请核对。"
        faults.append(Fault("ends_on", "out_of_range", message))
    _refuse(faults)
    row.ends_on, row.brought = ends_on, brought
    save_as(officer, row, reason="结束等待")
    return _saved(officer, objection, Step.RESUME, brought, ends_on=str(ends_on))


@transaction.atomic
def transfer(
    *, officer: Officer, objection_id: int, version: int, to: Officer, reason: str
) -> Objection:
    """Hand the case to a colleague who may handle it, or take it oneself."""
    objection = _opened(officer, objection_id, Step.TRANSFER, version)
    reason = one_line(reason)
    faults = list(text("reason", reason, "转办理由", 200))
    if not to.is_active or not to.may(Can.HANDLE_APPEAL):
        faults.append(Fault("to", "cannot", f"{to.name} 不能办理异议。请另选一人。"))
    if to.pk == objection.handler_id:
        faults.append(Fault("to", "same", f"此异议已由 {to.name} 经办。无需转办。"))
    if to.pk == objection.decided_by_id:
        message = f"{to.name} 认定过此异议，不能经办。请另选一人。"
        faults.append(Fault("to", "decided", message))
    if bar := barred_from_second(to, objection):
        faults.append(Fault("to", "first", bar))
    _refuse(faults)
    before, objection.handler = objection.handler, to
    return _saved(
        officer,
        objection,
        Step.TRANSFER,
        reason,
        to=to.number,
        **{"from": before.number if before else ""},
    )


@transaction.atomic
def explain(*, officer: Officer, objection_id: int, version: int, reason: str) -> Objection:
    """Say why it is late; it is shown wherever the lateness is."""
    objection = _opened(officer, objection_id, Step.EXPLAIN, version)
    objection.late_reason = _reason("reason", reason, "逾期原因")
    return _saved(officer, objection, Step.EXPLAIN, objection.late_reason)


@transaction.atomic
def mark(
    *,
    officer: Officer,
    objection_id: int,
    version: int,
    kind: str,
    done_on: date | None,
    words: str,
) -> Objection:
    """Note that what others owe after a changed record was done, or that nothing is owed."""
    objection = _opened(officer, objection_id, Step.MARK, version)
    row = case_marks.write(officer, objection, kind=kind, done_on=done_on, words=words)
    return _saved(officer, objection, Step.MARK, row.words, kind=kind, done_on=str(done_on))


def close(officer: Officer, objection: Objection, *, reason: str, step: Step) -> Objection:
    """End it without a decision: claims are open no more, and what is awaited no longer is."""
    objection.closed_on, objection.closed_reason = today(), reason
    for claim in objection.claims.filter(is_open=True):
        claim.is_open = False
        save_as(officer, claim, reason="异议结束")
    end_pauses(officer, objection)
    return _saved(officer, objection, step, reason)


def end_pauses(officer: Officer, objection: Objection) -> None:
    for row in objection.pauses.filter(ends_on__isnull=True):
        row.ends_on, row.brought = max(today(), row.begins_on), "异议已结束"
        save_as(officer, row, reason="异议结束")


def record(
    officer: Officer, objection: Objection, action: str, reason: str = "", **more: Any
) -> None:
    details = {"subject": objection.subject_id, "state": objection.state, **more}
    audit.record(actor=officer, action=action, target=objection, reason=reason, details=details)


def _opened(officer: Officer, objection_id: int, step: Step, version: int) -> Objection:
    objection = locked(objection_id)
    apply(objection, step, officer=officer, version=version)
    return objection


def _saved(
    officer: Officer, objection: Objection, step: Step, reason: str = "", **more: Any
) -> Objection:
    save_as(officer, objection, reason=reason[:100])
    record(officer, objection, f"objection.{step.replace('-', '_')}", reason, **more)
    return objection


def _words(path: str, words: str, label: str) -> list[Fault]:
    faults = list(text(path, words, label, MAX_REASON))
    if words and len(words) < MIN_REASON:
        message = f"{label}至少 {MIN_REASON} 字，现为 {len(words)} 字。请写明情况。"
        faults.append(Fault(path, "too_short", message))
    return faults


def _reason(path: str, reason: str, label: str) -> str:
    reason = reason.replace("\r\n", "\n").strip()
    _refuse(_words(path, reason, label))
    return reason


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise InvalidDecision(faults)
