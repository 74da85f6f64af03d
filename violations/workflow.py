"""The states of a decision: one table says what leads where, who may, and what must hold.

Every service locks the decision first, then asks here whether its state admits the action, whether
it is still the version that the officer read, and whether this officer may; then it acts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from accounts.models import Officer
from accounts.roles import Can
from violations.enums import DecisionState as State
from violations.errors import NotAllowed, StaleVersion, WrongState
from violations.models import Decision
from violations.reviewers import confirmable_by, had_a_hand_in


class Action(StrEnum):
    EDIT = "edit"
    SUBMIT = "submit"
    CONFIRM = "confirm"
    RETURN = "return"
    WITHDRAW = "withdraw"
    RECORD_OUTCOME = "record_outcome"  # contest, revoke or repair; the decision stays in force
    WITHDRAW_IN_FORCE = "withdraw_in_force"
    CARRY_OUT_APPEAL = "carry_out_appeal"  # the outcome of an objection or repair decided here
    WITHDRAW_ON_APPEAL = "withdraw_on_appeal"
    ATTACH = "attach"  # add or withdraw a paper before it is in force: a new version, like an edit
    ATTACH_LATER = "attach_later"  # the same to one in force, which stays as it was confirmed
    SERVE = "serve"  # fill in when it was served


_LABELS = {
    Action.EDIT: "修改",
    Action.SUBMIT: "提交审核",
    Action.CONFIRM: "审核通过",
    Action.RETURN: "退回更正",
    Action.WITHDRAW: "作废",
    Action.RECORD_OUTCOME: "登记复议诉讼、撤销或修复",
    Action.WITHDRAW_IN_FORCE: "撤销",
    Action.CARRY_OUT_APPEAL: "认定",
    Action.WITHDRAW_ON_APPEAL: "认定撤销",
    Action.ATTACH: "增减附件",
    Action.ATTACH_LATER: "增减附件",
    Action.SERVE: "补登送达",
}

# Says why the officer may not, or None.
Guard = Callable[[Officer, Decision], str | None]


def own_unit(officer: Officer, decision: Decision) -> str | None:
    """A unit's records are its own; the unit that answers for them changes them (2-3)."""
    if decision.unit_id == officer.unit_id:
        return None
    return f"您所在单位不能修改此记录（归口 {decision.unit}）。需要更正的，请联系该单位或局办公室。"


def second_person(officer: Officer, decision: Decision) -> str | None:
    """Nobody confirms what they recorded or edited; the office only where a unit has nobody."""
    if confirmable_by(officer).filter(pk=decision.pk).exists():
        return None
    if had_a_hand_in(officer, decision):
        return "录入、修改或提交过此决定的人不能审核。请由本单位其他审核人或局办公室审核。"
    return f"此决定由{decision.unit}的审核人审核。该单位没有可审核的人时，由局办公室审核。"


def no_hand_in_it(officer: Officer, decision: Decision) -> str | None:
    """Whoever recorded or confirmed a decision does not decide that it falls."""
    if had_a_hand_in(officer, decision):
        return "录入、修改或审核过此决定的人不能登记它的撤销、修复和复议诉讼。请由他人办理。"
    return None


@dataclass(frozen=True)
class Transition:
    """Where an action leads, who may take it (any one of ``permissions``), and its guard."""

    to: State
    permissions: frozenset[Can]
    guard: Guard


_RECORDER = frozenset({Can.RECORD_DECISION})
_REVIEWER = frozenset({Can.CONFIRM_DECISION, Can.CONFIRM_FOR_ANY_UNIT})
_OUTCOMES = frozenset({Can.RECORD_OUTCOME})
_APPEALS = frozenset({Can.DECIDE_APPEAL})

TABLE: dict[tuple[State, Action], Transition] = {
    (State.DRAFT, Action.EDIT): Transition(State.DRAFT, _RECORDER, own_unit),
    (State.DRAFT, Action.SUBMIT): Transition(State.SUBMITTED, _RECORDER, own_unit),
    (State.DRAFT, Action.WITHDRAW): Transition(State.WITHDRAWN, _RECORDER, own_unit),
    (State.SUBMITTED, Action.EDIT): Transition(State.DRAFT, _RECORDER, own_unit),
    (State.SUBMITTED, Action.CONFIRM): Transition(State.IN_FORCE, _REVIEWER, second_person),
    (State.SUBMITTED, Action.RETURN): Transition(State.DRAFT, _REVIEWER, second_person),
    (State.SUBMITTED, Action.WITHDRAW): Transition(State.WITHDRAWN, _RECORDER, own_unit),
    (State.IN_FORCE, Action.RECORD_OUTCOME): Transition(State.IN_FORCE, _OUTCOMES, no_hand_in_it),
    (State.IN_FORCE, Action.WITHDRAW_IN_FORCE): Transition(
        State.WITHDRAWN, _OUTCOMES, no_hand_in_it
    ),
    (State.IN_FORCE, Action.CARRY_OUT_APPEAL): Transition(State.IN_FORCE, _APPEALS, no_hand_in_it),
    (State.IN_FORCE, Action.WITHDRAW_ON_APPEAL): Transition(
        State.WITHDRAWN, _APPEALS, no_hand_in_it
    ),
    (State.DRAFT, Action.ATTACH): Transition(State.DRAFT, _RECORDER, own_unit),
    (State.SUBMITTED, Action.ATTACH): Transition(State.SUBMITTED, _RECORDER, own_unit),
    (State.IN_FORCE, Action.ATTACH_LATER): Transition(State.IN_FORCE, _RECORDER, own_unit),
    (State.IN_FORCE, Action.SERVE): Transition(State.IN_FORCE, _RECORDER, own_unit),
}
# What these write stands beside the decision, which stays as it is.
BESIDE = frozenset({Action.RECORD_OUTCOME, Action.CARRY_OUT_APPEAL, Action.ATTACH_LATER})


def locked(decision_id: int) -> Decision:
    """The decision, locked until the end of the transaction. Raises Decision.DoesNotExist."""
    return Decision.objects.select_for_update().get(pk=decision_id)


def apply(
    decision: Decision, action: Action, *, officer: Officer, version: int | None = None
) -> None:
    """Move a locked decision on: sets ``state`` and the next ``version``, saves nothing.

    ``version`` is the one that the officer read; None where the action concerns no version (an
    outcome decided elsewhere). Raises NotAllowed, WrongState, StaleVersion.
    """
    permitted = frozenset().union(*(t.permissions for (_, a), t in TABLE.items() if a == action))
    if not any(officer.may(can) for can in permitted):
        raise NotAllowed(f"您的角色不能{_LABELS[action]}处理决定。需要办理的，请联系局办公室。")
    transition = TABLE.get((State(decision.state), action))
    if transition is None:
        raise WrongState(
            decision,
            f"该决定{decision.get_state_display()}，不能{_LABELS[action]}。"
            "请打开记录查看现在的状态。",
        )
    if version is not None and version != decision.version:
        raise StaleVersion(decision)
    refusal = transition.guard(officer, decision)
    if refusal:
        raise NotAllowed(refusal)
    if action not in BESIDE:
        decision.state = transition.to
        decision.version += 1


def allows(decision: Decision, action: Action, officer: Officer) -> bool:
    """Whether ``officer`` may take ``action`` now: which buttons a page shows."""
    transition = TABLE.get((State(decision.state), action))
    return (
        transition is not None
        and any(officer.may(can) for can in transition.permissions)
        and transition.guard(officer, decision) is None
    )
