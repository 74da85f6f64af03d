"""What comes beside and after: why nobody could be told, and what became of a commitment."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import Officer
from accounts.roles import Can
from core import audit
from core.clock import today
from sanctions.notice_due import due_decisions, due_entries
from sanctions.notice_enums import Hindrance
from sanctions.notice_models import Notice, NoticeAttempt
from sanctions.notice_workflow import Step, apply, locked
from violations.checks_of_texts import text
from violations.errors import InvalidDecision, NotAllowed
from violations.inputs import Fault
from violations.models import Decision, ListEntry
from violations.writing import save_as


@transaction.atomic
def record_attempt(
    *,
    officer: Officer,
    decision_id: int | None = None,
    entry_id: int | None = None,
    on: date | None,
    hindrance: str,
    remark: str,
) -> NoticeAttempt:
    """Note why the party could not be told on a day; the task stays, and says so when it is late.

    Of the own unit's decisions; of list entries the office. Raises Decision.DoesNotExist,
    ListEntry.DoesNotExist (nothing is due there), NotAllowed, InvalidDecision.
    """
    if not officer.may(Can.RECORD_NOTICE):
        raise NotAllowed("您的角色不能登记提醒与约谈。需要登记的，请联系本单位民警或局办公室。")
    record: Decision | ListEntry
    if entry_id is not None:
        if not officer.may(Can.KEEP_NOTICES):
            raise NotAllowed("列入黑名单的提醒与约谈由局办公室办理。")
        record = due_entries(today()).get(pk=entry_id)
        begun = record.listed_on
    else:
        record = due_decisions(today()).filter(unit=officer.unit_id).get(pk=decision_id or 0)
        begun = record.served_on or record.decided_on
    remark = remark.strip()
    faults = [*_day_faults(on, begun), *text("remark", remark, "情况说明", 500)]
    if hindrance not in Hindrance.values:
        faults.append(Fault("hindrance", "missing", "没有选择未能提醒的情况。请从列表中选择。"))
    if faults:
        raise InvalidDecision(faults)
    assert on is not None
    attempt = NoticeAttempt(
        decision=record if isinstance(record, Decision) else None,
        list_entry=record if isinstance(record, ListEntry) else None,
        on=on,
        hindrance=hindrance,
        remark=remark,
        unit=officer.unit,
        recorded_by=officer,
    )
    save_as(officer, attempt, reason="登记未能提醒的情况")
    audit.record(
        actor=officer,
        action="notice.hindered",
        target=record,
        reason=remark,
        details={"on": str(on), "hindrance": hindrance},
    )
    return attempt


@transaction.atomic
def record_follow_up(
    *, officer: Officer, notice_id: int, version: int, on: date | None, result: str
) -> Notice:
    """Note what became of what the party committed itself to.

    Raises Notice.DoesNotExist, NotAllowed, CaseChanged, CaseRefused, InvalidDecision.
    """
    notice = locked(notice_id)
    apply(notice, Step.FOLLOW_UP, officer=officer, version=version)
    result = result.strip()
    assert notice.held_on is not None
    faults = [*_day_faults(on, notice.held_on), *text("result", result, "回访结果", 2000)]
    if faults:
        raise InvalidDecision(faults)
    notice.followed_up_on, notice.follow_up_result = on, result
    save_as(officer, notice, reason="登记回访")
    audit.record(actor=officer, action="notice.follow_up", target=notice, details={"on": str(on)})
    return notice


def _day_faults(on: date | None, begun: date) -> list[Fault]:
    if on is None:
        return [Fault("on", "missing", "没有填写日期。请写成 2026-11-20 这样的形式。")]
    if on > today():
        return [Fault("on", "future", "日期不能晚于今天。请核对日期。")]
    if on < begun:
        return [Fault("on", "too_early", f"日期不能早于 {begun}。请核对日期。")]
    return []
