"""From draft to force: submitted by the unit, confirmed or returned by a second person (2-1)."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import Officer
from core import audit
from violations.checks_of_texts import text
from violations.cleaning import one_line
from violations.content import content_of
from violations.errors import InvalidDecision
from violations.inputs import Fault
from violations.models import Decision, RemarkDraft
from violations.recording import had_a_hand
from violations.warnings import grounds, unexplained, warnings_of
from violations.workflow import Action, apply, locked
from violations.writing import save_as, tell

MIN_REMARK = 5
MAX_REMARK = 1000


@transaction.atomic
def submit_decision(
    *,
    officer: Officer,
    decision_id: int,
    version: int,
    truth_stated: bool = False,
    by_hand: bool = True,
) -> Decision:
    """Hand a draft of the own unit in for confirmation.

    The unit states that it is true: now with ``truth_stated``, or when it was recorded.
    ``by_hand``: an officer submits, who has to say why an act leaves what its article gives; no
    connected system is stopped by that. Raises Decision.DoesNotExist, NotAllowed, WrongState,
    StaleVersion, InvalidDecision.
    """
    decision = locked(decision_id)
    apply(decision, Action.SUBMIT, officer=officer, version=version)
    faults = []
    if by_hand:
        data = content_of(decision)
        faults = unexplained(data, warnings_of(data, grounds()))
    if not (truth_stated or decision.truth_stated):
        message = "没有勾选真实性声明。请阅读后勾选，未勾选不能提交。"
        faults.append(Fault("truth_stated", "missing", message))
    if faults:
        raise InvalidDecision(faults)
    decision.truth_stated = True
    decision.submitted_at = timezone.now()
    decision.returned_remark = ""  # answered by this; the history keeps it
    save_as(officer, decision, reason="提交审核")
    had_a_hand(decision, officer)
    _record(officer, "decision.submit", decision)
    return decision


@transaction.atomic
def confirm_decision(*, officer: Officer, decision_id: int, version: int) -> Decision:
    """Put a submitted decision in force; it counts from its ``decided_on``, however late this is.

    Raises Decision.DoesNotExist, NotAllowed, WrongState, StaleVersion.
    """
    decision = locked(decision_id)
    apply(decision, Action.CONFIRM, officer=officer, version=version)
    decision.confirmed_by = officer
    decision.confirmed_at = timezone.now()
    decision.returned_remark = ""
    save_as(officer, decision, reason="审核通过")
    RemarkDraft.objects.filter(decision=decision).delete()
    _record(officer, "decision.confirm", decision)
    tell(decision, cause="decision", source=f"审核通过 {decision.number}")
    return decision


@transaction.atomic
def return_decision(*, officer: Officer, decision_id: int, version: int, remark: str) -> Decision:
    """Send a submitted decision back to draft with a remark; its truth is to be stated anew.

    Raises Decision.DoesNotExist, NotAllowed, WrongState, StaleVersion, InvalidDecision.
    """
    remark = remark.replace("\r\n", "\n").strip()
    decision = locked(decision_id)
    apply(decision, Action.RETURN, officer=officer, version=version)
    _require_remark(remark)
    decision.returned_remark = remark
    decision.submitted_at = None
    decision.truth_stated = False
    save_as(officer, decision, reason="退回更正")
    RemarkDraft.objects.filter(decision=decision).delete()
    _record(officer, "decision.return", decision, reason=remark)
    return decision


@transaction.atomic
def withdraw_decision(
    *, officer: Officer, decision_id: int, version: int, reason: str = ""
) -> Decision:
    """Give up a decision of the own unit that is not in force; its number is free again.

    One in force falls only by ``withdraw_in_force``. Raises Decision.DoesNotExist, NotAllowed,
    WrongState, StaleVersion, InvalidDecision.
    """
    reason = one_line(reason)
    decision = locked(decision_id)
    apply(decision, Action.WITHDRAW, officer=officer, version=version)
    faults = list(text("reason", reason, "作废理由", MAX_REMARK, required=False))
    if faults:
        raise InvalidDecision(faults)
    save_as(officer, decision, reason=reason or "作废")
    _record(officer, "decision.withdraw", decision, reason=reason)
    return decision


def _require_remark(remark: str) -> None:
    mend = "请写明哪一项需要更正。"
    said = text(
        "remark", remark, "退回意见", MAX_REMARK, required=False, shortest=MIN_REMARK, mend=mend
    )
    faults = list(said)
    if faults:
        raise InvalidDecision(faults)


def _record(officer: Officer, action: str, decision: Decision, *, reason: str = "") -> None:
    audit.record(
        actor=officer,
        action=action,
        target=decision,
        reason=reason,
        details={"version": decision.version, "state": decision.state},
    )
