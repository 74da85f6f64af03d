"""Serving a paper: each attempt is recorded, the first that succeeds ends them.

Deadlines that a paper sets run from its day of service; whoever waits for it listens to
``sanctions.signals.paper_served``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction

from accounts.models import Officer
from core import audit
from core.clock import today
from core.settings_table import integer
from sanctions.notice_enums import NoticeState
from sanctions.paper_models import Paper
from sanctions.paper_service_models import Result, ServiceAttempt, Way
from sanctions.papers import may_issue, write_later
from sanctions.signals import paper_served, paper_service_taken_back
from violations.checks_of_texts import text
from violations.cleaning import one_line
from violations.errors import InvalidDecision, NotAllowed
from violations.inputs import Fault

# What may come of each way; a paper that was left with a witness is served.
RESULTS: dict[str, tuple[str, ...]] = {
    Way.DIRECT: (Result.SERVED, Result.ABSENT, Result.REFUSED, Result.NOT_FOUND),
    Way.LEFT: (Result.SERVED,),
    Way.MAIL: (Result.SERVED, Result.REFUSED, Result.NOT_FOUND, Result.RETURNED),
    Way.PUBLIC: (Result.SERVED,),
}
MIN_REASON = 5
# Name of the field, its label, how long it may be.
_TEXTS = (
    ("document", "送达凭证", 100),
    ("recipient", "签收人及职务", 100),
    ("witness", "见证人", 100),
    ("servers", "送达人", 100),
    ("remark", "情况说明", 500),
)


@transaction.atomic
def record_service(
    *,
    officer: Officer,
    paper_id: int,
    on: date | None,
    way: str,
    result: str = Result.SERVED,
    document: str = "",
    recipient: str = "",
    witness: str = "",
    servers: str = "",
    remark: str = "",
) -> ServiceAttempt:
    """Record one attempt; with ``result`` served the paper is served on that day.

    ``document`` is the receipt (送达回证), the number of the letter or where the announcement
    stood, ``recipient`` who signed it, ``witness`` and ``remark`` who saw that it was refused and
    how. An announcement serves on the day its period has run. Raises Paper.DoesNotExist,
    NotAllowed, InvalidDecision.
    """
    paper = Paper.objects.select_for_update().get(pk=paper_id)
    if not may_issue(officer, paper.unit):
        raise NotAllowed("您不能登记该文书的送达。请联系出具单位或局办公室。")
    attempt = ServiceAttempt(
        paper=paper,
        ordinal=paper.attempts.count() + 1,
        round=paper.attempts.filter(result=Result.TAKEN_BACK).count() + 1,
        on=on or today(),  # without a day it is refused below
        way=way,
        result=result,
        document=one_line(document),
        recipient=one_line(recipient),
        witness=one_line(witness),
        servers=one_line(servers),
        remark=remark.strip(),
        recorded_by=officer,
    )
    faults = [*_paper_faults(paper), *_day_faults(paper, on, way), *_text_faults(attempt)]
    if faults:
        raise InvalidDecision(faults)
    attempt.save()
    audit.record(
        actor=officer,
        action="paper.serve" if result == Result.SERVED else "paper.attempt",
        target=paper,
        details={"on": str(on), "way": way, "result": result, "attempt": attempt.ordinal},
    )
    if result == Result.SERVED:
        paper.served_on = on
        write_later(officer, paper, "served_on", reason=f"送达：{attempt.get_way_display()}")
        paper_served.send(sender=Paper, paper_id=paper.pk)
    return attempt


@transaction.atomic
def take_back_service(*, officer: Officer, paper_id: int, reason: str) -> ServiceAttempt:
    """Another officer notes that a service was recorded wrong: the paper counts as not served.

    What began with that day is looked at anew. Refused where a reminder was reported on its ground.
    Raises Paper.DoesNotExist, NotAllowed, InvalidDecision.
    """
    paper = Paper.objects.select_for_update().get(pk=paper_id)
    if not may_issue(officer, paper.unit):
        raise NotAllowed("您不能更正该文书的送达。请联系出具单位或局办公室。")
    served = paper.attempts.filter(result=Result.SERVED).order_by("-ordinal").first()
    if paper.served_on is None or served is None:
        raise InvalidDecision([Fault("reason", "not_served", "该文书没有送达登记，无须更正。")])
    if served.recorded_by_id == officer.pk:
        raise NotAllowed("登记送达的人不能更正自己的登记。请由本单位另一人或局办公室更正。")
    reason = reason.strip()
    faults = list(text("reason", reason, "更正理由", 500))
    if reason and len(reason) < MIN_REASON:
        message = f"更正理由至少 {MIN_REASON} 字，现为 {len(reason)} 字。请写明原登记有何错误。"
        faults.append(Fault("reason", "too_short", message))
    if paper.notices.filter(state__in=(NoticeState.REPORTED, NoticeState.KEPT)).exists():
        message = "已据此送达登记信用提醒并报局办公室。请先由局办公室退回该登记，再更正送达。"
        faults.append(Fault("reason", "reported", message))
    if faults:
        raise InvalidDecision(faults)
    was = paper.served_on
    row = ServiceAttempt.objects.create(
        paper=paper,
        ordinal=paper.attempts.count() + 1,
        round=served.round,
        on=today(),
        way=served.way,
        result=Result.TAKEN_BACK,
        remark=reason,
        recorded_by=officer,
    )
    audit.record(
        actor=officer,
        action="paper.service_taken_back",
        target=paper,
        reason=reason,
        details={"was": str(was), "attempt": served.ordinal},
    )
    paper.served_on = None
    write_later(officer, paper, "served_on", reason="更正送达登记")
    paper_service_taken_back.send(sender=Paper, paper_id=paper.pk)
    return row


def why_not_served(paper_ids: Iterable[int]) -> dict[int, str]:
    """For papers with attempts that failed: what came of the last one, in words."""
    rows = ServiceAttempt.objects.filter(
        paper__in=list(paper_ids), paper__served_on__isnull=True
    ).order_by("ordinal")
    return {row.paper_id: f"第{row.ordinal}次送达：{row.get_result_display()}" for row in rows}


def _paper_faults(paper: Paper) -> list[Fault]:
    if paper.served_on is not None:
        return [Fault("on", "served", f"该文书已于 {paper.served_on} 送达。无需再次登记。")]
    if paper.is_superseded:
        return [Fault("on", "superseded", "该文书已经重新出具。请登记新文书的送达。")]
    return []


def _day_faults(paper: Paper, on: date | None, way: str) -> list[Fault]:
    if on is None:
        return [Fault("on", "missing", "没有填写日期。请对照送达回证填写。")]
    if on > today():
        return [Fault("on", "future", "日期不能晚于今天。请对照送达回证核对。")]
    if on < paper.issued_on:
        message = f"日期不能早于文书日期 {paper.issued_on}。请对照送达回证核对。"
        return [Fault("on", "before_issue", message)]
    settled = (Result.SERVED, Result.TAKEN_BACK)  # of an earlier round
    last = paper.attempts.exclude(result__in=settled).order_by("-ordinal").first()
    if last is not None and on < last.on:
        message = f"日期不能早于上一次送达 {last.on}。请对照送达回证核对。"
        return [Fault("on", "before_attempt", message)]
    return _public_faults(last, on) if way == Way.PUBLIC else []


def _public_faults(last: ServiceAttempt | None, on: date) -> list[Fault]:
    """An announcement stands for what could not be served otherwise, once its period has run.

    30 days from the announcement (民事诉讼法 art. 95), which comes after the attempts that failed.
    """
    if last is None:
        message = "公告送达以其他方式无法送达为前提。请先登记未送达的情况。"
        return [Fault("way", "not_tried", message)]
    days = integer("public_service_days")
    first = last.on + timedelta(days=days)
    if on >= first:
        return []
    message = f"公告须满 {days} 日才视为送达，上一次未送达是 {last.on}，最早为 {first}。请核对。"
    return [Fault("on", "too_early", message)]


def _text_faults(attempt: ServiceAttempt) -> list[Fault]:
    if attempt.way not in Way.values:
        return [Fault("way", "missing", "没有选择送达方式。请对照送达回证选择。")]
    if attempt.result not in RESULTS[attempt.way]:
        label = attempt.get_way_display()
        return [Fault("result", "unfit", f"{label}不能有这样的结果。请重新选择结果。")]
    needed = _needed(attempt)
    return [
        fault
        for name, label, longest in _TEXTS
        for fault in text(name, getattr(attempt, name), label, longest, required=name in needed)
    ]


def _needed(attempt: ServiceAttempt) -> set[str]:
    """What must be said of this attempt; the constraints of the table say the same."""
    if attempt.result != Result.SERVED:
        return {"servers", "remark"} if attempt.way != Way.MAIL else {"document", "remark"}
    needed = {"document"}
    if attempt.way == Way.DIRECT:
        needed |= {"recipient", "servers"}
    if attempt.way == Way.LEFT:
        needed |= {"witness", "remark", "servers"}
    if attempt.way == Way.PUBLIC:
        needed |= {"remark"}
    return needed
