"""What is typed at each step of a repair; the services say what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.models import Officer
from accounts.roles import Can, Role, permissions_of
from appeals.case_models import MarkKind
from appeals.repair_enums import Channel, Proof, Verdict, Word
from appeals.repair_models import Repair, RepairItem
from appeals.repair_workflow import Step
from core.clock import today
from desk.service_form import ServiceForm, choice_box, day_box, long_box, text_box
from desk.subject_file import short_number

GRANT_OR_NOT = [(one.value, one.label) for one in (Verdict.GRANTED, Verdict.REFUSED)]
HANDLING = [role for role in Role.values if Can.HANDLE_APPEAL in permissions_of(frozenset({role}))]


class StepForm(ServiceForm):
    """``version`` is the one of the case that the officer had on screen."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, repair: Repair, items: Sequence[RepairItem], data: Any = None, **options: Any
    ) -> None:
        options.setdefault("initial", {}).setdefault("version", repair.version)
        super().__init__(data, **options)
        self.repair, self.items = repair, items
        self.suit()

    def suit(self) -> None:
        """Add the boxes of each record."""

    def arguments(self) -> dict[str, Any]:
        """The values under the names of the service."""
        return self.values() | {"version": self.values().get("version") or 0}

    def named(self, item: RepairItem, label: str) -> str:
        """Which record a box is about, where there are several."""
        if len(self.items) == 1:
            return label
        number = short_number(item.violation.decision.number)
        return f"{number} 其 {item.violation.ordinal}：{label}"

    def per_item(self, name: str, reason: str) -> dict[int, tuple[str, str]]:
        values = self.values()
        return {
            one.pk: (values[f"{name}_{one.pk}"], values[f"{reason}_{one.pk}"]) for one in self.items
        }


class ConcludeForm(StepForm):
    """Accept, ask for what is missing, or reject: one conclusion with its words."""

    conclusion = choice_box("结论", [])
    words = long_box("须补正的材料或者不予受理的理由", "受理的不填", 2000)


class BroughtForm(StepForm):
    on = day_box("补正日期", "期限自次日起继续计算")
    brought = long_box("补正的材料", longest=2000)

    def suit(self) -> None:
        self.initial.setdefault("on", today())


class AskForm(StepForm):
    wanted = long_box("须补正的材料", "一次性写全；等待补正的时间不计入期限", 2000)


class CheckForm(StepForm):
    """The conditions that people confirm, record by record, and the commitment."""

    commitment = text_box("信用承诺书", "例如“信用承诺书 1 份（法定代表人签字）”", 200)
    committed_on = day_box("承诺日期")
    commitment_public = forms.BooleanField(label="申请人同意公开承诺", required=False)

    def suit(self) -> None:
        for name in ("commitment", "committed_on", "commitment_public"):
            self.initial[name] = getattr(self.repair, name)
        for item in self.items:
            for name, label in (("performance", "履行"), ("correction", "纠正")):
                state = choice_box(self.named(item, label), Proof.choices)
                words = text_box(self.named(item, f"{label}证明"), "看过的材料", 300)
                self.fields[f"{name}_{item.pk}"] = state
                self.fields[f"{name}_proof_{item.pk}"] = words
                self.initial[f"{name}_{item.pk}"] = getattr(item, name)
                self.initial[f"{name}_proof_{item.pk}"] = getattr(item, f"{name}_proof")
        self.order_fields([name for name in self.fields if not name.startswith("commit")])

    def arguments(self) -> dict[str, Any]:
        values = self.values()
        names = ("performance", "performance_proof", "correction", "correction_proof")
        return {
            "version": values["version"] or 0,
            "commitment": values["commitment"],
            "committed_on": values["committed_on"],
            "commitment_public": bool(values["commitment_public"]),
            "proofs": {
                item.pk: {name: values[f"{name}_{item.pk}"] for name in names}
                for item in self.items
            },
        }


