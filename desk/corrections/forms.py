"""The boxes of a correction; what is wrong with them the checks of entry say."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from accounts.models import Unit
from desk.fault_forms import FaultForm, day, line, words
from subjects.credit_codes import normalise
from subjects.enums import Industry, RegistryStatus
from violations.correction_targets import State
from violations.enums import FactorKind

_SELECT = {"class": "form-select"}
_TICK = {"class": "form-check-input"}


class WhyForm(FaultForm):
    """What every correction says: why, and on which paper."""

    reason = words("更正理由", "错在哪里、如何核实，不少于 10 字")
    document = line("依据文书", "决定书等原件的文号；加重等级、计数或期限的必须填写")


class EvidenceForm(FaultForm):
    """The same for a merger, which always rests on evidence."""

    reason = words("理由", "为什么是同一单位（或不是同一单位），不少于 10 字")
    document = line("证明材料", "登记机关文件、营业执照等材料的名称和编号")


class RecordForm(FaultForm):
    """The values of one record: ``wanted`` is its state as typed."""

    def wanted(self, state: State) -> State:
        typed = {name: _plain(value) for name, value in self.values().items() if name in state}
        return state | typed


class ListEntryForm(RecordForm):
    notified_on = day("告知（公示）日期")
    listed_on = day("列入日期")
    expires_on = day("有效期至（含）")
    document = line("文书")
    legal_basis = line("依据", longest=300)
    reason = words("事由", longest=2000)


class FactorForm(RecordForm):
    kind = forms.ChoiceField(
        label="种类", choices=FactorKind.choices, widget=forms.Select(attrs=_SELECT)
    )
    scheme = line("评价体系")
    value = line("结果")
    is_worst = forms.BooleanField(
        label="最差等次", required=False, widget=forms.CheckboxInput(attrs=_TICK)
    )
    source = line("来源", longest=200)
    in_force_from = day("自")
    in_force_until = day("至（含）", "没有期限的留空")


class SubjectForm(RecordForm):
    credit_code = line("统一社会信用代码", "重新赋码、录入有误的在此更正", longest=40)
    keeps_code = forms.BooleanField(
        label="更换代码的，原代码保留为曾用代码",
        required=False,
        initial=True,
        help_text="登记机关重新赋码的保留；原代码是录入错误的，取消勾选",
        widget=forms.CheckboxInput(attrs=_TICK),
    )
    code_exception = line("校验位例外理由", "登记机关实际核发而校验位不符的填写", longest=200)
    name = line("名称", "更名请用“更正登记信息”，原名称会保留；这里更正录错的名称", longest=200)
    address = line("住所", longest=200)
    principal = line("法定代表人（负责人）", "只填姓名，不填身份证号码", longest=64)
    industry = forms.ChoiceField(
        label="行业", choices=Industry.choices, widget=forms.Select(attrs=_SELECT)
    )
    registry_status = forms.ChoiceField(
        label="登记状态", choices=RegistryStatus.choices, widget=forms.Select(attrs=_SELECT)
    )
    unit_in_charge = forms.ModelChoiceField(
        label="归口单位",
        required=False,
        queryset=Unit.objects.all(),
        empty_label="暂不指定",
        widget=forms.Select(attrs=_SELECT),
    )

    def wanted(self, state: State) -> State:
        wanted = super().wanted(state)
        code = normalise(wanted["credit_code"])
        former = [one for one in state["former_codes"] if one != code]
        if code != state["credit_code"] and self.cleaned_data.get("keeps_code"):
            former = sorted({*former, state["credit_code"]})
        return wanted | {"former_codes": former}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.pk if isinstance(value, Unit) else value
