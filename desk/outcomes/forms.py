"""What the office writes down about an outcome; the services say what is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms

from core.clock import today
from desk.fault_forms import FaultForm, day, line, words
from desk.service_form import choice_box
from violations.inputs import Fault
from violations.models import Decision
from violations.outcome_basis import REVOKING, elsewhere

_ORGANS = [(one.value, one.label) for one in REVOKING]
_REASON = "（预览：理由尚未填写）"
_PAPER = "（预览）"


class ContestForm(FaultForm):
    contested_from = day("起始日期", "复议、诉讼受理之日；从这一天起不计入")
    contested_until = day("结束日期", "已经结束的填写，从这一天起恢复计入；未结束的留空")
    document = line("文书", "受理通知书等文书的文号")
    needs = ("contested_from",)
    stand_ins = {"document": _PAPER}


class ContestEndForm(FaultForm):
    organ = choice_box("认定机关", _ORGANS, "请选择", "作出复议决定或判决的机关")
    organ_name = line("机关名称", "例如“舞钢市人民法院”")
    until = day("结束日期", "决定维持的，从这一天起恢复计入")
    outcome = words("结果", "复议决定或判决的文号和结论，例如“维持”“撤销”")
    revoked = forms.MultipleChoiceField(
        label="被撤销的违法行为",
        required=False,
        help_text="维持的不勾选；勾选的随即撤销，任何一天都不计入",
        widget=forms.CheckboxSelectMultiple,
    )
    needs = ("until",)
    stand_ins = {"outcome": _REASON, "organ": REVOKING[0].value}

    def add_faults(self, faults: list[Fault]) -> None:
        super().add_faults(
            [replace(f, path="outcome") if f.path == "reason" else f for f in faults]
        )


def contest_end_form(decision: Decision) -> type[ContestEndForm]:
    """The form with the acts of ``decision`` that still stand."""
    standing = decision.violations.filter(revoked_on__isnull=True)
    acts = [(str(one.pk), f"其 {one.ordinal}：{one.type}") for one in standing]

    class OfThisDecision(ContestEndForm):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            box = self.fields["revoked"]
            assert isinstance(box, forms.MultipleChoiceField)
            box.choices = acts

    return OfThisDecision


class RevokeForm(FaultForm):
    organ = choice_box(
        "认定机关",
        _ORGANS,
        "请选择",
        "本局自行认定有误的，请办理异议",
    )
    organ_name = line("机关名称", "例如“舞钢市人民法院”")
    on = day("撤销日期", "撤销文书的日期")
    reason = words("理由", "认定的事实和依据，不少于 10 字")
    document = line("撤销文书", "决定撤销的文书文号")
    needs = ("on",)
    stand_ins = {"reason": _REASON, "document": _PAPER, "organ": REVOKING[0].value}

    def add_faults(self, faults: list[Fault]) -> None:
        """What stands behind it is chosen in the box of the organ."""
        super().add_faults([replace(f, path="organ") if f.path == "basis" else f for f in faults])


def first_values() -> dict[str, Any]:
    """What stands in the boxes of a new form: the day is mostly today."""
    return {"contested_from": today(), "until": today(), "on": today()}


def with_basis(values: dict[str, Any]) -> dict[str, Any]:
    """The organ and its name as the basis that the services take."""
    rest = {name: value for name, value in values.items() if name not in ("organ", "organ_name")}
    organ = values.get("organ") or ""
    return rest | {"basis": elsewhere(organ, values.get("organ_name") or "") if organ else ""}
