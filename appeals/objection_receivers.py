"""What was decided elsewhere, or by a repair, ends the objections that hang on it.

Connected by the app; the receiver runs in the transaction of the outcome, whatever path it came.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from accounts.models import Officer
from appeals.objection_enums import ObjectionState, Verdict
from appeals.objection_models import Objection, ObjectionClaim
from appeals.objection_steps import end_pauses, record
from appeals.objection_workflow import locked
from core.clock import today
from violations import outcome_basis
from violations.writing import save_as


def close_overtaken(
    sender: Any,
    *,
    violation_ids: Sequence[int],
    basis: str,
    document: str,
    officer: Officer,
    **kwargs: Any,
) -> None:
    """Close the open claims about these acts; an objection with none left is closed with them.

    A repair says nothing about whether the record is right: an objection goes on after it.
    """
    read = outcome_basis.parse(basis)
    if read is None or read.kind in ("repair", outcome_basis.Organ.CREDIT_PLATFORM):
        return
    claims = ObjectionClaim.objects.filter(is_open=True, violation_id__in=list(violation_ids))
    cases = sorted(set(claims.values_list("objection_id", flat=True)))
    for pk in cases:
        objection = locked(pk)
        if objection.is_open:
            _close(officer, objection, violation_ids, f"{read.words}（{document}）已有结果")


def _close(
    officer: Officer, objection: Objection, violation_ids: Sequence[int], reason: str
) -> None:
    for claim in objection.claims.filter(is_open=True, violation_id__in=list(violation_ids)):
        claim.is_open, claim.verdict = False, Verdict.OVERTAKEN
        save_as(officer, claim, reason=reason[:100])
    objection.version += 1
    if not objection.claims.filter(is_open=True).exists():
        objection.state = ObjectionState.OVERTAKEN
        objection.closed_on, objection.closed_reason = today(), f"{reason}，本异议了结。"
        end_pauses(officer, objection)
    elif objection.state == ObjectionState.PROPOSED:
        objection.state = ObjectionState.ACCEPTED  # what is left is proposed anew
    save_as(officer, objection, reason=reason[:100])
    record(officer, objection, "objection.overtaken", reason)
