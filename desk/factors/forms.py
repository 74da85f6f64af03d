"""The boxes of a factor, of its end and revocation, and of a sheet of factors."""

from __future__ import annotations

from django import forms

from desk.service_form import ServiceForm, choice_box, day_box, long_box, text_box
from violations.enums import FactorKind
from violations.factor_checks import FactorInput
from violations.factor_sheets import SheetTerms, worst_results

_SCHEME = "评价、名单或通报的全称，与结果一并显示"
_SOURCE = "来文机关和文号，或者数据来源"
_OPEN = "没有期限的留空"


class FactorForm(ServiceForm):
    """One factor about one organisation."""

    credit_code = text_box("统一社会信用代码", "监管对象须已登记；自然人不是监管对象", 40)
    kind = choice_box("种类", FactorKind.choices, "请选择种类")
    scheme = text_box("评价体系", _SCHEME, 100)
    value = text_box("结果", "照来文填写，如：良、三级、列入、不合格", 100)
    is_worst = forms.BooleanField(
        label="该结果属最差等次",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    source = text_box("来源", _SOURCE)
    in_force_from = day_box("生效日期")
    in_force_until = day_box("截止日期", f"这一天仍然有效；{_OPEN}")

    def factor_input(self) -> FactorInput:
        values = self.values()
        national = values["kind"] == FactorKind.NATIONAL
        # Asked, and without scripts seen, for a national evaluation alone.
        worst = bool(values["is_worst"]) and national
        return FactorInput(**{**values, "is_worst": worst})


class RevokeForm(ServiceForm):
    reason = long_box("撤销理由", "为何不应存在，不少于 5 字")
    document = text_box("撤销文书", "依据的文书名称和文号", 100)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class EndForm(ServiceForm):
    last_day = day_box("最后一天", "写成 2026-11-20 这样的形式；这一天仍然有效")
    reason = long_box("终止理由", "不少于 5 字")
    document = text_box("终止文书", "", 100)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class SheetForm(ServiceForm):
    """A sheet, and what holds for all of its rows."""

    kind = choice_box("种类", FactorKind.choices, "请选择种类")
    scheme = text_box("评价体系", f"{_SCHEME}；表中另有“评价体系”一列的，以表为准", 100)
    source = text_box("来源", _SOURCE)
    worst = text_box(
        "属最差等次的结果", "只有国家公共信用综合评价填写，如：差；几个的用顿号隔开", 100
    )
    in_force_from = day_box("生效日期", "表中没有“生效日期”一列时填写")
    in_force_until = day_box("截止日期", f"表中没有“截止日期”一列时填写；{_OPEN}")
    file = forms.FileField(
        label="表格文件",
        required=False,
        help_text="xlsx 或 csv，第一行为列名：统一社会信用代码、监管对象名称、结果",
        widget=forms.ClearableFileInput(attrs={"class": "form-control", "accept": ".xlsx,.csv"}),
        error_messages={"empty": "文件是空的。核对后再上传。"},
    )

    def terms(self) -> SheetTerms:
        values = self.values()
        return SheetTerms(
            kind=values["kind"],
            scheme=values["scheme"],
            source=values["source"],
            in_force_from=values["in_force_from"],
            in_force_until=values["in_force_until"],
            worst=worst_results(values["worst"]),
        )
