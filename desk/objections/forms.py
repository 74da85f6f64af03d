"""What is typed about an objection; the services say what is wrong with it."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import Officer
from accounts.roles import ROLE_TABLE, Can
from appeals.case_models import MarkKind
from appeals.objection_enums import (
    GROUNDS,
    PROPOSABLE,
    Advice,
    Origin,
    PauseKind,
    Verdict,
)
from appeals.objection_models import Objection, ObjectionClaim
from appeals.objection_workflow import Step
from core.clock import today
from desk.service_form import ServiceForm, choice_box, day_box, long_box, text_box


class StepForm(ServiceForm):
    """``version`` is the one of the objection that the officer had on screen."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class RejectForm(StepForm):
    reason = long_box("不予受理的理由", "当事人将收到这一理由", 1000)


class WithdrawForm(StepForm):
    reason = long_box("撤回的说明", "当事人何时、以何种方式撤回", 1000)


class AskForm(StepForm):
    question = long_box("核实要求（选填）", "请原单位核对什么", 1000)


class PauseForm(StepForm):
    kind = choice_box("等待", PauseKind.choices, empty="请选择")
    why = long_box("等待的内容", "须补交的材料，或者委托的鉴定、评审", 1000)


class ResumeForm(StepForm):
    ends_on = day_box("收到日期")
    brought = long_box("等待的结果", "收到了什么；没有收到的写明", 1000)


class TransferForm(StepForm):
    to = choice_box("转给", (), empty="请选择")
    reason = text_box("转办理由")


class ExplainForm(StepForm):
    reason = long_box("逾期原因", "显示在本页和待办中", 1000)


class MarkForm(StepForm):
    kind = choice_box("事项", MarkKind.choices, empty="请选择")
    done_on = day_box("办结日期")
    words = text_box("说明", "例如“已通知市公共信用信息共享服务平台”；不涉及的写“未共享”")


class StateForm(StepForm):
    advice = choice_box("核实意见", Advice.choices, empty="请选择")
    words = long_box("核实情况", "核对了哪些材料，查明了什么", 1000)
    document = text_box("依据文书（选填）", "例如撤销决定书的文号", 100)


class ReturnForm(StepForm):
    remark = long_box("退回意见", "写明须补充核实什么", 1000)


class SecondStageForm(StepForm):
    received_on = day_box("收到日期")
    words = long_box("再次核查的理由", "当事人对答复的哪一项不服", 1000)


FORMS: dict[Step, type[StepForm]] = {
    Step.ACCEPT: StepForm,
    Step.REJECT: RejectForm,
    Step.ASK_UNIT: AskForm,
    Step.PAUSE: PauseForm,
    Step.RESUME: ResumeForm,
    Step.WITHDRAW: WithdrawForm,
    Step.TRANSFER: TransferForm,
    Step.EXPLAIN: ExplainForm,
    Step.MARK: MarkForm,
}


def first_values(objection: Objection) -> dict[str, Any]:
    """What stands in the boxes of a form that nobody typed into yet."""
    return {
        "version": objection.version,
        "ends_on": today(),
        "done_on": today(),
        "received_on": today(),
        "reason": objection.late_reason,
    }


def colleagues(objection: Objection) -> list[tuple[str, str]]:
    """Who may take the case over, by police number."""
    roles = [role for role, may in ROLE_TABLE.items() if Can.HANDLE_APPEAL in may]
    rows = Officer.objects.filter(is_active=True, role_grants__role__in=roles).distinct()
    first = (objection.first_handler_id, objection.first_proposer_id, objection.first_decider_id)
    rows = rows.exclude(pk__in={pk for pk in (objection.handler_id, *first) if pk is not None})
    rows = rows.order_by("number")
    return [(one.number, f"{one.name}（{one.number}）") for one in rows]


_HINTS = {
    Verdict.UPHELD: "原决定已撤销或信息错误，记录自始不计入",
    Verdict.CORRECTED: "更正金额、日期或种类，须先提出更正",
    Verdict.PARTLY: "部分主张成立，更正后其余维持",
    Verdict.DISMISSED: "必须写明理由并告知救济途径",
}


class ClaimForm(ServiceForm):
    """What is proposed about one claim."""

    verdict = forms.CharField(label="结论", required=False)
    ground = forms.CharField(
        label="理由",
        required=False,
        widget=forms.Select(
            attrs={"class": "form-select"},
            choices=[
                ("", "请选择"),
                *(
                    (Verdict(value).label, [(one.value, one.label) for one in grounds])
                    for value, grounds in GROUNDS.items()
                    if value != Verdict.PARTLY
                ),
            ],
        ),
    )
    finding = long_box("认定的事实和理由", "写入答复书", 2000)
    document = text_box("依据文书", "例如撤销决定书的文号；没有的不填", 100)

    @property
    def options(self) -> list[tuple[str, str, str, bool]]:
        """The verdicts as radio cards: value, words, what follows, whether chosen."""
        value = self["verdict"].value()
        return [(one.value, one.label, _HINTS[one], one.value == value) for one in PROPOSABLE]


def claim_form(claim: ObjectionClaim, post: Any = None) -> ClaimForm:
    """The boxes of one claim, as proposed or as posted."""
    stands = {
        "verdict": claim.proposal,
        "ground": claim.ground,
        "finding": claim.finding,
        "document": claim.document,
    }
    return ClaimForm(post, prefix=f"c{claim.pk}", initial=stands)


class FilingForm(ServiceForm):
    """Who objects and how it came; the claims stand beside the records."""

    origin = choice_box("异议来源", [one for one in Origin.choices if one[0] != Origin.ONLINE])
    received_on = day_box("收到日期", "期限自次日起算；写成 2026-11-20 这样的形式")
    statement = long_box("事实和理由（选填）", "各项主张以外的说明；不写证件号码", 4000)
    contact_name = text_box("申请人", "加密保存；局办公室依职权提出的不填", 40)
    contact_role = text_box("申请人身份", "例如“法定代表人”“委托代理人”", 40)
    contact_phone = text_box("联系电话", "加密保存，只用于办理本异议", 20)
