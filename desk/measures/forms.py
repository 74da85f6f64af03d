"""The boxes of the pages about measures."""

from __future__ import annotations

from typing import Any

from django import forms

from desk.service_form import ServiceForm, choice_box, day_box, long_box, text_box
from sanctions.measure_catalogue import MeasureInput
from sanctions.measure_enums import HandlingKind, Outcome
from sanctions.measure_handling import HandlingInput
from sanctions.measure_models import Measure


class MeasureForm(ServiceForm):
    """What the office may change of a clause; ``version`` is the one that it began with."""

    legal_basis = text_box(
        "依据", "法律、法规、规章或文件的名称和条款；留空则对任何对象都不适用", 300
    )
    guidance = long_box("日常怎样做", "窗口和归口单位看到的提示，不超过 500 字")
    valid_from = day_box("施行日期")
    valid_until = day_box("有效期的最后一天", "写成 2026-11-20 这样的形式；不终止的留空")
    reason = long_box("修改理由", "依据哪份文件、改了什么，不少于 10 字")
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def measure_input(self) -> MeasureInput:
        values = self.values()
        return MeasureInput(**{name: values[name] for name in MeasureInput.__dataclass_fields__})


def present(measure: Measure) -> dict[str, Any]:
    """The boxes as the clause stands."""
    names = (*MeasureInput.__dataclass_fields__, "version")
    return {name: getattr(measure, name) for name in names}


class HandlingForm(ServiceForm):
    """One thing done under a measure."""

    kind = choice_box("办理事项", HandlingKind.choices, "请选择办理事项")
    done_on = day_box("日期")
    matter = text_box("事由", "如：上门宣讲保安服务管理条例；受理的许可事项和受理号")
    clause = choice_box("所依据的限制条款", (), "请选择条款", "只对限制事项处理决定填写")
    outcome = choice_box(
        "您的决定", Outcome.choices, "请选择决定", "措施只作提示，是否准予由您依法决定"
    )
    reason = long_box("内容或理由", "做了什么、为什么这样决定，不少于 10 字", 2000)
    document = text_box("文书", "有文号的填写文号", 100)

    def __init__(self, *args: Any, clauses: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget = self.fields["clause"].widget
        assert isinstance(widget, forms.Select)
        widget.choices = [("", "请选择条款"), *clauses]

    def handling_input(self) -> HandlingInput:
        values = self.values()
        return HandlingInput(**{name: values[name] for name in HandlingInput.__dataclass_fields__})


class StepForm(ServiceForm):
    """Who was told, and how."""

    told = text_box("告知了谁", longest=300)
    way = text_box("方式或文书", "如：书面告知、内网通知、喜报文号")
    done_on = day_box("日期")
