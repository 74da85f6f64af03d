"""The letters of a repair: that the application came, what became of it, and the invitation to one.

Letters are papers: numbered, rendered once, kept. No contact stands on any of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import Officer, Unit
from appeals.repair_conditions import COMMITMENT, lacking
from appeals.repair_deadlines import Periods, accept_by
from appeals.repair_enums import RepairState, Verdict
from appeals.repair_models import Repair, RepairItem
from appeals.repair_view import condition_lines
from appeals.repair_workflow import Step, is_handler, locked
from appeals.repair_writing import begun, kept
from core.clock import today
from grading.clocks import Clocks
from grading.record_clocks import clocks
from grading.tiers import LABELS
from sanctions.notice_papers import treatment
from sanctions.paper_content import chinese_day
from sanctions.papers import issue
from violations.errors import CaseRefused, NotAllowed
from violations.models import Violation

RECEIPT, ANSWER, INVITATION = "repair_receipt", "repair_answer", "repair_invitation"
_GRADES = {"A": "A（信用优良）", "B": "B（一般失信）", "C": "C（严重失信）", "": "未定级"}
_OUTCOMES = {
    Verdict.GRANTED: "准予修复，自{day}起不再计入信用评定，终止公示",
    Verdict.REFUSED: "不予修复",
    Verdict.TOO_EARLY: "不予受理",
    Verdict.NOT_ACCEPTED: "不予受理",
    Verdict.OVERTAKEN: "已由其他文书作出处理，不再办理",
    Verdict.WITHDRAWN: "你单位已撤回申请",
}
_TURNED_DOWN = (Verdict.REFUSED, Verdict.TOO_EARLY, Verdict.NOT_ACCEPTED)
# Stands in place of the block on remedies, which speaks of what was turned down.
_OBJECTION = "对本答复有异议的，可以向舞钢市公安局办公室提出异议。"


@transaction.atomic
def issue_receipt(*, officer: Officer, repair_id: int, version: int) -> Repair:
    """The receipt, once: what came in, what is still missing, and when it is answered.

    Raises Repair.DoesNotExist, NotAllowed, CaseRefused, InvalidDecision.
    """
    repair = locked(repair_id)
    if refusal := is_handler(officer, repair):
        raise NotAllowed(refusal)
    if repair.receipt_id is not None or repair.state != RepairState.RECEIVED:
        raise CaseRefused("回执在受理前出具，并且只出具一次。")
    if version != repair.version:
        raise CaseRefused("此案刚刚有人办理过。请先查看新内容，再办理。")
    repair.version += 1
    repair.receipt = issue(
        kind=RECEIPT,
        unit=_office(),
        subject=repair.subject,
        content=receipt_content(repair),
        officer=officer,
    )
    return kept(repair, officer, "acknowledge", {"paper": repair.receipt.number})


@transaction.atomic
def answer(*, officer: Officer, repair_id: int, version: int) -> Repair:
    """The answer, record by record; with it the case is done. Raises as ``issue_receipt``."""
    repair = begun(Step.ANSWER, officer, repair_id, version)
    if repair.answered_on is not None:
        raise CaseRefused(f"已于 {repair.answered_on} 答复。请打开答复书查看。")
    if repair.state == RepairState.DECIDED:
        repair.state = RepairState.ANSWERED
    repair.answered_on = today()
    repair.answer = issue(
        kind=ANSWER,
        unit=_office(),
        subject=repair.subject,
        content=answer_content(repair),
        officer=officer,
    )
    return kept(repair, officer, "answer", {"paper": repair.answer.number})


def receipt_content(repair: Repair) -> dict[str, Any]:
    items = list(_items(repair))
    lines = condition_lines(repair, items, today())
    return {
        "receipt": repair.number,
        "received": chinese_day(repair.received_on),
        "accept_by": chinese_day(accept_by(repair, Periods()).day),
        "materials": repair.materials,
        "records": [
            [
                item.violation.decision.number,
                item.violation.type,
                "；".join(lacking([one for one in lines[item.pk] if one.code != COMMITMENT])),
            ]
            for item in items
        ],
        "missing": "；".join(lacking([lines[items[0].pk][-1]])) if items else "",
    }


def answer_content(repair: Repair) -> dict[str, Any]:
    decided = repair.decided_on
    day = chinese_day(decided) if decided else ""
    rows, items = [], list(_items(repair))
    known = clocks([item.violation_id for item in items], today())
    for item in items:
        outcome = _OUTCOMES.get(Verdict(item.verdict), "").format(day=day)
        record = f"{item.violation.decision.number}：{item.violation.type}"
        earliest = _earliest(item, known.get(item.violation_id))
        reason = item.verdict_reason
        if earliest and item.verdict == Verdict.TOO_EARLY:
            reason = "未满最短公示期。"  # the day follows, and is not said twice
        rows.append([record, treatment(item.violation), outcome, reason, earliest])
    turned_down = any(item.verdict in _TURNED_DOWN for item in items)
    return {
        "receipt": repair.number,
        "received": chinese_day(repair.received_on),
        "records": rows,
        "effect": _effect(repair),
        "remedies": "" if turned_down else _OBJECTION,
    }


def invitation_content(acts: Iterable[tuple[Violation, Clocks]], day: date) -> dict[str, Any]:
    """What an organisation could have repaired, from when, and what it would bring."""
    rows = [
        [
            f"{act.decision.number}：{act.type}",
            treatment(act),
            LABELS[clock.tier],
            chinese_day(max(clock.repair_from or day, day)),
        ]
        for act, clock in acts
    ]
    return {"records": rows}


def _earliest(item: RepairItem, found: Clocks | None) -> str:
    """From when a record that was not accepted can be repaired, where that day is to come."""
    if item.verdict not in (Verdict.NOT_ACCEPTED, Verdict.TOO_EARLY):
        return ""
    if found is None or found.repair_from is None or found.repair_from <= today():
        return ""
    return f"该记录自{chinese_day(found.repair_from)}起可以申请信用修复。"


def _effect(repair: Repair) -> str:
    if not repair.effects:
        return ""
    old, new = repair.effects["before"][0], repair.effects["after"][0]
    if old == new:
        return f"你单位的信用等级仍为{_GRADES[new]}。"
    return f"你单位的信用等级由{_GRADES[old]}变更为{_GRADES[new]}。"


def _items(repair: Repair) -> Iterable[RepairItem]:
    rows = repair.items.select_related("violation__decision", "unit")
    found: Iterable[RepairItem] = rows.prefetch_related("violation__dispositions").order_by("pk")
    return found


def _office() -> Unit:
    return Unit.objects.get(is_office=True)
