"""Looking into a flag: asking the unit, handing on, proposing, taking back and returning."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Officer, Unit
from accounts.roles import ROLE_TABLE, Can
from core import audit
from grading.models import RequestKind, Review, ReviewRequest
from grading.review_workflow import Step, apply, locked
from violations.checks_of_texts import text
from violations.errors import CaseRefused, InvalidDecision, NotAllowed
from violations.inputs import Fault
from violations.writing import save_as

LONGEST = 500
LONGEST_ANSWER = 2000
SHORTEST = 10
PROPOSING_ROLES = sorted(role for role, may in ROLE_TABLE.items() if Can.PROPOSE_REVIEW in may)


@transaction.atomic
def ask_unit(
    *, officer: Officer, review_id: int, version: int, kind: str, unit_id: int | None, question: str
) -> ReviewRequest:
    """Ask a unit for its word or for more material; the review is on hold until it answers.

    Raises NotAllowed, CaseRefused, InvalidDecision, as all services here do.
    """
    review = locked(review_id)
    apply(review, Step.ASK, officer=officer, version=version)
    question = question.strip()
    faults = list(text("question", question, "要求", LONGEST, shortest=SHORTEST))
    if kind not in RequestKind.values:
        faults.append(Fault("kind", "missing", "没有选择要求什么。请选单位说明或补充材料。"))
    unit = Unit.objects.filter(pk=unit_id, is_active=True).first() if unit_id else None
    if unit is None:
        faults.append(Fault("unit_id", "missing", "没有选择单位。请从列表中选择。"))
    elif review.requests.filter(unit=unit, ended_at__isnull=True).exists():
        message = f"已向{unit.name}提出要求，尚未答复。请等答复，或者登记不再等待。"
        faults.append(Fault("unit_id", "waiting", message))
    if faults or unit is None:
        raise InvalidDecision(faults)
    made = ReviewRequest(review=review, kind=kind, unit=unit, question=question, asked_by=officer)
    save_as(officer, made, reason="要求")
    taken_by(review, officer)
    save_as(officer, review, reason="要求单位说明")
    _note(officer, review, "ask_word", question, {"unit": unit.code, "kind": kind})
    return made


@transaction.atomic
def answer_for_unit(*, officer: Officer, request_id: int, answer: str) -> ReviewRequest:
    """The unit's word; another unit's request does not exist for it.

    Raises ReviewRequest.DoesNotExist, NotAllowed, CaseRefused, InvalidDecision.
    """
    if not officer.may(Can.STATE_FOR_UNIT):
        raise NotAllowed("您的角色不能代表单位说明。请由本单位审核人办理。")
    asked = requests_for(officer).get(pk=request_id)
    review = locked(asked.review_id)
    asked = requests_for(officer).select_for_update(of=("self",)).get(pk=request_id)
    if not asked.is_waiting or not review.is_open:
        raise CaseRefused("该要求已经答复或不再等待，不能再提交。请打开查看。")
    answer = answer.strip()
    faults = list(text("answer", answer, "单位说明", LONGEST_ANSWER, shortest=SHORTEST))
    if faults:
        raise InvalidDecision(faults)
    asked.answer, asked.answered_by, asked.ended_at = answer, officer, timezone.now()
    save_as(officer, asked, reason="答复")
    review.version += 1
    save_as(officer, review, reason="单位已答复")
    _note(officer, review, "state", "", {"request": asked.pk})
    return asked


@transaction.atomic
def end_wait(*, officer: Officer, review_id: int, version: int, reason: str) -> Review:
    """Go on without the answers that are still awaited."""
    review = locked(review_id)
    apply(review, Step.END_WAIT, officer=officer, version=version)
    reason = _reason(reason, "不再等待的理由")
    for asked in review.requests.filter(ended_at__isnull=True):
        asked.ended_at = timezone.now()
        save_as(officer, asked, reason=f"不再等待：{reason}"[:LONGEST])
    save_as(officer, review, reason="不再等待")
    _note(officer, review, "end_wait", reason)
    return review


@transaction.atomic
def transfer(
    *, officer: Officer, review_id: int, version: int, to_id: int | None, reason: str
) -> Review:
    """Give it to a colleague."""
    review = locked(review_id)
    apply(review, Step.TRANSFER, officer=officer, version=version)
    to = handlers().filter(pk=to_id).first() if to_id else None
    faults = list(text("reason", reason.strip(), "转办理由", LONGEST, shortest=4))
    if to is None:
        faults.append(Fault("to_id", "missing", "没有选择接办人。请从列表中选择。"))
    elif to.pk == review.handler_id:
        faults.append(Fault("to_id", "same", f"现在的经办人就是{to.name}。请另选一人。"))
    if faults or to is None:
        raise InvalidDecision(faults)
    review.handler = to
    save_as(officer, review, reason=f"转办：{reason.strip()}")
    _note(officer, review, "transfer", reason.strip(), {"to": to.number})
    return review


@transaction.atomic
def withdraw_proposal(*, officer: Officer, review_id: int, version: int) -> Review:
    """Take a proposal back before it is decided; what was proposed stays in the history."""
    review = locked(review_id)
    apply(review, Step.WITHDRAW, officer=officer, version=version)
    save_as(officer, review, reason="撤回意见")
    _note(officer, review, "withdraw")
    return review


@transaction.atomic
def return_proposal(*, officer: Officer, review_id: int, version: int, remark: str) -> Review:
    """Back to the officer who proposed, or to whoever has it in hand."""
    review = locked(review_id)
    apply(review, Step.RETURN, officer=officer, version=version)
    remark = remark.strip()
    faults = list(text("remark", remark, "退回意见", LONGEST, shortest=5))
    if faults:
        raise InvalidDecision(faults)
    review.returned_remark = remark
    save_as(officer, review, reason="退回经办人")
    _note(officer, review, "return", remark)
    return review


def handlers() -> QuerySet[Officer]:
    """Who may have a review in hand."""
    return (
        Officer.objects.filter(is_active=True, role_grants__role__in=PROPOSING_ROLES)
        .distinct()
        .order_by("number")
    )


def requests_for(officer: Officer) -> QuerySet[ReviewRequest]:
    """What this officer's unit was asked; nothing of other units."""
    return ReviewRequest.objects.filter(unit=officer.unit_id).select_related(
        "review__subject", "unit", "asked_by", "answered_by"
    )


def taken_by(review: Review, officer: Officer) -> None:
    """Whoever does something about it first has it in hand."""
    if review.handler_id is None:
        review.handler = officer


def _reason(given: str, label: str) -> str:
    reason = given.strip()
    faults = list(text("reason", reason, label, LONGEST, shortest=5))
    if faults:
        raise InvalidDecision(faults)
    return reason


def _note(
    officer: Officer,
    review: Review,
    verb: str,
    reason: str = "",
    details: dict[str, object] | None = None,
) -> None:
    audit.record(
        actor=officer,
        action=f"review.{verb}",
        target=review,
        reason=reason,
        details={"number": review.number, **(details or {})},
    )


def faults_of_words(reason: str, differs_reason: str, *, must_differ: bool) -> Iterator[Fault]:
    """What is wrong with the words of a proposal."""
    yield from text("reason", reason, "理由", LONGEST, shortest=SHORTEST)
    if must_differ:
        yield from text(
            "differs_reason", differs_reason, "与先例不同的理由", LONGEST, shortest=SHORTEST
        )
    elif differs_reason:
        yield from text(
            "differs_reason", differs_reason, "与先例不同的理由", LONGEST, required=False
        )
