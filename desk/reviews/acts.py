"""One review: what it is about, where it stands, and each step as a form of its own.

A step that is refused shows the same page again, with what was typed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import check, current_officer, requires
from accounts.models import Officer
from accounts.roles import Can
from core import audit
from desk.deadlines import due
from desk.reviews.forms import FORMS, StepForm, first_values
from desk.reviews.index import READS, STATES, standing_of
from desk.reviews.material import material_of
from desk.reviews.steps import steps_of
from grading.models import Outcome, Review, ReviewState
from grading.review_clock import decide_by
from grading.review_decision import Proposal, decide, propose_outcome
from grading.review_services import (
    ask_unit,
    end_wait,
    return_proposal,
    transfer,
    withdraw_proposal,
)
from grading.review_workflow import LABELS, TABLE, Step, hindrance
from sanctions.review_letter import issue_letter, letter_of
from violations.errors import CaseRefused, InvalidDecision, NotAllowed

CONFLICT = 409


@dataclass(frozen=True, slots=True)
class Act:
    """One step on the page: its service, the button, and what is said once it is done."""

    step: Step
    service: Callable[..., object]
    button: str
    done: str
    hint: str = ""


ACTS: dict[Step, Act] = {
    act.step: act
    for act in (
        Act(
            Step.PROPOSE,
            propose_outcome,
            "提交复核人审批",
            "已提交，待另一人审批。",
        ),
        Act(
            Step.DECIDE,
            decide,
            "批准意见",
            "已批准，复核办结。",
            "批准后等级不变；提请列入或移出的，自动转入名单程序，由另一人审批。",
        ),
        Act(Step.RETURN, return_proposal, "退回经办人", "已退回经办人。"),
        Act(
            Step.ASK,
            ask_unit,
            "发给单位",
            "已发给单位，答复前办理期限暂停。",
            "材料不足的，可以退回单位补充材料；期限相应顺延。",
        ),
        Act(Step.END_WAIT, end_wait, "不再等待", "已登记不再等待，期限继续计算。"),
        Act(Step.TRANSFER, transfer, "转办", "已转办。"),
        Act(Step.WITHDRAW, withdraw_proposal, "撤回意见", "已撤回，可以修改后重新提出。"),
    )
}
OFFICE_STEPS = frozenset(step for step in ACTS if TABLE[step].permission is Can.PROPOSE_REVIEW)
OPEN_FORMS = (Step.PROPOSE, Step.DECIDE, Step.END_WAIT)


@dataclass(frozen=True, slots=True)
class Offered:
    """A step that this officer may take, or why not now (``hindrance``)."""

    act: Act
    label: str
    form: StepForm
    hindrance: str
    is_open: bool

    @property
    def url_name(self) -> str:
        return "desk:review-act" if self.act.step in OFFICE_STEPS else "desk:review-verdict"

    @property
    def is_proposal(self) -> bool:
        return self.act.step == Step.PROPOSE


@requires(*READS)
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    officer = current_officer(request)
    review = _found(pk)
    audit.record(actor=officer, action="review.view", target=review)
    return _page(request, officer, review)


@require_POST
def act(request: HttpRequest, pk: int, step: str) -> HttpResponseBase:
    """A step of the office."""
    return _take(request, pk, step, Can.PROPOSE_REVIEW)


@require_POST
def verdict(request: HttpRequest, pk: int, step: str) -> HttpResponseBase:
    """A step of the second person."""
    return _take(request, pk, step, Can.DECIDE_REVIEW)


@require_POST
def letter(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Tell the party what became of it, on paper."""
    officer = check(request, Can.PROPOSE_REVIEW)
    review = _found(pk)
    try:
        paper = issue_letter(officer=officer, review_id=review.pk)
    except (CaseRefused, NotAllowed) as refused:
        messages.warning(request, refused.message)
        audit.record(actor=officer, action="review.refused", target=review, reason=refused.message)
        return redirect("desk:review", pk=review.pk)
    messages.success(request, f"已出具告知书 {paper.number}，请送达当事人。")
    return redirect("desk:paper", pk=paper.pk)


