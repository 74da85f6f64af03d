"""What becomes of a decision in force: contested, revoked, repaired (2-3, 5-9).

Decided elsewhere (court, review organ, credit platform) or here by an objection or a repair, never
by who recorded or confirmed the decision. Nothing is revoked or repaired without what stands behind
it: ``basis`` (``violations.outcome_basis``).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import Officer
from core import audit
from core.clock import today
from violations import outcome_basis
from violations.checks_of_texts import text
from violations.cleaning import one_line
from violations.errors import InvalidDecision
from violations.inputs import Fault
from violations.models import Contest, Decision, Violation
from violations.outcome_basis import Organ, Outcome
from violations.signals import outcome_decided
from violations.workflow import Action, apply, locked
from violations.writing import save_as, tell

MIN_REASON = 10
MAX_REASON = 1000


@transaction.atomic
def contest_decision(
    *,
    officer: Officer,
    decision_id: int,
    contested_from: date,
    contested_until: date | None = None,
    document: str,
) -> Contest:
    """Note an administrative review or suit; nothing of the decision counts while it runs.

    It runs from ``contested_from`` up to the day before ``contested_until``. Raises
    Decision.DoesNotExist, NotAllowed, WrongState, InvalidDecision.
    """
    document = one_line(document)
    decision = locked(decision_id)
    apply(decision, Action.RECORD_OUTCOME, officer=officer)
    faults = list(text("document", document, "文书", 100))
    faults += _day_faults("contested_from", "起始日期", contested_from, decision)
    faults += _end_faults("contested_until", contested_until, contested_from)
    if decision.contests.filter(document=document, contested_from=contested_from).exists():
        message = f"文书 {document} 已登记。请打开该决定查看复议诉讼。"
        faults.append(Fault("document", "duplicate", message))
    _refuse(faults)
    contest = Contest(
        decision=decision,
        contested_from=contested_from,
        contested_until=contested_until,
        document=document,
    )
    save_as(officer, contest, reason="登记复议诉讼")
    _record(officer, "contest.begin", contest, {"decision": decision.pk})
    tell(decision, cause="contest", source=f"复议诉讼 {document}")
    return contest


@transaction.atomic
def end_contest(
    *,
    officer: Officer,
    contest_id: int,
    until: date,
    outcome: str,
    basis: str = Organ.OTHER,
    revoked: Collection[int] = (),
) -> Contest:
    """Note how a review or suit ended; from ``until`` on the decision counts again if it stands.

    The acts of ``revoked`` were set aside and fall at once. Objections and repairs that are open
    about the decision close with this outcome: it is registered once.

    Raises Contest.DoesNotExist, NotAllowed, WrongState, InvalidDecision.
    """
    outcome = one_line(outcome)
    contest = Contest.objects.get(pk=contest_id)
    decision = locked(contest.decision_id)
    apply(decision, Action.RECORD_OUTCOME, officer=officer)
    contest = Contest.objects.select_for_update().get(pk=contest_id)
    faults = list(text("outcome", outcome, "结果", MAX_REASON))
    faults += _end_faults("until", until, contest.contested_from)
    if contest.outcome:
        message = f"文书 {contest.document} 的结果已登记。请打开该决定查看复议诉讼。"
        faults.append(Fault("outcome", "ended", message))
    standing = decision.violations.select_for_update().filter(revoked_on__isnull=True)
    falling = list(standing.filter(pk__in=list(revoked))) if revoked else []
    if len(falling) != len(set(revoked)):
        message = "所选的违法行为不属于该决定，或者已经撤销。请重新选择。"
        faults.append(Fault("revoked", "unknown", message))
    if falling:
        faults += _outcome_faults(until, outcome, contest.document, decision)
        acts = [one.pk for one in falling]
        faults += outcome_basis.faults(basis, acts, Outcome.REVOKED)
    _refuse(faults)
    contest.contested_until = until
    contest.outcome = outcome
    save_as(officer, contest, reason="登记复议诉讼结果")
    details = {"decision": decision.pk, "basis": basis, "revoked": [one.pk for one in falling]}
    _record(officer, "contest.end", contest, details)
    for violation in falling:
        revoke_without_asking(
            violation,
            officer=officer,
            on=until,
            reason=outcome,
            document=contest.document,
            basis=basis,
        )
    tell(decision, cause="contest", source=f"复议诉讼结果 {contest.document}")
    ids = list(decision.violations.values_list("pk", flat=True))
    _decided(decision, ids, basis=basis, document=contest.document, officer=officer)
    return contest


@transaction.atomic
def revoke_violation(
    *, officer: Officer, violation_id: int, on: date, reason: str, document: str, basis: str
) -> Violation:
    """Revoke one act: it counts on no day, past days included.

    Raises Violation.DoesNotExist, NotAllowed, WrongState, InvalidDecision.
    """
    reason, document = reason.strip(), one_line(document)
    decision, violation = _locked_act(violation_id, officer, basis)
    faults = _outcome_faults(on, reason, document, decision) + _already(violation, repair=False)
    faults += outcome_basis.faults(basis, [violation.pk], Outcome.REVOKED)
    _refuse(faults)
    revoke_without_asking(
        violation, officer=officer, on=on, reason=reason, document=document, basis=basis
    )
    tell(decision, cause="revocation", source=f"撤销 {document}")
    _decided(decision, [violation.pk], basis=basis, document=document, officer=officer)
    return violation


@transaction.atomic
def repair_violation(
    *, officer: Officer, violation_id: int, on: date, reason: str, document: str, basis: str
) -> Violation:
    """Note that the credit for one act is repaired: it stops to count on the day ``on``.

    Raises Violation.DoesNotExist, NotAllowed, WrongState, InvalidDecision.
    """
    reason, document = reason.strip(), one_line(document)
    decision, violation = _locked_act(violation_id, officer, basis)
    faults = _outcome_faults(on, reason, document, decision) + _already(violation, repair=True)
    faults += outcome_basis.faults(basis, [violation.pk], Outcome.REPAIRED)
    _refuse(faults)
    repair_without_asking(
        violation, officer=officer, on=on, reason=reason, document=document, basis=basis
    )
    tell(decision, cause="repair", source=f"信用修复 {document}")
    _decided(decision, [violation.pk], basis=basis, document=document, officer=officer)
    return violation


@transaction.atomic
def withdraw_in_force(
    *,
    officer: Officer,
    decision_id: int,
    version: int,
    on: date,
    reason: str,
    document: str,
    basis: str,
) -> Decision:
    """Revoke every act of a decision and take it out of force: it was entered wrong or set aside.

    Its number is free again, so that it can be recorded anew with ``replaces`` and the paper's own
    date. Raises Decision.DoesNotExist, NotAllowed, WrongState, StaleVersion, InvalidDecision.
    """
    reason, document = reason.strip(), one_line(document)
    decision = locked(decision_id)
    here = _is_decided_here(basis)
    action = Action.WITHDRAW_ON_APPEAL if here else Action.WITHDRAW_IN_FORCE
    apply(decision, action, officer=officer, version=version)
    standing = list(decision.violations.select_for_update().filter(revoked_on__isnull=True))
    ids = [violation.pk for violation in standing]
    faults = _outcome_faults(on, reason, document, decision)
    _refuse(faults + outcome_basis.faults(basis, ids, Outcome.REVOKED))
    for violation in standing:
        revoke_without_asking(
            violation, officer=officer, on=on, reason=reason, document=document, basis=basis
        )
    save_as(officer, decision, reason="撤销决定")
    details = {"on": str(on), "document": document, "basis": basis}
    _record(officer, "decision.revoke", decision, details, reason)
    tell(decision, cause="revocation", source=f"撤销 {document}")
    _decided(decision, ids, basis=basis, document=document, officer=officer)
    return decision


def _locked_act(violation_id: int, officer: Officer, basis: str) -> tuple[Decision, Violation]:
    """The decision is locked before its act: everybody takes locks in this order."""
    decision_id: int = Violation.objects.values_list("decision_id", flat=True).get(pk=violation_id)
    decision = locked(decision_id)
    here = _is_decided_here(basis)
    apply(decision, Action.CARRY_OUT_APPEAL if here else Action.RECORD_OUTCOME, officer=officer)
    violation: Violation = Violation.objects.select_for_update().get(pk=violation_id)
    violation.decision = decision
    return decision, violation


def revoke_without_asking(
    violation: Violation, *, officer: Officer, on: date, reason: str, document: str, basis: str
) -> None:
    """Write that an act fell. For the services above, and for previews that are rolled back."""
    violation.revoked_on = on
    violation.revoked_reason = reason
    violation.revoked_document = document
    violation.revoked_basis = basis
    save_as(officer, violation, reason="撤销失信行为")
    details = {"on": str(on), "document": document, "basis": basis}
    _record(officer, "violation.revoke", violation, details, reason)


def repair_without_asking(
    violation: Violation, *, officer: Officer, on: date, reason: str, document: str, basis: str
) -> None:
    """Write that the credit for an act is repaired. As ``revoke_without_asking``."""
    violation.repaired_on = on
    violation.repaired_reason = reason
    violation.repaired_document = document
    violation.repaired_basis = basis
    save_as(officer, violation, reason="信用修复")
    details = {"on": str(on), "document": document, "basis": basis}
    _record(officer, "violation.repair", violation, details, reason)


def _is_decided_here(basis: str) -> bool:
    """What is no basis at all is refused later, as something decided elsewhere."""
    read = outcome_basis.parse(basis)
    return read is not None and not read.is_elsewhere


def _decided(
    decision: Decision, violation_ids: list[int], *, basis: str, document: str, officer: Officer
) -> None:
    outcome_decided.send(
        sender=Decision,
        decision_id=decision.pk,
        violation_ids=violation_ids,
        basis=basis,
        document=document,
        officer=officer,
    )


def _already(violation: Violation, *, repair: bool) -> list[Fault]:
    if violation.revoked_on is not None:
        message = f"该失信行为已于 {violation.revoked_on} 撤销，不再计入。无需再次登记。"
        return [Fault("on", "revoked", message)]
    if repair and violation.repaired_on is not None:
        message = f"该失信行为已于 {violation.repaired_on} 修复。无需再次登记。"
        return [Fault("on", "repaired", message)]
    return []


def _outcome_faults(on: date, reason: str, document: str, decision: Decision) -> list[Fault]:
    faults = _day_faults("on", "日期", on, decision)
    faults += text("reason", reason, "理由", MAX_REASON)
    if reason and len(reason) < MIN_REASON:
        message = f"理由至少 {MIN_REASON} 字，现为 {len(reason)} 字。请写明认定的事实和依据。"
        faults.append(Fault("reason", "too_short", message))
    faults += text("document", document, "文书", 100)
    return faults


def _day_faults(path: str, label: str, day: date, decision: Decision) -> list[Fault]:
    if day > today():
        return [Fault(path, "future", f"{label}不能晚于今天。请对照文书核对。")]
    if day < decision.decided_on:
        message = f"{label}不能早于决定日期 {decision.decided_on}。请对照文书核对。"
        return [Fault(path, "before_decision", message)]
    return []


def _end_faults(path: str, until: date | None, since: date) -> list[Fault]:
    if until is None or until > since:
        return []
    return [Fault(path, "not_after_start", f"结束日期须晚于 {since}。请对照文书核对。")]


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise InvalidDecision(faults)


def _record(
    officer: Officer,
    action: str,
    target: Decision | Violation | Contest,
    details: dict[str, Any],
    reason: str = "",
) -> None:
    audit.record(actor=officer, action=action, target=target, reason=reason, details=details)
