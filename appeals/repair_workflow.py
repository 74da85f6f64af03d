"""The steps of a credit repair: one table says from which states, who may, and what must hold.

Every service locks the case first, then asks here, then acts.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from django.db.models import Q

from accounts.models import Officer
from accounts.roles import Can
from appeals.case_marks import still_owes
from appeals.repair_enums import TO_ANSWER, UNDECIDED, RepairState, Verdict, Word
from appeals.repair_models import Repair, RepairItem
from violations.reviewers import had_a_hand_in
from violations.steps import Rule, Steps


class Step(StrEnum):
    ASK = "ask"
    BROUGHT = "brought"
    CHECK = "check"
    ACCEPT = "accept"
    REJECT = "reject"
    STATE = "state"
    EXTEND = "extend"
    PROPOSE = "propose"
    DECIDE = "decide"
    RETURN = "return"
    ANSWER = "answer"
    TRANSFER = "transfer"
    WITHDRAW = "withdraw"
    MARK = "mark"
    ADD_FILE = "add-file"


LABELS = {
    Step.ASK: "一次性告知补正",
    Step.BROUGHT: "登记补正材料",
    Step.CHECK: "核对条件",
    Step.ACCEPT: "受理，转原单位核实",
    Step.REJECT: "不予受理",
    Step.STATE: "回复核实情况",
    Step.EXTEND: "延长期限",
    Step.PROPOSE: "提出认定意见",
    Step.DECIDE: "认定",
    Step.RETURN: "退回经办人",
    Step.ANSWER: "出具答复书",
    Step.TRANSFER: "转办",
    Step.WITHDRAW: "登记撤回申请",
    Step.MARK: "登记后续事项",
    Step.ADD_FILE: "上传材料",
}

# Says why the step is not open to this officer or not yet, or None.
Guard = Callable[[Officer, Repair], str | None]


def is_handler(officer: Officer, repair: Repair) -> str | None:
    if officer.pk == repair.handler_id:
        return None
    return f"此案由 {repair.handler.name} 经办。需要接办的，请先转办给自己。"


def another_decides(officer: Officer, repair: Repair) -> str | None:
    """Nobody decides what they handled, recorded or confirmed, nor what their own unit recorded."""
    if had_a_hand(officer, repair):
        return "收件、受理、核对、经办或提出意见的人不能认定。请由他人审批。"
    for item in repair.items.filter(verdict="").select_related("violation__decision"):
        decision = item.violation.decision
        if officer.unit_id in (item.unit_id, decision.unit_id):
            return f"{officer.unit} 作出过其中的处理决定，不能认定。请由其他单位的复核人审批。"
        if officer.pk in (item.recorded_by_id, item.confirmed_by_id) or had_a_hand_in(
            officer, decision
        ):
            return "录入、修改或审核过其中记录的人不能认定。请由他人审批。"
    return None


def had_a_hand(officer: Officer, repair: Repair) -> bool:
    """Whether the officer handled the case in any version."""
    mine = [Q(**{name: officer}) for name in ("received_by", "accepted_by", "handler")]
    case = mine[0] | mine[1] | mine[2] | Q(proposed_by=officer)
    if repair.history.filter(case).exists():
        return True
    items = RepairItem.history.filter(repair=repair)
    return bool(items.filter(Q(checked_by=officer) | Q(word_by=officer)).exists())


def nothing_awaited(officer: Officer, repair: Repair) -> str | None:
    pause = repair.open_pause()
    if pause is None:
        return None
    return f"正在等待申请人补正材料（{pause.begins_on} 告知）。请先登记补正材料。"


def something_awaited(officer: Officer, repair: Repair) -> str | None:
    return None if repair.open_pause() else "没有在等待补正的材料。"


def not_asked_yet(officer: Officer, repair: Repair) -> str | None:
    """All that is missing is told at once, and once only."""
    asked = next(iter(repair.pauses.all()), None)
    if asked is None:
        return None
    return f"补正须一次性告知，已于 {asked.begins_on} 告知过。请按已有材料办理。"


def accepted_not_extended(officer: Officer, repair: Repair) -> str | None:
    if repair.accepted_on is None:
        return "尚未受理，没有可以延长的办理期限。"
    if repair.extended_on is not None:
        return f"办理期限只能延长一次，已于 {repair.extended_on} 延长。"
    return None


def own_records(officer: Officer, repair: Repair) -> str | None:
    """A unit speaks for what it recorded, and once."""
    own = [one for one in repair.items.all() if one.unit_id == officer.unit_id and not one.verdict]
    if not own:
        return "此案没有您所在单位作出的处理。请由原单位回复。"
    if all(one.word != Word.NONE for one in own):
        return "您所在单位已经回复。"
    return None


def something_granted(officer: Officer, repair: Repair) -> str | None:
    if any(one.verdict == Verdict.GRANTED for one in repair.items.all()):
        return None
    return "没有准予修复的记录，没有须通知的后续事项。"


def something_left(officer: Officer, repair: Repair) -> str | None:
    """An answered case has a handler only for what others are still owed."""
    if repair.answered_on is None or still_owes(repair):
        return None
    return "此案已经办结，没有还要办理的事项，无需转办。"


_S = RepairState
_HANDLES, _DECIDES = Can.HANDLE_APPEAL, Can.DECIDE_APPEAL
_IN_HAND = (_S.RECEIVED, _S.CHECKING, _S.EXAMINING)

TABLE: dict[Step, Rule[Repair]] = {
    Step.ASK: Rule(_IN_HAND, None, _HANDLES, (is_handler,), (not_asked_yet,)),
    Step.BROUGHT: Rule(_IN_HAND, None, _HANDLES, (is_handler,), (something_awaited,)),
    Step.CHECK: Rule(_IN_HAND, None, _HANDLES, (is_handler,)),
    Step.ACCEPT: Rule((_S.RECEIVED,), _S.CHECKING, _HANDLES, (is_handler,), (nothing_awaited,)),
    Step.REJECT: Rule((_S.RECEIVED,), _S.NOT_ACCEPTED, _HANDLES, (is_handler,)),
    Step.STATE: Rule((_S.CHECKING,), None, Can.STATE_FOR_UNIT, (own_records,)),
    Step.EXTEND: Rule(
        (_S.CHECKING, _S.EXAMINING, _S.PROPOSED),
        None,
        _HANDLES,
        (is_handler,),
        (accepted_not_extended,),
    ),
    Step.PROPOSE: Rule(
        (_S.CHECKING, _S.EXAMINING), _S.PROPOSED, _HANDLES, (is_handler,), (nothing_awaited,)
    ),
    Step.DECIDE: Rule((_S.PROPOSED,), _S.DECIDED, _DECIDES, (another_decides,)),
    Step.RETURN: Rule((_S.PROPOSED,), _S.EXAMINING, _DECIDES, (another_decides,)),
    Step.ANSWER: Rule((_S.DECIDED, _S.NOT_ACCEPTED), None, _HANDLES, (is_handler,)),
    Step.TRANSFER: Rule(
        (*UNDECIDED, *TO_ANSWER, _S.ANSWERED), None, _HANDLES, guards=(something_left,)
    ),
    Step.WITHDRAW: Rule(UNDECIDED, _S.WITHDRAWN, _HANDLES, (is_handler,)),
    Step.MARK: Rule((_S.DECIDED, _S.ANSWERED), None, _HANDLES, guards=(something_granted,)),
    Step.ADD_FILE: Rule(_IN_HAND, None, _HANDLES, (is_handler,)),
}

steps = Steps(TABLE, LABELS, "信用修复")
apply, hindrance = steps.apply, steps.hindrance


def locked(repair_id: int) -> Repair:
    """The case, locked until the end of the transaction. Raises Repair.DoesNotExist."""
    found: Repair = Repair.objects.select_for_update().get(pk=repair_id)
    return found
