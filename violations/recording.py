"""Recording a decision and changing one that is not in force yet."""

from __future__ import annotations

from dataclasses import replace

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Officer, Unit
from accounts.roles import Can
from core import audit
from core.clock import today
from subjects.models import Subject
from subjects.services import DuplicateSubject
from violations.acts import write_acts
from violations.checks import check_decision
from violations.cleaning import cleaned
from violations.enums import DecisionState
from violations.errors import DuplicateNumber, InvalidDecision, NotAllowed
from violations.inputs import DecisionInput, Fault
from violations.models import Decision, DecisionEditor
from violations.numbers import number_key
from violations.organisations import entered, known
from violations.selectors import same_number
from violations.workflow import Action, apply, locked
from violations.writing import save_as


@transaction.atomic
def record_decision(
    *,
    officer: Officer,
    data: DecisionInput,
    submit: bool = False,
    replaces: Decision | None = None,
) -> Decision:
    """Record a decision of the officer's unit as a draft, or hand it in at once with ``submit``.

    An unknown organisation is registered. ``replaces`` is a decision that was entered wrong and no
    longer counts. Raises NotAllowed, InvalidDecision, DuplicateNumber.
    """
    data = cleaned(data)
    unit = _own_unit(officer, data)
    subject = checked_subject(data, unit=unit, submit=submit, replaces=replaces)
    decision = Decision(
        unit=unit,
        subject=subject or registered(officer, data),
        recorded_by=officer,
        replaces=replaces,
        state=DecisionState.SUBMITTED if submit else DecisionState.DRAFT,
        submitted_at=timezone.now() if submit else None,
    )
    fill(decision, data)
    save(decision, officer=officer, reason="录入")
    write_acts(decision, data.violations, officer=officer)
    had_a_hand(decision, officer)
    audit.record(
        actor=officer,
        action="decision.record",
        target=decision,
        details={"state": decision.state, "replaces": replaces.pk if replaces else None},
    )
    return decision


@transaction.atomic
def edit_decision(
    *, officer: Officer, decision_id: int, version: int, data: DecisionInput
) -> Decision:
    """Change a decision that is not in force; what was submitted becomes a draft again.

    ``version`` is the one that the officer read. The unit stays; the organisation may change, for
    a draft never counted anywhere. Raises Decision.DoesNotExist, NotAllowed, WrongState,
    StaleVersion, InvalidDecision, DuplicateNumber.
    """
    decision = locked(decision_id)
    apply(decision, Action.EDIT, officer=officer, version=version)
    data = replace(cleaned(data), unit_code=decision.unit.code)
    subject = checked_subject(data, unit=decision.unit, itself=decision, replaces=decision.replaces)
    decision.subject = subject or registered(officer, data)
    decision.submitted_at = None
    fill(decision, data)
    save(decision, officer=officer, reason="修改")
    write_acts(decision, data.violations, officer=officer)
    had_a_hand(decision, officer)
    audit.record(
        actor=officer,
        action="decision.edit",
        target=decision,
        details={"version": decision.version},
    )
    return decision


def had_a_hand(decision: Decision, officer: Officer) -> None:
    """Remember that the officer recorded, edited or submitted it; they never confirm it (2-1)."""
    DecisionEditor.objects.get_or_create(decision=decision, officer=officer)


def _own_unit(officer: Officer, data: DecisionInput) -> Unit:
    if not officer.may(Can.RECORD_DECISION):
        raise NotAllowed("您的角色不能录入处理决定。需要录入的，请联系本单位录入民警。")
    if data.unit_code and data.unit_code != officer.unit.code:
        raise NotAllowed(f"您只能录入{officer.unit}作出的决定。其他单位的决定，请由该单位录入。")
    return officer.unit


def checked_subject(
    data: DecisionInput,
    *,
    unit: Unit,
    submit: bool = False,
    takeover: bool = False,
    itself: Decision | None = None,
    replaces: Decision | None = None,
) -> Subject | None:
    """The organisation if the register has it, after everything about the decision was checked.

    Raises InvalidDecision, DuplicateNumber.
    """
    subject = known(data.credit_code)
    faults = check_decision(
        data,
        today=today(),
        takeover=takeover,
        submit=submit,
        known_code=subject is not None,
    )
    if replaces is not None:
        faults += _replacement_faults(replaces, unit)
    twin = same_number(unit, data.number, besides=itself)
    if twin is not None and not faults:
        raise DuplicateNumber(twin)
    if twin is not None:
        faults.append(Fault("number", "duplicate", DuplicateNumber(twin).message))
    if faults:
        raise InvalidDecision(faults)
    return subject


def _replacement_faults(replaces: Decision, unit: Unit) -> list[Fault]:
    if replaces.unit_id != unit.pk:
        message = f"被替代的决定由{replaces.unit}作出。请由该单位重新录入。"
        return [Fault("replaces", "other_unit", message)]
    if replaces.violations.filter(revoked_on__isnull=True).exists() and (
        replaces.state != DecisionState.WITHDRAWN
    ):
        message = f"被替代的决定 {replaces.number} 尚未撤销。请先由局办公室撤销，再重新录入。"
        return [Fault("replaces", "still_counts", message)]
    return []


_PATHS = {
    "name": "subject_name",
    "address": "subject_address",
    "principal": "subject_principal",
    "industry": "subject_industry",
}


def registered(officer: Officer, data: DecisionInput) -> Subject:
    """The organisation, entered into the register, in the charge of the unit that decided.

    Raises InvalidDecision.
    """
    try:
        return entered(
            officer=officer,
            credit_code=data.credit_code,
            name=data.subject_name,
            paths=_PATHS,
            code_exception=data.code_exception,
            address=data.subject_address,
            principal=data.subject_principal,
            industry=data.subject_industry,
            unit_in_charge=officer.unit,
        )
    except DuplicateSubject as twice:  # a colleague registered it at the same moment
        return twice.existing


def fill(decision: Decision, data: DecisionInput) -> None:
    """Set the columns that the paper itself gives; ``data`` was checked."""
    assert data.decided_on is not None  # checked
    decision.number = data.number
    decision.number_key = number_key(data.number)
    decision.kind = data.kind
    decision.procedure = data.procedure
    decision.handler = data.handler
    decision.decided_on = data.decided_on
    decision.served_on = data.served_on
    decision.truth_stated = data.truth_stated


def save(decision: Decision, *, officer: Officer, reason: str) -> None:
    """Raises DuplicateNumber where a colleague took the number at the same moment."""
    try:
        with transaction.atomic():
            save_as(officer, decision, reason=reason)
    except IntegrityError:
        twin = same_number(decision.unit, decision.number, besides=decision)
        if twin is None:
            raise
        raise DuplicateNumber(twin) from None
