"""The papers of an objection: that it was received and taken up, and what came of it (art. 41).

The answer says what was claimed, what was found, what was changed, and which remedy is next.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.models import Officer, Unit
from appeals.objection_deadlines import last_day
from appeals.objection_enums import ObjectionState, Origin, Verdict
from appeals.objection_models import Objection, ObjectionClaim
from appeals.objection_steps import record
from appeals.objection_workflow import Step, apply, is_handler, locked
from core.clock import today
from sanctions.paper_content import chinese_day
from sanctions.papers import issue
from violations.errors import CaseRefused, NotAllowed
from violations.writing import save_as

RECEIPT, ANSWER = "objection_receipt", "objection_answer"
_GRADES = {"A": "A（信用优良）", "B": "B（一般失信）", "C": "C（严重失信）", "": "未定级"}


@transaction.atomic
def issue_receipt(*, officer: Officer, objection_id: int, version: int) -> Objection:
    """Number and keep the notice that the objection is taken up; once, while it is open.

    Raises Objection.DoesNotExist, NotAllowed, CaseRefused, InvalidDecision.
    """
    objection = locked(objection_id)
    refusal = is_handler(officer, objection)
    if refusal:
        raise NotAllowed(refusal)
    if not objection.is_open:
        raise CaseRefused("异议已经认定或者结束，不再出具受理通知书。")
    if objection.accepted_on is None or objection.receipt_id is not None or not objection.by_party:
        raise CaseRefused("受理当事人的异议以后才出具受理通知，并且只出具一次。")
    objection.receipt = issue(
        kind=RECEIPT,
        unit=Unit.objects.get(is_office=True),
        subject=objection.subject,
        content=receipt_content(objection),
        officer=officer,
    )
    objection.version += 1
    save_as(officer, objection, reason="出具受理通知")
    record(officer, objection, "objection.receipt", paper=objection.receipt.number)
    return objection


@transaction.atomic
def answer(*, officer: Officer, objection_id: int, version: int) -> Objection:
    """Number and keep the answer; one that the office raised itself ends without a paper.

    Raises as ``issue_receipt``, and CaseChanged.
    """
    objection = locked(objection_id)
    apply(objection, Step.ANSWER, officer=officer, version=version)
    objection.answered_on = today()
    if objection.origin != Origin.OFFICE:
        objection.answer = issue(
            kind=ANSWER,
            unit=Unit.objects.get(is_office=True),
            subject=objection.subject,
            content=answer_content(objection),
            officer=officer,
        )
    save_as(officer, objection, reason="出具答复书")
    paper = objection.answer.number if objection.answer else ""
    record(officer, objection, "objection.answer", paper=paper)
    return objection


def receipt_content(objection: Objection) -> dict[str, Any]:
    """What the receipt says; the contact stands on no paper."""
    return {
        "receipt": objection.number,
        "received": chinese_day(objection.received_on),
        "accepted": chinese_day(objection.accepted_on or today()),
        "answer_by": chinese_day(last_day(objection).day),
        "claims": [[subject_of(one), one.words] for one in _claims(objection)],
    }


def answer_content(objection: Objection) -> dict[str, Any]:
    """What the answer says, claim by claim, and both grades where they may be told.

    Where everything was granted there is nothing to contest, and no remedy is pointed to.
    """
    decided = objection.state in (ObjectionState.DECIDED, ObjectionState.ANSWERED)
    rows, verdicts = [], []
    for one in _claims(objection):
        verdict = one.verdict if decided else one.proposal
        found = f"{one.get_ground_display()}。{one.finding}" if one.ground else one.finding
        verdicts.append(verdict)
        rows.append([subject_of(one), one.words, found, outcome_of(one, verdict)])
    granted = all(one in (Verdict.UPHELD, Verdict.CORRECTED) for one in verdicts)
    return {
        "receipt": objection.number,
        "received": chinese_day(objection.received_on),
        "claims": rows,
        "effect": _effect(objection),
        "second_stage": "" if granted or objection.reviews_id else "yes",
        "granted": "yes" if granted else "",
    }


def subject_of(claim: ObjectionClaim) -> str:
    """What a claim is about, in words for a paper and a page."""
    if claim.violation is not None:
        decision = claim.violation.decision
        return f"{decision.number}：{claim.violation.type}"
    if claim.list_entry is not None:
        return f"{claim.list_entry.get_list_display()} {claim.list_entry.paper}"
    return f"信用等级评定（{claim.get_grade_display()}）"


def outcome_of(claim: ObjectionClaim, verdict: str) -> str:
    """What was changed, in one sentence."""
    words = {
        Verdict.UPHELD: "异议成立，已撤销该记录，自始不计入信用评定",
        Verdict.CORRECTED: "异议成立，已更正该记录",
        Verdict.PARTLY: "异议部分成立，已更正该记录，其余维持",
        Verdict.DISMISSED: "异议不成立，维持原记录",
        Verdict.OVERTAKEN: "已由其他文书作出处理，本项了结",
    }
    if verdict == Verdict.UPHELD and claim.grade:
        return "异议成立，已重新评定信用等级"
    if verdict == Verdict.UPHELD and claim.list_entry is not None:
        return f"异议成立，已{claim.list_entry.get_closing_display() or '撤销'}该名单条目"
    if verdict == Verdict.DISMISSED and claim.grade:
        return "异议不成立，维持原评定"
    return words.get(Verdict(verdict), "") if verdict else ""


def _effect(objection: Objection) -> str:
    """The grade in one sentence; the party is told of both, for both are about it."""
    if not objection.effects:
        return ""
    before, after = objection.effects[0]["before"], objection.effects[0]["after"]
    old, new = before["grade"], after["grade"]
    if old == new:
        return f"你单位的信用等级仍为{_GRADES[new]}。"
    return f"你单位的信用等级由{_GRADES[old]}变更为{_GRADES[new]}。"


def _claims(objection: Objection) -> list[ObjectionClaim]:
    return list(objection.claims.select_related("violation__decision", "list_entry"))
