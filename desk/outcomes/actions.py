"""What an officer may still do about a decision that left the hands of its unit."""

from __future__ import annotations

from typing import Any

from accounts.models import Officer
from accounts.roles import Can
from desk.objections.subject_card import marks
from desk.outcomes.words import annulments
from violations.enums import DecisionState
from violations.models import Decision
from violations.workflow import Action, allows


def outcome_actions(officer: Officer, decision: Decision) -> dict[str, Any]:
    """For ``desk/outcomes/_actions.html``, and what set the decision or its acts aside."""
    fell = annulments(decision, decision.violations.all())
    in_force = decision.state == DecisionState.IN_FORCE
    fallen = decision.state == DecisionState.WITHDRAWN and decision.confirmed_at is not None
    own = officer.may(Can.RECORD_DECISION) and officer.unit_id == decision.unit_id
    replaced_by = decision.replaced_by.exclude(state=DecisionState.WITHDRAWN).first()
    waiting = None
    if officer.may(Can.PROPOSE_CORRECTION) or officer.may(Can.AGREE_TO_CORRECTION):
        waiting = decision.corrections.waiting().first()
    return {
        "may_outcome": allows(decision, Action.RECORD_OUTCOME, officer),
        "may_correct": in_force and officer.may(Can.PROPOSE_CORRECTION),
        "may_replace": fallen and own and replaced_by is None,
        "may_object": in_force and officer.may(Can.HANDLE_APPEAL),
        "disputed": marks(decision.violations.values_list("pk", flat=True)),
        "waiting_correction": waiting,
        "replaced_by": replaced_by,
        "annulments": fell,
        "was_annulled": any(one.is_whole for one in fell),
    }
