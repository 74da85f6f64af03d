"""What is typed at each step of a list entry; the services say what is wrong with it."""

from __future__ import annotations

from typing import Any

from django import forms

from core.clock import today
from desk.service_form import ServiceForm, choice_box, day_box, long_box, text_box
from sanctions import paper_of_lists
from sanctions.models import Paper
from violations.enums import Closing, Hearing, ListKind, Settlement
from violations.list_approval import earliest_listing
from violations.list_workflow import Step
from violations.models import ListCondition, ListEntry


class StepForm(ServiceForm):
    """``version`` is the one of the entry that the officer had on screen."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def suit(self, entry: ListEntry) -> None:
        """Call the boxes what they are called for this list."""


class NoticeForm(StepForm):
    on = day_box("送达日期", "期限自次日起算；写成 2026-11-20 这样的形式")
    document = text_box("告知书文号", longest=100)

    def suit(self, entry: ListEntry) -> None:
        if entry.is_red:
            self.fields["on"].label, self.fields["document"].label = "公示日期", "公示文书"


class WaiverForm(StepForm):
    on = day_box("放弃日期")
    document = text_box("书面声明", "例如“放弃陈述申辩声明书 1 份，2026-11-20 签收”", 100)


class HearingForm(StepForm):
    hearing = choice_box("听取结果", Hearing.choices, empty="请选择")
    on = day_box("陈述申辩日期", "期内未陈述申辩的，以下三项不填")
    statement = long_box("陈述申辩内容", longest=4000)
    reason = long_box("采纳与否的理由", longest=2000)


class ObjectionForm(StepForm):
    received_on = day_box("收到日期")
    content = long_box("异议内容", "不写提出人的姓名、电话和证件号码", 4000)
    document = text_box("异议材料（选填）", longest=100)


class SettleForm(StepForm):
    objection_id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    settlement = choice_box("处理结果", Settlement.choices, empty="请选择")
    settled_reason = long_box("处理理由", longest=2000)


class WithdrawForm(StepForm):
    reason = long_box("撤回理由", "记录保留，标明未列入", 2000)


class ApproveForm(StepForm):
    document = text_box("发布文书", "发布红名单、黑名单的文书文号", 100)
    listed_on = day_box("列入日期", "自这一天起计入等级，不早于今天")


class ReturnForm(StepForm):
    remark = long_box("退回意见", "写明要补正什么", 1000)


class CloseForm(StepForm):
    closing = choice_box(
        "办理",
        [
            (Closing.REMOVAL.value, "移出：自某日起不再计入"),
            (Closing.REVOCATION.value, "撤销：本不应列入，任何一天都不计入"),
        ],
    )
    on = day_box("移出日期", "撤销的不填")
    reason = long_box("理由", longest=2000)
    document = text_box("文书", longest=100)


class AgreeForm(StepForm):
    """Nothing to type: what was proposed is agreed to as it stands."""


FORMS: dict[Step, type[StepForm]] = {
    Step.NOTIFY: NoticeForm,
    Step.WAIVE: WaiverForm,
    Step.HEAR: HearingForm,
    Step.OBJECT: ObjectionForm,
    Step.SETTLE: SettleForm,
    Step.WITHDRAW: WithdrawForm,
    Step.APPROVE: ApproveForm,
    Step.RETURN: ReturnForm,
    Step.CLOSE: CloseForm,
    Step.AGREE_CLOSING: AgreeForm,
    Step.REFUSE_CLOSING: ReturnForm,
}


def first_values(step: Step, entry: ListEntry) -> dict[str, Any]:
    """What stands in the boxes of a new form."""
    values: dict[str, Any] = {"version": entry.version}
    if step == Step.APPROVE:
        values["listed_on"] = max(entry.listed_on, earliest_listing(entry))
    elif step == Step.HEAR:
        values |= {
            "hearing": entry.hearing,
            "on": entry.statement_on,
            "statement": entry.statement,
            "reason": entry.hearing_reason,
        }
    else:
        values |= {"on": today(), "received_on": today()}
    if step == Step.NOTIFY:
        values |= _notice_paper(entry)
    return values


def _notice_paper(entry: ListEntry) -> dict[str, Any]:
    """Number and day of service of the notice that was issued here, where there is one."""
    rows = Paper.objects.standing().filter(list_entry=entry, kind=paper_of_lists.NOTICE)
    paper = rows.order_by("pk").last()
    if paper is None:
        return {}
    return {"document": paper.number, "on": paper.served_on or today()}


class ProposalForm(ServiceForm):
    """A proposal; list and organisation are fixed once it stands."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    list = choice_box("名单", ListKind.choices)
    credit_code = text_box("统一社会信用代码", "18 位；自然人不是监管对象", 40)
    name = text_box("名称", "已登记的可以不填")
    condition = forms.ModelChoiceField(
        label="列入条件",
        required=False,
        queryset=ListCondition.objects.none(),
        empty_label="请选择公布的条件",
        error_messages={"invalid_choice": "该条件不在有效的条件之内。请从列表中选择。"},
    )
    legal_basis = text_box("法律依据", "留空时采用条件的依据", 300)
    reason = long_box("事由", "写明事实，不写个人的证件号码和电话", 2000)
    evidence = long_box("证据材料", "文书、检查记录等的名称和编号", 2000)
    document = text_box("拟列入文书", "提请列入的文号", 100)
    listed_on = day_box("拟列入日期", "告知（公示）期满以后；批准时可以顺延")
    expires_on = day_box("有效期至（含）")
