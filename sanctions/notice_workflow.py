"""The steps of a reminder or interview: one table says from which state, who may, what must hold.

A unit registers and reports, the office keeps, returns, and decides case by case whether the city
platform is told (5-5, 5-6). Every service locks the notice first, then asks here, then acts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from accounts.models import Officer
from accounts.roles import Can
from sanctions.notice_enums import OPEN, NoticeState
from sanctions.notice_models import Notice
from violations.errors import NotAllowed


class Step(StrEnum):
    EDIT = "edit"
    ISSUE = "issue"  # number the reminder, the notice of the interview or its minutes
    REPORT = "report"
    CANCEL = "cancel"
    RETURN = "return"
    KEEP = "keep"
    PUSH = "push"
    FOLLOW_UP = "follow-up"


LABELS = {
    Step.EDIT: "修改",
    Step.ISSUE: "出具文书",
    Step.REPORT: "登记并报局办公室",
    Step.CANCEL: "作废",
    Step.RETURN: "退回补正",
    Step.KEEP: "留存",
    Step.PUSH: "决定是否推送",
    Step.FOLLOW_UP: "登记回访",
}


class NoticeRefused(Exception):  # noqa: N818
    """The notice as it stands does not admit this step (409); ``message`` says what is missing."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class NoticeChanged(NoticeRefused):
    """Somebody changed the notice since it was read (409)."""

    def __init__(self, notice: Notice) -> None:
        latest = notice.history.select_related("history_user").first()
        who = latest.history_user.name if latest and latest.history_user else "其他人"
        super().__init__(f"{who} 已修改此登记。请先查看新内容，再办理。")


# Says why the step is not open to this officer or not yet, or None.
Guard = Callable[[Officer, Notice], str | None]


def own_unit(officer: Officer, notice: Notice) -> str | None:
    if notice.unit_id == officer.unit_id:
        return None
    return f"此登记由{notice.unit}办理，您所在单位不能修改。需要补正的，请由局办公室退回该单位。"


def push_is_open(officer: Officer, notice: Notice) -> str | None:
    return f"已决定{notice.get_push_display()}。不再重复决定。" if notice.push else None


def follow_up_is_open(officer: Officer, notice: Notice) -> str | None:
    if notice.followed_up_on is not None:
        return f"已登记 {notice.followed_up_on} 回访。不再重复登记。"
    return None if notice.follow_up_on else "该登记没有约定回访。"


@dataclass(frozen=True)
class Rule:
    """From which states, to which (None: it stays), who may, and what must hold."""

    states: frozenset[NoticeState]
    to: NoticeState | None
    permission: Can
    persons: tuple[Guard, ...] = ()  # refused with NotAllowed (403)
    guards: tuple[Guard, ...] = ()  # refused with NoticeRefused (409)


_REPORTED, _KEPT = frozenset({NoticeState.REPORTED}), frozenset({NoticeState.KEPT})
_RECORDS, _KEEPS = Can.RECORD_NOTICE, Can.KEEP_NOTICES

TABLE: dict[Step, Rule] = {
    Step.EDIT: Rule(OPEN, None, _RECORDS, (own_unit,)),
    Step.ISSUE: Rule(OPEN, None, Can.ISSUE_PAPER, (own_unit,)),
    Step.REPORT: Rule(OPEN, NoticeState.REPORTED, _RECORDS, (own_unit,)),
    Step.CANCEL: Rule(OPEN, NoticeState.CANCELLED, _RECORDS, (own_unit,)),
    Step.RETURN: Rule(_REPORTED, NoticeState.RETURNED, _KEEPS),
    Step.KEEP: Rule(_REPORTED, NoticeState.KEPT, _KEEPS),
    Step.PUSH: Rule(_KEPT, None, _KEEPS, guards=(push_is_open,)),
    Step.FOLLOW_UP: Rule(
        _REPORTED | _KEPT, None, _RECORDS, (own_unit,), guards=(follow_up_is_open,)
    ),
}


def locked(notice_id: int) -> Notice:
    """The notice, locked until the end of the transaction. Raises Notice.DoesNotExist."""
    joined = Notice.objects.select_related("unit", "subject", "paper")
    return joined.select_for_update(of=("self",)).get(pk=notice_id)


def apply(notice: Notice, step: Step, *, officer: Officer, version: int) -> None:
    """Move a locked notice on: sets ``state`` and the next ``version``, saves nothing.

    ``version`` is the one that the officer read. Raises NotAllowed, NoticeChanged, NoticeRefused.
    """
    rule = TABLE[step]
    if not officer.may(rule.permission):
        raise NotAllowed(f"您的角色不能{LABELS[step]}提醒与约谈。需要办理的，请联系局办公室。")
    for guard in rule.persons:
        if refusal := guard(officer, notice):
            raise NotAllowed(refusal)
    if version != notice.version:
        raise NoticeChanged(notice)
    if notice.state not in rule.states:
        raise NoticeRefused(
            f"该登记{notice.get_state_display()}，不能{LABELS[step]}。请打开登记查看现在的状态。"
        )
    for guard in rule.guards:
        if refusal := guard(officer, notice):
            raise NoticeRefused(refusal)
    notice.state = rule.to or notice.state
    notice.version += 1


def allows(notice: Notice, step: Step, officer: Officer) -> bool:
    """Whether ``officer`` may take ``step`` now: which forms a page shows."""
    rule = TABLE[step]
    return (
        officer.may(rule.permission)
        and notice.state in rule.states
        and not any(guard(officer, notice) for guard in (*rule.persons, *rule.guards))
    )
