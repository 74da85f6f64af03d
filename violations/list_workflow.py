"""The steps of a list entry: one table says from which state, who may, and what must hold.

Every service locks the entry first, then asks here, then acts. Nobody is put on a list by a
machine, by one person alone, or before the party was told, had its time and was heard (3-A, 3-C).
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from accounts.models import Officer
from accounts.roles import Can
from core.clock import today
from violations.enums import HEARD, Hearing, ListState, Settlement
from violations.list_notice import has_run, period
from violations.models import ListEntry
from violations.steps import Rule, Steps


class Step(StrEnum):
    EDIT = "edit"
    NOTIFY = "notify"
    WAIVE = "waive"
    HEAR = "hear"
    OBJECT = "object"
    SETTLE = "settle"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    RETURN = "return"
    CLOSE = "close"
    AGREE_CLOSING = "agree-closing"
    REFUSE_CLOSING = "refuse-closing"


LABELS = {
    Step.EDIT: "修改",
    Step.NOTIFY: "登记告知（公示）",
    Step.WAIVE: "登记放弃陈述申辩",
    Step.HEAR: "登记陈述申辩",
    Step.OBJECT: "登记异议",
    Step.SETTLE: "处理异议",
    Step.WITHDRAW: "撤回",
    Step.APPROVE: "批准列入",
    Step.RETURN: "退回",
    Step.CLOSE: "提请移出或撤销",
    Step.AGREE_CLOSING: "批准移出或撤销",
    Step.REFUSE_CLOSING: "退回移出或撤销",
}

# Says why the step is not open to this officer or not yet, or None.
Guard = Callable[[Officer, ListEntry], str | None]


def second_person(officer: Officer, entry: ListEntry) -> str | None:
    """Nobody approves what they proposed, edited or prepared in any version."""
    if officer.pk == entry.proposed_by_id or entry.hands.filter(officer=officer).exists():
        return "提出、修改或经办过此条目的人不能审批。请由他人审批。"
    return None


def another_closes(officer: Officer, entry: ListEntry) -> str | None:
    if officer.pk == entry.closing_proposed_by_id:
        return "提请移出或撤销的人不能审批。请由他人审批。"
    return None


def is_notified(officer: Officer, entry: ListEntry) -> str | None:
    if entry.notified_on is None:
        return f"尚未登记{_notice(entry)}。请由局办公室先登记{_notice(entry)}日期和文书。"
    return None


def is_black(officer: Officer, entry: ListEntry) -> str | None:
    return "红名单公示面向社会，没有陈述申辩，请登记异议。" if entry.is_red else None


def is_red(officer: Officer, entry: ListEntry) -> str | None:
    return None if entry.is_red else "黑名单告知当事人，没有公示异议，请登记陈述申辩。"


def period_has_run(officer: Officer, entry: ListEntry) -> str | None:
    """law.md "lists": not before the period has run, or a waiver is on file."""
    ends = period(entry)
    if ends is None:
        return is_notified(officer, entry)
    if has_run(entry, today()):
        return None
    waiver = "" if entry.is_red else "，或者登记当事人的书面放弃声明"
    until = f"{ends.day} 期满（{ends.why}），次日起才能批准"
    return f"{_notice(entry)}期未满：{until}。请期满后再办{waiver}。"


def party_is_heard(officer: Officer, entry: ListEntry) -> str | None:
    """Black list: the statement stands answered, or the period passed without one."""
    if entry.is_red or entry.hearing in HEARD:
        return None
    if entry.hearing == Hearing.ADOPTED:
        return "当事人的陈述申辩已采纳，不得列入。请由局办公室撤回。"
    return "尚未登记当事人的陈述申辩及听取结果。没有提出的，也须登记“期内未陈述申辩”。"


def objections_are_settled(officer: Officer, entry: ListEntry) -> str | None:
    """Red list: every objection to the announcement stands settled, and none was sustained."""
    results = [one.settlement for one in entry.objections.all()]
    if "" in results:
        return f"还有 {results.count('')} 项公示异议没有处理。请由局办公室先处理。"
    if Settlement.SUSTAINED in results:
        return "公示异议成立，不得列入。请由局办公室撤回。"
    return None


def not_ended(officer: Officer, entry: ListEntry) -> str | None:
    if entry.removed_on is not None:
        return f"该条目已于 {entry.removed_on} 移出，不能再办理移出或撤销。"
    return "已有移出或撤销待审批，不能重复提请。" if entry.awaits_closing else None


def closing_waits(officer: Officer, entry: ListEntry) -> str | None:
    return None if entry.awaits_closing else "没有待审批的移出或撤销。请打开条目查看现在的状态。"


def _notice(entry: ListEntry) -> str:
    return "公示" if entry.is_red else "告知"


_PROPOSED, _PUBLISHED = ListState.PROPOSED, ListState.PUBLISHED
_PROPOSES, _APPROVES = Can.PROPOSE_LIST_ENTRY, Can.APPROVE_LIST_ENTRY

TABLE: dict[Step, Rule[ListEntry]] = {
    Step.EDIT: Rule((_PROPOSED,), _PROPOSED, _PROPOSES),
    Step.NOTIFY: Rule((_PROPOSED,), _PROPOSED, _PROPOSES),
    Step.WAIVE: Rule((_PROPOSED,), _PROPOSED, _PROPOSES, guards=(is_black, is_notified)),
    Step.HEAR: Rule((_PROPOSED,), _PROPOSED, _PROPOSES, guards=(is_black, is_notified)),
    Step.OBJECT: Rule((_PROPOSED,), _PROPOSED, _PROPOSES, guards=(is_red, is_notified)),
    Step.SETTLE: Rule((_PROPOSED,), _PROPOSED, _PROPOSES, guards=(is_red,)),
    Step.WITHDRAW: Rule((_PROPOSED,), ListState.WITHDRAWN, _PROPOSES),
    Step.APPROVE: Rule(
        (_PROPOSED,),
        _PUBLISHED,
        _APPROVES,
        persons=(second_person,),
        guards=(is_notified, period_has_run, party_is_heard, objections_are_settled),
    ),
    Step.RETURN: Rule((_PROPOSED,), _PROPOSED, _APPROVES, persons=(second_person,)),
    Step.CLOSE: Rule((_PUBLISHED,), _PUBLISHED, _PROPOSES, guards=(not_ended,)),
    # A revocation ends in another state; the service says so.
    Step.AGREE_CLOSING: Rule(
        (_PUBLISHED,), _PUBLISHED, _APPROVES, persons=(another_closes,), guards=(closing_waits,)
    ),
    Step.REFUSE_CLOSING: Rule(
        (_PUBLISHED,), _PUBLISHED, _APPROVES, persons=(another_closes,), guards=(closing_waits,)
    ),
}

steps = Steps(TABLE, LABELS, "条目")
apply, hindrance = steps.apply, steps.hindrance


def locked(entry_id: int) -> ListEntry:
    """The entry, locked until the end of the transaction. Raises ListEntry.DoesNotExist."""
    found: ListEntry = ListEntry.objects.select_for_update().get(pk=entry_id)
    return found


def missing(entry: ListEntry) -> Guard | None:
    """The first thing that approval asks for and does not find, whoever asks; None: it may be."""
    nobody = Officer()
    for guard in TABLE[Step.APPROVE].guards:
        if guard(nobody, entry):
            return guard
    return None
