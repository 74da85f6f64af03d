"""The steps of an objection: one table says from which states, who may, and what must hold.

Every service locks the case first, then asks here, then acts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum

from django.db.models import Q

from accounts.models import Officer
from accounts.roles import Can
from appeals.case_marks import still_owes
from appeals.objection_enums import CHANGING, OPEN_STATES, ObjectionState
from appeals.objection_models import Objection
from violations.models import Decision
from violations.reviewers import had_a_hand_in
from violations.steps import Rule, Steps


class Step(StrEnum):
    ACCEPT = "accept"
    REJECT = "reject"
    ASK_UNIT = "ask-unit"
    STATE = "state"
    PAUSE = "pause"
    RESUME = "resume"
    PROPOSE = "propose"
    RETURN = "return"
    DECIDE = "decide"
    ANSWER = "answer"
    WITHDRAW = "withdraw"
    TRANSFER = "transfer"
    EXPLAIN = "explain"
    MARK = "mark"
    ADD_FILE = "add-file"


LABELS = {
    Step.ACCEPT: "受理",
    Step.REJECT: "不予受理",
    Step.ASK_UNIT: "转原单位核实",
    Step.STATE: "回复核实情况",
    Step.PAUSE: "登记等待",
    Step.RESUME: "结束等待",
    Step.PROPOSE: "提出认定意见",
    Step.RETURN: "退回经办人",
    Step.DECIDE: "认定",
    Step.ANSWER: "出具答复书",
    Step.WITHDRAW: "登记撤回",
    Step.TRANSFER: "转办",
    Step.EXPLAIN: "说明逾期原因",
    Step.MARK: "登记后续事项",
    Step.ADD_FILE: "上传材料",
}

# Says why the step is not open to this officer or not yet, or None.
Guard = Callable[[Officer, Objection], str | None]


def barred_from_second(officer: Officer, objection: Objection) -> str | None:
    """Whoever handled or decided the first look handles no second one."""
    first = (objection.first_handler_id, objection.first_proposer_id, objection.first_decider_id)
    if officer.pk not in first:
        return None
    return f"{officer.name}办理或认定过原异议，不能办理再次核查。请由其他经办人受理。"


def is_handler(officer: Officer, objection: Objection) -> str | None:
    if officer.pk == objection.handler_id:
        return barred_from_second(officer, objection)
    who = objection.handler.name if objection.handler else "（未定）"
    return f"此异议由 {who} 经办。需要接办的，请先转办给自己。"


def free_or_own(officer: Officer, objection: Objection) -> str | None:
    """An objection that nobody handles yet is taken by whoever accepts it."""
    if objection.handler_id is None:
        return barred_from_second(officer, objection)
    return is_handler(officer, objection)


def of_an_asked_unit(officer: Officer, objection: Objection) -> str | None:
    asked = objection.statements.filter(unit=officer.unit_id, stated_on__isnull=True)
    return None if asked.exists() else "此异议没有转您所在单位核实，或者已经回复。"


def another_decides(officer: Officer, objection: Objection) -> str | None:
    """Nobody decides what they handled, recorded or confirmed, nor what their unit recorded."""
    if officer.pk in (objection.handler_id, objection.proposed_by_id, objection.accepted_by_id):
        return "受理、经办或提出意见的人不能认定。请由他人认定。"
    if barred_from_second(officer, objection):
        return "办理或认定过原异议的人不能再次认定。请由他人认定。"
    about = ("violation__decision", "list_entry")
    for claim in objection.claims.filter(is_open=True).select_related(*about):
        if claim.unit_id is not None and officer.unit_id == claim.unit_id:
            return f"{officer.unit} 作出过其中的记录，不能认定。请由其他单位的人认定。"
        if officer.pk in (claim.recorded_by_id, claim.confirmed_by_id):
            return "录入或审核过其中记录的人不能认定。请由他人认定。"
        if claim.violation is not None and had_a_hand_in(officer, claim.violation.decision):
            return "录入、修改或审核过其中记录的人不能认定。请由他人认定。"
        entry = claim.list_entry
        if entry is not None and entry.hands.filter(officer=officer).exists():
            return "经办过其中名单条目的人不能认定。请由他人认定。"
    return None


def nothing_awaited(officer: Officer, objection: Objection) -> str | None:
    if objection.pauses.filter(ends_on__isnull=True).exists():
        return "正在等待补充材料或鉴定。请先登记等待的结果。"
    return None


def something_awaited(officer: Officer, objection: Objection) -> str | None:
    if objection.pauses.filter(ends_on__isnull=True).exists():
        return None
    return "现在没有等待的事项。请打开异议查看现在的状态。"


def something_changed(officer: Officer, objection: Objection) -> str | None:
    if any(one.verdict in CHANGING for one in objection.claims.all()):
        return None
    return "没有撤销或更正记录，没有须通知的后续事项。"


def something_left(officer: Officer, objection: Objection) -> str | None:
    """An answered case has a handler only for what others are still owed."""
    if objection.state != ObjectionState.ANSWERED or still_owes(objection):
        return None
    return "此异议已经办结，没有还要办理的事项，无需转办。"


_S = ObjectionState
_HANDLES, _DECIDES = Can.HANDLE_APPEAL, Can.DECIDE_APPEAL

TABLE: dict[Step, Rule[Objection]] = {
    Step.ACCEPT: Rule((_S.RECEIVED,), _S.ACCEPTED, _HANDLES, (free_or_own,)),
    Step.REJECT: Rule((_S.RECEIVED,), _S.NOT_ACCEPTED, _HANDLES, (free_or_own,)),
    Step.ASK_UNIT: Rule((_S.ACCEPTED,), _S.WITH_UNIT, _HANDLES, (is_handler,), (nothing_awaited,)),
    # The last of the units asked brings the case back; the service says so.
    Step.STATE: Rule((_S.WITH_UNIT,), None, Can.STATE_FOR_UNIT, (of_an_asked_unit,)),
    Step.PAUSE: Rule((_S.ACCEPTED,), None, _HANDLES, (is_handler,), (nothing_awaited,)),
    Step.RESUME: Rule((_S.ACCEPTED,), None, _HANDLES, (is_handler,), (something_awaited,)),
    Step.PROPOSE: Rule((_S.ACCEPTED,), _S.PROPOSED, _HANDLES, (is_handler,), (nothing_awaited,)),
    Step.RETURN: Rule((_S.PROPOSED,), _S.ACCEPTED, _DECIDES, (another_decides,)),
    Step.DECIDE: Rule((_S.PROPOSED,), _S.DECIDED, _DECIDES, (another_decides,)),
    Step.ANSWER: Rule((_S.DECIDED,), _S.ANSWERED, _HANDLES, (is_handler,)),
    Step.WITHDRAW: Rule(
        (_S.RECEIVED, _S.ACCEPTED, _S.WITH_UNIT), _S.WITHDRAWN, _HANDLES, (free_or_own,)
    ),
    Step.TRANSFER: Rule(
        (*OPEN_STATES, _S.DECIDED, _S.ANSWERED), None, _HANDLES, guards=(something_left,)
    ),
    Step.EXPLAIN: Rule(OPEN_STATES, None, _HANDLES, (is_handler,)),
    Step.MARK: Rule((_S.DECIDED, _S.ANSWERED), None, _HANDLES, guards=(something_changed,)),
    Step.ADD_FILE: Rule((_S.RECEIVED, _S.ACCEPTED, _S.WITH_UNIT), None, _HANDLES, (free_or_own,)),
}

steps = Steps(TABLE, LABELS, "异议")
apply, hindrance = steps.apply, steps.hindrance


def locked(objection_id: int) -> Objection:
    """The case, locked until the end of the transaction. Raises Objection.DoesNotExist."""
    found: Objection = Objection.objects.select_for_update().get(pk=objection_id)
    return found


def locked_with_records(objection_id: int) -> Objection:
    """The same, after the decisions it is about: whoever registers an outcome locks them first."""
    about = Q(violations__objection_claims__objection=objection_id)
    lock_decisions(Decision.objects.filter(about).order_by().values_list("pk", flat=True))
    return locked(objection_id)


def lock_decisions(ids: Iterable[int]) -> None:
    """Lock these decisions, in the one order that everybody takes."""
    list(Decision.objects.select_for_update().filter(pk__in=set(ids)).order_by("pk"))
