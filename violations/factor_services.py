"""Recording a factor, revoking it with a paper, and ending it (1-3, 2-3).

Each is saved one by one, which asks for a new grading; a factor changes no grade by itself, but
some kinds open an outside signal (domain.md §3).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import Officer
from accounts.roles import Can
from core import audit
from core.clock import today
from subjects import credit_codes
from subjects.models import Subject
from violations.checks_of_texts import text
from violations.cleaning import one_line
from violations.errors import InvalidDecision, NotAllowed
from violations.factor_checks import (
    LAST_DAY,
    LIKE_THIS,
    FactorInput,
    check_factor,
    faults_of_reason,
)
from violations.factor_models import Factor
from violations.inputs import Fault
from violations.organisations import known
from violations.signals import facts_written
from violations.writing import SOURCE_LENGTH, save_as


class StaleFactor(Exception):  # noqa: N818 - as the errors of decisions
    """Somebody changed the factor since it was read (409): ``factor`` as it is now."""

    def __init__(self, factor: Factor) -> None:
        self.factor = factor
        super().__init__("该因素已有他人修改，您的操作没有保存。请查看现在的内容。")


@transaction.atomic
def record_factor(
    *, officer: Officer, data: FactorInput, by_right: Can = Can.RECORD_FACTOR
) -> Factor:
    """Record a factor of the officer's unit about an organisation of the register.

    ``by_right`` is another right where the factor comes out of other work: an inspection's result.
    Raises NotAllowed, InvalidDecision.
    """
    if not officer.may(by_right):
        require_recorder(officer)
    data = data.cleaned()
    subject, faults = _subject(data)
    faults += check_factor(data, today=today())
    if subject is not None and not faults and _same_factor(subject, data) is not None:
        message = f"{subject.name}的这一条（{data.scheme}：{data.value}）已录入，不必重复录入。"
        faults.append(Fault("value", "duplicate", message))
    if faults or subject is None or data.in_force_from is None:
        raise InvalidDecision(faults)
    factor = Factor(
        subject=subject,
        unit_id=officer.unit_id,
        kind=data.kind,
        scheme=data.scheme,
        value=data.value,
        is_worst=data.is_worst,
        source=data.source,
        in_force_from=data.in_force_from,
        in_force_until=data.in_force_until,
        recorded_by=officer,
    )
    save_as(officer, factor, reason="录入")
    _tell(officer, "factor.record", factor)
    return factor


@transaction.atomic
def revoke_factor(
    *, officer: Officer, factor_id: int, version: int, reason: str, document: str
) -> Factor:
    """Revoke what should not stand, with reason and paper: it is in force on no day.

    Raises Factor.DoesNotExist, NotAllowed, StaleFactor, InvalidDecision.
    """
    factor = _locked(officer, factor_id, version)
    reason, document = one_line(reason), one_line(document)
    faults = [*faults_of_reason(reason), *text("document", document, "撤销文书", 100)]
    if faults:
        raise InvalidDecision(faults)
    factor.revoked_on = today()
    _close(officer, factor, "factor.revoke", reason, document)
    return factor


@transaction.atomic
def end_factor(
    *,
    officer: Officer,
    factor_id: int,
    version: int,
    last_day: date | None,
    reason: str,
    document: str = "",
) -> Factor:
    """The factor is in force up to and including ``last_day``.

    Raises Factor.DoesNotExist, NotAllowed, StaleFactor, InvalidDecision.
    """
    factor = _locked(officer, factor_id, version)
    reason, document = one_line(reason), one_line(document)
    faults = [
        *faults_of_reason(reason),
        *text("document", document, "终止文书", 100, required=False),
    ]
    if last_day is None:
        faults.append(Fault("last_day", "missing", f"没有填写最后一天。{LIKE_THIS}"))
    elif not factor.in_force_from <= last_day <= LAST_DAY:
        message = f"最后一天不能早于生效日期 {factor.in_force_from}。请对照文书核对。"
        faults.append(Fault("last_day", "before_begin", message))
    if faults:
        raise InvalidDecision(faults)
    factor.in_force_until = last_day
    _close(officer, factor, "factor.end", reason, document)
    return factor


def require_recorder(officer: Officer) -> None:
    """Raise NotAllowed for whoever does not record factors."""
    if not officer.may(Can.RECORD_FACTOR):
        raise NotAllowed("您的角色不能录入参考因素。需要录入的，请联系本单位录入民警或局办公室。")


def _same_factor(subject: Subject, data: FactorInput) -> Factor | None:
    """What stands on record with the same content already, revoked ones left out."""
    if data.in_force_from is None:
        return None
    rows = Factor.objects.filter(
        subject=subject,
        kind=data.kind,
        scheme=data.scheme,
        value=data.value,
        in_force_from=data.in_force_from,
        revoked_on__isnull=True,
    )
    return rows.first()


def may_change(officer: Officer, factor: Factor) -> bool:
    """A unit's records are its own (2-3); the office looks after all of them."""
    own = factor.unit_id == officer.unit_id or officer.may(Can.SEE_ALL_DECISIONS)
    return officer.may(Can.RECORD_FACTOR) and own and factor.revoked_on is None


def _subject(data: FactorInput) -> tuple[Subject | None, list[Fault]]:
    fault = credit_codes.check(data.credit_code)
    subject = known(data.credit_code)
    if subject is not None:
        return subject, []
    if fault is not None:
        return None, [Fault("credit_code", fault.code, fault.message)]
    message = "该代码没有登记。请先登记监管对象，再录入。"
    return None, [Fault("credit_code", "unregistered", message)]


def _locked(officer: Officer, factor_id: int, version: int) -> Factor:
    require_recorder(officer)
    factor = Factor.objects.select_for_update().get(pk=factor_id)
    if factor.revoked_on is not None:
        message = f"该因素已于 {factor.revoked_on} 撤销，不再修改。"
        raise InvalidDecision([Fault("", "revoked", message)])
    if not may_change(officer, factor):
        raise NotAllowed(
            f"您所在单位不能修改此记录（归口 {factor.unit}）。请联系该单位或局办公室。"
        )
    if factor.version != version:
        raise StaleFactor(factor)
    return factor


def _close(officer: Officer, factor: Factor, action: str, reason: str, document: str) -> None:
    factor.closing_reason, factor.closing_document = reason, document
    factor.version += 1
    save_as(officer, factor, reason=reason)
    _tell(officer, action, factor, reason=reason, document=document)


def _tell(officer: Officer, action: str, factor: Factor, reason: str = "", **more: Any) -> None:
    audit.record(
        actor=officer,
        action=action,
        target=factor,
        reason=reason,
        details={"kind": factor.kind, "credit_code": factor.subject.credit_code, **more},
    )
    facts_written.send(
        sender=Factor,
        subject_ids=[factor.subject_id],
        cause="factor",
        source=f"参考因素 {factor}"[:SOURCE_LENGTH],
    )
