"""Filling in when a decision in force was served; to be done within 7 working days (art. 61)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.files.base import File
from django.db import transaction

from accounts.models import Officer
from core import audit
from core.clock import today
from violations.attachment_services import attach_file
from violations.checks_of_texts import text_of_paper as text
from violations.cleaning import one_line
from violations.enums import AttachmentKind
from violations.errors import InvalidDecision
from violations.inputs import Fault
from violations.models import Decision
from violations.workflow import Action, apply, locked
from violations.writing import save_as, tell


@transaction.atomic
def serve_decision(
    *,
    officer: Officer,
    decision_id: int,
    version: int,
    served_on: date | None,
    document: str,
    receipt: File[Any] | None = None,
) -> Decision:
    """Note the day on which a decision of the own unit was served, with the paper that shows it.

    It fills an empty day only: a wrong one is mended by the correction service. The grade stays;
    what may begin only after service waits for this. Raises Decision.DoesNotExist, NotAllowed,
    WrongState, StaleVersion, InvalidDecision.
    """
    document = one_line(document)
    decision = locked(decision_id)
    apply(decision, Action.SERVE, officer=officer, version=version)
    faults = _faults(decision, served_on) + list(text("document", document, "送达凭证", 100))
    if faults:
        raise InvalidDecision(faults)
    decision.served_on = served_on
    save_as(officer, decision, reason=f"补登送达：{document}")
    if receipt is not None:
        attach_file(
            officer=officer,
            decision_id=decision.pk,
            kind=AttachmentKind.RECEIPT,
            upload=receipt,
            reason=f"补登送达：{document}",
        )
    audit.record(
        actor=officer,
        action="decision.serve",
        target=decision,
        details={"served_on": str(served_on), "document": document},
    )
    tell(decision, cause="decision", source=f"补登送达 {document}")
    return decision


def _faults(decision: Decision, served_on: date | None) -> list[Fault]:
    if decision.served_on is not None:
        message = f"该决定已登记 {decision.served_on} 送达。登记有误的，请办理更正。"
        return [Fault("served_on", "served", message)]
    if served_on is None:
        return [Fault("served_on", "missing", "没有填写送达日期。请对照送达回证填写。")]
    if served_on > today():
        return [Fault("served_on", "future", "送达日期不能晚于今天。请对照送达回证核对。")]
    if served_on < decision.decided_on:
        message = f"送达日期不能早于决定日期 {decision.decided_on}。请对照送达回证核对。"
        return [Fault("served_on", "before_decision", message)]
    return []
