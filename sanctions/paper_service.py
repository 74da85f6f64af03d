"""Serving a paper: each attempt is recorded, the first that succeeds ends them.

Deadlines that a paper sets run from its day of service; whoever waits for it listens to
``sanctions.signals.paper_served``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from accounts.models import Officer
from core import audit
from core.clock import today
from sanctions.paper_models import Paper
from sanctions.paper_service_models import Result, ServiceAttempt, Way
from sanctions.papers import may_issue, write_later
from sanctions.signals import paper_served
from violations.checks_of_texts import text
from violations.cleaning import one_line
from violations.errors import InvalidDecision, NotAllowed
from violations.inputs import Fault

# What may come of each way; a paper that was left with a witness is served.
RESULTS: dict[str, tuple[str, ...]] = {
    Way.DIRECT: (Result.SERVED, Result.ABSENT, Result.REFUSED, Result.NOT_FOUND),
    Way.LEFT: (Result.SERVED,),
    Way.MAIL: (Result.SERVED, Result.REFUSED, Result.NOT_FOUND, Result.RETURNED),
}
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

    ``document`` is the receipt (送达回证) or the number of the letter, ``recipient`` who signed it,
    ``witness`` and ``remark`` who saw that it was refused and how. Raises Paper.DoesNotExist,
    NotAllowed, InvalidDecision.
    """
    paper = Paper.objects.select_for_update().get(pk=paper_id)
    if not may_issue(officer, paper.unit):
        raise NotAllowed("您不能登记该文书的送达。请联系出具单位或局办公室。")
    attempt = ServiceAttempt(
        paper=paper,
        ordinal=paper.attempts.count() + 1,
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
    faults = [*_paper_faults(paper), *_day_faults(paper, on), *_text_faults(attempt)]
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


def _day_faults(paper: Paper, on: date | None) -> list[Fault]:
    if on is None:
        return [Fault("on", "missing", "没有填写日期。请对照送达回证填写。")]
    if on > today():
        return [Fault("on", "future", "日期不能晚于今天。请对照送达回证核对。")]
    if on < paper.issued_on:
        message = f"日期不能早于文书日期 {paper.issued_on}。请对照送达回证核对。"
        return [Fault("on", "before_issue", message)]
    last = paper.attempts.order_by("-ordinal").first()
    if last is not None and on < last.on:
        message = f"日期不能早于上一次送达 {last.on}。请对照送达回证核对。"
        return [Fault("on", "before_attempt", message)]
    return []


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
    return needed
