"""The boxes of plans, visits and results; each form carries what is typed to its service."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import Unit
from core.clock import today
from desk.service_form import ServiceForm, choice_box, day_box, long_box, text_box
from sanctions.inspection_enums import Interest, PlanKind
from sanctions.inspection_plans import PlanInput
from sanctions.inspection_results import ResultInput
from sanctions.inspection_visits import SINGLE_REASONS, VisitInput
from subjects.enums import SPECIAL_INDUSTRIES, Industry

_SINGLE = [(one.value, str(one.label)) for one in SINGLE_REASONS]


class UnitsMixin(ServiceForm):
    """A form with a box of units, filled when the form is made."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Unit.objects.filter(is_active=True).values_list("code", "name")
        self.fields["unit_code"].widget.choices += list(rows)


class PlanForm(UnitsMixin):
    """A plan; ratio and paper are those of a campaign."""

    name = text_box("计划名称", "例如：2026 年第四季度日常抽查", 100)
    kind = choice_box("种类", PlanKind.choices)
    unit_code = choice_box("检查单位", [], "请选择单位", "检查人员从该单位抽取")
    starts_on = day_box("期间自")
    ends_on = day_box("期间至", "写成 2026-11-20 这样的形式；这一天为检查期限")
    document = text_box("专项检查文号", "专项执法检查填写；日常抽查留空", 100)
    percent = text_box("专项抽查比例（%）", "专项执法检查填写，1 到 100 的整数；A 级也按此抽取", 4)
    everywhere = forms.BooleanField(
        label="包括其他单位归口的对象",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    industries = forms.MultipleChoiceField(
        label="行业",
        required=False,
        choices=Industry.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "行业不在列出的范围内。请重新选择。"},
    )

    def data_given(self) -> PlanInput:
        values = self.values()
        return PlanInput(
            **{
                **values,
                "everywhere": bool(values["everywhere"]),
                "industries": tuple(values["industries"] or ()),
            }
        )

    def industry_boxes(self) -> list[tuple[str, str, bool, bool]]:
        """(value, words, ticked, whether it is a key industry) of each."""
        ticked = set(self["industries"].value() or ())
        return [
            (value, str(words), value in ticked, value in SPECIAL_INDUSTRIES)
            for value, words in Industry.choices
        ]


class DrawForm(ServiceForm):
    word = text_box("见证数", "当场报出的数字，或者封存以后才公布的号码，不少于 4 位", 64)
    word_source = text_box("见证数来源", "例如：纪检监督员当场报数；某期开奖号码", 100)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class CancelForm(ServiceForm):
    reason = long_box("作废理由")
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class VisitForm(UnitsMixin):
    credit_code = text_box("统一社会信用代码", "监管对象须已登记", 40)
    reason = choice_box(
        "检查事由", [(one.value, str(one.label)) for one in SINGLE_REASONS], "请选择"
    )
    document = text_box("受理编号或文号", "投诉举报只写受理编号，不写举报人；日常检查留空", 100)
    unit_code = choice_box("检查单位", [], "请选择单位", "两名检查人员从该单位随机抽取")
    due_on = day_box("检查期限")

    def data_given(self) -> VisitInput:
        return VisitInput(**self.values())


class ResultForm(ServiceForm):
    """What was found on the spot; filled in on a phone."""

    outcome = choice_box("检查结果", [])
    visited_on = day_box("检查日期")
    found = long_box("检查情况", "查了什么、发现什么、怎样处理；不写证件号码", 2000)
    correct_by = day_box("改正期限", "须责令改正的必填，其余留空，如 2026-12-20")
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def data_given(self) -> ResultInput:
        values = self.values()
        names = ("visited_on", "outcome", "found", "correct_by")
        return ResultInput(**{name: values[name] for name in names})


def first_result(version: int) -> dict[str, Any]:
    return {"version": version, "visited_on": f"{today():%Y-%m-%d}"}


class ReassignForm(UnitsMixin):
    leaving = choice_box("调换的检查人员", [])
    unit_code = choice_box("由哪个单位补", [], "原检查单位", "原单位没有人可补的，选支援单位")
    reason = text_box("理由", "例如：调离、出差、回避")
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ExcuseForm(ServiceForm):
    reason = long_box("不再检查的理由", "例如：已注销；已列入红名单（4-A-2）")
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ReopenForm(ServiceForm):
    reason = long_box("更正理由", "错在哪里，不少于 5 字")
    document = text_box("依据", "检查笔录或者情况说明", 100)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class InterestForm(ServiceForm):
    credit_code = text_box("监管对象的统一社会信用代码", "", 40)
    ground = choice_box("情形", Interest.choices, "请选择", "只记情形，不写亲属姓名")
    number = text_box("民警警号", "为他人登记时填写；留空为本人", 32)


class EndInterestForm(ServiceForm):
    reason = text_box("解除理由", "核实的情况")
