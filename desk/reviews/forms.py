"""What is typed at each step of a review; the services say what is wrong with it."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import Unit
from core.clock import today
from desk.service_form import ServiceForm, choice_box, long_box, text_box
from grading.models import Outcome, RequestKind, Review
from grading.review_decision import TERMS, outcomes_for
from grading.review_services import handlers
from grading.review_workflow import Step, counted_decisions
from violations.enums import ListKind
from violations.models import ListCondition

# What each outcome means, beside its name.
CONSEQUENCES = {
    Outcome.KEEP: "说明理由；计数没有超过本次所看的，不再重复触发",
    Outcome.BLACK_LIST: "批准后只是提请：告知、听取陈述申辩、另一人批准并发布后，才定为 C 级",
    Outcome.RED_REMOVAL: "批准后只是提请移出，由另一人审批；等级按现有记录评定",
}
# These open a list procedure, which has boxes of its own.
LISTING = (Outcome.BLACK_LIST, Outcome.RED_REMOVAL)


class StepForm(ServiceForm):
    """``version`` is the one of the review that the officer had on screen."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def suit(self, review: Review) -> None:
        """Offer what this review may be given."""


class AskForm(StepForm):
    kind = choice_box("要求", RequestKind.choices)
    unit_id = choice_box("单位", [], empty="请选择")
    question = long_box("要求内容", "写明要说明或补充什么；答复前办理期限暂停", 500)

    def suit(self, review: Review) -> None:
        made = list(counted_decisions(review).values_list("unit", flat=True))
        units = sorted(Unit.objects.filter(is_active=True), key=lambda one: one.pk not in made)
        box: Any = self.fields["unit_id"].widget
        box.choices = [("", "请选择"), *((str(one.pk), one.name) for one in units)]


class ReasonForm(StepForm):
    reason = long_box("理由", longest=500)


class TransferForm(StepForm):
    to_id = choice_box("接办人", [], empty="请选择")
    reason = long_box("转办理由", longest=500)

    def suit(self, review: Review) -> None:
        box: Any = self.fields["to_id"].widget
        people = handlers().exclude(pk=review.handler_id or 0)
        names = [(str(one.pk), f"{one.name}（{one.number}）") for one in people]
        box.choices = [("", "请选择"), *names]


class ProposeForm(StepForm):
    outcome = choice_box("处理意见", Outcome.choices)
    reason = long_box("理由", "10 至 500 字，写入档案并可被当事人查阅；不写个人证件号码", 500)
    differs_reason = long_box("与先例不同的理由", "与多数先例意见不同时须填写", 500)
    condition = forms.ModelChoiceField(
        label="列入条件",
        required=False,
        queryset=ListCondition.objects.none(),
        empty_label="请选择公布的条件",
        error_messages={"invalid_choice": "该条件不在有效的条件之内。请从列表中选择。"},
    )
    term_months = choice_box("列入期限", [(str(n), f"{n} 个月") for n in TERMS], empty="请选择")
    legal_basis = text_box("法律依据", "留空时采用条件的依据", 300)
    paper = text_box("提请文书", "提请列入或移出的文号", 100)

    def suit(self, review: Review) -> None:
        valid = ListCondition.objects.valid_on(today()).filter(list=ListKind.BLACK)
        self.fields["condition"].queryset = valid  # type: ignore[attr-defined]

    @property
    def shows_listing(self) -> bool:
        """Whether the boxes of a list procedure stand open: asked for, filled in, or at fault."""
        if self["outcome"].value() in LISTING or self["paper"].value():
            return True
        return any(name in self.errors for name in ("condition", "term_months", "paper"))

    def choices(self, review: Review, grade: str) -> list[dict[str, Any]]:
        """The outcomes as cards to choose from."""
        chosen = self["outcome"].value()
        return [
            {
                "value": one.value,
                "label": one.label,
                "words": CONSEQUENCES[one],
                "on": one.value == chosen,
                "opens": one in LISTING,
            }
            for one in outcomes_for(review, grade)
        ]


class ReturnForm(StepForm):
    remark = long_box("退回意见", "写明要补正什么", 500)


class AgreeForm(StepForm):
    """Nothing to type: what was proposed is agreed to as it stands."""


class AnswerForm(ServiceForm):
    answer = long_box("单位说明", "10 至 2000 字；不写个人证件号码和电话", 2000)


FORMS: dict[Step, type[StepForm]] = {
    Step.ASK: AskForm,
    Step.END_WAIT: ReasonForm,
    Step.TRANSFER: TransferForm,
    Step.PROPOSE: ProposeForm,
    Step.WITHDRAW: AgreeForm,
    Step.RETURN: ReturnForm,
    Step.DECIDE: AgreeForm,
}


def first_values(step: Step, review: Review) -> dict[str, Any]:
    """What stands in the boxes of a new form: of a proposal that came back, what was proposed."""
    values: dict[str, Any] = {"version": review.version}
    if step == Step.PROPOSE:
        names = ("outcome", "reason", "differs_reason", "paper", "legal_basis")
        values |= {name: getattr(review, name) for name in names}
        values |= {"condition": review.condition_id, "term_months": review.term_months or ""}
    return values
