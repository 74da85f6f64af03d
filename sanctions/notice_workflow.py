"""The steps of a reminder or interview: one table says from which state, who may, what must hold.

A unit registers and reports, the office keeps, returns, and decides case by case whether the city
platform is told (5-5, 5-6). Every service locks the notice first, then asks here, then acts.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from accounts.models import Officer
from accounts.roles import Can
from sanctions.notice_enums import OPEN, NoticeState
from sanctions.notice_fallen import has_fallen
from sanctions.notice_models import Notice
from violations.steps import Rule, Steps


class Step(StrEnum):
    EDIT = "edit"
    ISSUE = "issue"  # number the reminder, the notice of the interview or its minutes
    REPORT = "report"
    CANCEL = "cancel"
    RETURN = "return"
    KEEP = "keep"
    PUSH = "push"
    FOLLOW_UP = "follow-up"
    ADD_FILE = "add-file"


LABELS = {
    Step.EDIT: "修改",
    Step.ISSUE: "出具文书",
    Step.REPORT: "登记并报局办公室",
    Step.CANCEL: "作废",
    Step.RETURN: "退回补正",
    Step.KEEP: "留存",
    Step.PUSH: "决定是否推送",
    Step.FOLLOW_UP: "登记回访",
    Step.ADD_FILE: "上传附件",
}


# Says why the step is not open to this officer or not yet, or None.
Guard = Callable[[Officer, Notice], str | None]


def own_unit(officer: Officer, notice: Notice) -> str | None:
    if notice.unit_id == officer.unit_id:
        return None
    return f"此登记由{notice.unit}办理，您所在单位不能修改。需要补正的，请由局办公室退回该单位。"


def push_is_open(officer: Officer, notice: Notice) -> str | None:
    if notice.push:
        return f"已决定{notice.get_push_display()}。不再重复决定。"
    return "所告知的记录均已撤销，不再决定是否推送。" if has_fallen(notice) else None


def follow_up_is_open(officer: Officer, notice: Notice) -> str | None:
    if notice.followed_up_on is not None:
        return f"已登记 {notice.followed_up_on} 回访。不再重复登记。"
    return None if notice.follow_up_on else "该登记没有约定回访。"


_REPORTED, _KEPT = frozenset({NoticeState.REPORTED}), frozenset({NoticeState.KEPT})
_RECORDS, _KEEPS = Can.RECORD_NOTICE, Can.KEEP_NOTICES

TABLE: dict[Step, Rule[Notice]] = {
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
    # A scan may come late: until the office keeps it, and after.
    Step.ADD_FILE: Rule(OPEN | _REPORTED | _KEPT, None, _RECORDS, (own_unit,)),
}

steps = Steps(TABLE, LABELS, "登记")
apply, allows = steps.apply, steps.allows


def locked(notice_id: int) -> Notice:
    """The notice, locked until the end of the transaction. Raises Notice.DoesNotExist."""
    joined = Notice.objects.select_related("unit", "subject", "paper")
    return joined.select_for_update(of=("self",)).get(pk=notice_id)