def _take(request: HttpRequest, pk: int, name: str, needed: Can) -> HttpResponseBase:
    officer = check(request, needed)
    taken = ACTS.get(Step(name)) if name in list(Step) else None
    if taken is None or TABLE[taken.step].permission is not needed:
        raise Http404
    review = _found(pk)
    form = FORMS[taken.step](request.POST, auto_id=f"id_{taken.step}_%s")
    form.suit(review)
    status = 400
    try:
        if form.is_valid():
            taken.service(officer=officer, review_id=review.pk, **_named(taken.step, form))
            messages.success(request, taken.done)
            return redirect("desk:review", pk=review.pk)
    except InvalidDecision as refused:
        form.add_faults(refused.faults)
    except (CaseRefused, NotAllowed) as refused:
        form.add_error(None, refused.message)
        audit.record(
            actor=officer,
            action="review.refused",
            target=review,
            reason=refused.message,
            details={"step": taken.step.value},
        )
        status = CONFLICT if isinstance(refused, CaseRefused) else 403
        if status == CONFLICT:
            review = _found(pk)
    return _page(request, officer, review, typed=(taken.step, form), status=status)


def _named(step: Step, form: StepForm) -> dict[str, Any]:
    """The form's values under the names of the service."""
    values = form.values()
    named: dict[str, Any] = {"version": values.pop("version") or 0}
    for name in ("unit_id", "to_id", "term_months"):
        if name in values:
            values[name] = _number(values[name])
    if step != Step.PROPOSE:
        return named | values
    values["condition"] = values["condition"] or None
    return named | {"proposal": Proposal(**values)}


def _number(given: str) -> int | None:
    return int(given) if given.isdecimal() and len(given) < 10 else None


def _found(pk: int) -> Review:
    rows = Review.objects.select_related(
        "subject__unit_in_charge",
        "follows",
        "handler",
        "proposed_by",
        "decided_by",
        "condition",
        "list_entry",
    )
    return get_object_or_404(
        rows.prefetch_related("requests__unit", "requests__answered_by"), pk=pk
    )


def _page(
    request: HttpRequest,
    officer: Officer,
    review: Review,
    *,
    typed: tuple[Step, StepForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    material = material_of(review, officer)
    offered = list(_offered(officer, review, typed))
    proposing = next((one for one in offered if one.is_proposal), None)
    context = {
        "review": review,
        "subject": review.subject,
        "standing": STATES[standing_of(review)],
        "material": material,
        "steps": steps_of(review),
        "due": due(decide_by(review)) if review.is_open else None,
        "waiting": review.waiting(),
        "offered": offered,
        "choices": proposing.form.choices(review, material.grade)  # type: ignore[attr-defined]
        if proposing
        else [],
        "faults": typed[1].summary() if typed else [],
        "shows_proposal": review.state in (ReviewState.PROPOSED, ReviewState.DECIDED),
        "letter": letter_of(review) if review.state == ReviewState.DECIDED else None,
        "may_write": review.state == ReviewState.DECIDED and officer.may(Can.PROPOSE_REVIEW),
        "is_listing": review.outcome == Outcome.BLACK_LIST,
    }
    return render(request, "desk/reviews/review.html", context, status=status)


def _offered(
    officer: Officer, review: Review, typed: tuple[Step, StepForm] | None
) -> list[Offered]:
    found: list[Offered] = []
    for step, taken in ACTS.items():
        is_typed = typed is not None and typed[0] == step
        why = hindrance(review, step, officer)
        if why == "" and not is_typed:
            continue
        if step == Step.END_WAIT and not review.waiting() and not is_typed:
            continue
        if is_typed and typed is not None:
            form = typed[1]
        else:
            first = first_values(step, review)
            form = FORMS[step](initial=first, auto_id=f"id_{step}_%s")
            form.suit(review)
        is_open = is_typed or (step in OPEN_FORMS and not why)
        found.append(Offered(taken, LABELS[step], form, "" if is_typed else why or "", is_open))
    return found