class _PerItemForm(StepForm):
    """One choice and one reason for each record."""

    name = reason_name = argument = ""
    choices: Sequence[tuple[str, Any]] = GRANT_OR_NOT
    label, reason_label = "结论", "理由"

    def suit(self) -> None:
        for item in self.items:
            self.fields[f"{self.name}_{item.pk}"] = choice_box(
                self.named(item, self.label), self.choices, empty="请选择"
            )
            self.fields[f"{self.reason_name}_{item.pk}"] = long_box(
                self.named(item, self.reason_label), longest=2000
            )
            self.first(item)

    def first(self, item: RepairItem) -> None:
        """What stands in the boxes of a new form."""

    def arguments(self) -> dict[str, Any]:
        version = self.values()["version"] or 0
        return {"version": version, self.argument: self.per_item(self.name, self.reason_name)}


class ProposeForm(_PerItemForm):
    name, reason_name, argument = "proposal", "proposal_reason", "proposals"

    def first(self, item: RepairItem) -> None:
        self.initial[f"proposal_{item.pk}"] = item.proposal
        self.initial[f"proposal_reason_{item.pk}"] = item.proposal_reason


class DecideForm(_PerItemForm):
    name, reason_name, argument = "verdict", "verdict_reason", "verdicts"

    def first(self, item: RepairItem) -> None:
        self.initial[f"verdict_{item.pk}"] = item.proposal
        self.initial[f"verdict_reason_{item.pk}"] = item.proposal_reason


class StateForm(_PerItemForm):
    name, reason_name, argument = "word", "word_reason", "words"
    choices = [(one.value, str(one.label)) for one in (Word.AGREES, Word.DISAGREES)]
    label, reason_label = "核实结果", "核实情况"


class ReasonForm(StepForm):
    reason = long_box("理由", longest=2000)


class ReturnForm(StepForm):
    remark = long_box("退回意见", "写明要补正什么", 2000)


class TransferForm(StepForm):
    to_number = choice_box("转给", [])
    reason = long_box("转办理由", longest=2000)

    def suit(self) -> None:
        free = Officer.objects.filter(is_active=True, role_grants__role__in=HANDLING)
        others = free.exclude(pk__in=(self.repair.handler_id, self.repair.decided_by_id or 0))
        rows = others.distinct().order_by("number")
        people = [(one.number, f"{one.name}（{one.number}）") for one in rows]
        self.fields["to_number"].widget.choices = [("", "请选择"), *people]


class MarkForm(StepForm):
    kind = choice_box("事项", MarkKind.choices, empty="请选择")
    done_on = day_box("办结日期")
    words = text_box("说明", "例如“已通知市公共信用信息共享服务平台”；不涉及的写“未共享”")

    def suit(self) -> None:
        self.initial.setdefault("done_on", today())


FORMS: dict[Step, type[StepForm]] = {
    Step.ASK: AskForm,
    Step.BROUGHT: BroughtForm,
    Step.CHECK: CheckForm,
    Step.STATE: StateForm,
    Step.EXTEND: ReasonForm,
    Step.PROPOSE: ProposeForm,
    Step.DECIDE: DecideForm,
    Step.RETURN: ReturnForm,
    Step.ANSWER: StepForm,
    Step.TRANSFER: TransferForm,
    Step.WITHDRAW: ReasonForm,
    Step.MARK: MarkForm,
}


class ApplicationForm(ServiceForm):
    """An application as it comes to the desk."""

    channel = choice_box("收到方式", Channel.choices)
    received_on = day_box("收到日期")
    materials = long_box(
        "提交的材料", "名称和份数，例如“申请表、缴款凭证、信用承诺书各 1 份”", 2000
    )
    statement = long_box("申请理由", longest=2000)
    commitment = text_box("信用承诺书", "例如“信用承诺书 1 份（法定代表人签字）”", 200)
    committed_on = day_box("承诺日期")
    commitment_public = forms.BooleanField(label="申请人同意公开承诺", required=False)
    contact_name = text_box("联系人", "加密保存，不上任何文书", 40)
    contact_phone = text_box("联系电话", "加密保存，页面只显示一部分", 30)
