"""The entry form of a decision: it parses what was typed and keeps it; it decides nothing.

What is right and wrong is said by ``violations.checks`` alone, for form, import and API alike;
``EntryForm.add_faults`` puts those words beside the boxes they are about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.html import strip_tags

from subjects.enums import Industry
from violations.entry_data import RawAct, RawEntry
from violations.enums import AMOUNT_KINDS, LICENCE_KINDS, DecisionKind, DispositionKind, Field
from violations.enums import Procedure as ProcedureChoice
from violations.form_fields import DayField, YuanField
from violations.inputs import DecisionInput, DispositionInput, Fault, ViolationInput

_INPUT = {"class": "form-control", "autocomplete": "off"}
_NUM = {"class": "form-control num", "autocomplete": "off", "inputmode": "numeric"}
_DAY_HINT = "写成 2026-11-20 这样的形式"


def _text(label: str, hint: str = "", **attrs: str) -> forms.CharField:
    widget = forms.TextInput(attrs={**_INPUT, **attrs})
    return forms.CharField(label=label, required=False, help_text=hint, widget=widget)


def _select(label: str, choices: Iterable[tuple[str, str]]) -> forms.CharField:
    """A list to choose from that still carries any other value to the checks."""
    widget = forms.Select(attrs={"class": "form-select"}, choices=list(choices))
    return forms.CharField(label=label, required=False, widget=widget)


def _day(label: str, hint: str = _DAY_HINT) -> DayField:
    return DayField(label=label, required=False, help_text=hint, widget=forms.TextInput(attrs=_NUM))


class PlainForm(forms.Form):
    """A form whose boxes are all optional to the parser; the checks say what is missing."""

    use_required_attribute = False


class HeadForm(PlainForm):
    """Whose decision, which paper, when."""

    credit_code = _text("统一社会信用代码", maxlength="40")
    code_exception = _text(
        "校验位例外理由", "登记机关实际核发的代码如此时填写：看过什么证照、向哪个机关核实过"
    )
    subject_name = _text("监管对象名称", "按营业执照或登记证书填写全称", maxlength="200")
    subject_address = _text("住所", maxlength="200")
    subject_principal = _text("法定代表人（负责人）", "只填姓名，不填身份证号码", maxlength="64")
    subject_industry = _select("行业", [("", "请选择行业"), *Industry.choices])
    number = _text("决定书文号", "可直接粘贴，系统会把［］()统一成〔〕（）", maxlength="100")
    procedure = _select("程序", ProcedureChoice.choices)
    decided_on = _day("决定日期", f"{_DAY_HINT}；从决定日期起计入一年窗口")
    served_on = _day("送达日期", "尚未送达的留空，送达后补填")
    handler = _text("承办民警", maxlength="64")
    truth_stated = forms.BooleanField(
        label="以上信息与生效的法律文书一致。本单位对所提供信息的真实性负责（制度第二条）。",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )


class ActForm(PlainForm):
    """One act: what, when, against which law."""

    type = _text("违法行为类型", maxlength="200")
    field = _select("领域", [("", "请选择领域"), *Field.choices])
    facts = forms.CharField(
        label="违法事实",
        required=False,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": "2"}),
    )
    law = _text("法律依据", "写法律、法规、规章的名称", list="laws", maxlength="200")
    article = _text("条款", placeholder="第四十二条", maxlength="100")
    committed_on = _day("违法行为日期", "写成 2026-11-20 这样的形式；持续的，写终了之日")
    correct_by = _day("整改期限", "决定书限定的日期；立即改正的留空")
    ordered = forms.BooleanField(
        label="同时责令（限期）改正",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    deviation_reason = forms.CharField(
        label="与条款不符的理由",
        required=False,
        help_text="处理种类或金额与法律目录不符时，提交前写明理由，供审核人查看；相符的留空",
        widget=forms.Textarea(attrs={"class": "form-control", "rows": "2", "maxlength": "500"}),
    )

    def __init__(self, decision_kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if decision_kind != DecisionKind.PENALTY:
            del self.fields["deviation_reason"]
        if decision_kind != DecisionKind.BREACH:
            del self.fields["ordered"]
        else:
            self.fields["type"].label = "违反的许可承诺"
            self.fields["type"].help_text = "写承诺书的名称、编号和违反的那一项承诺"
            self.fields["committed_on"].label = "违反承诺日期"


class DispositionForm(PlainForm):
    """One kind of treatment of an act."""

    kind = _select("处理种类", [("", "请选择种类"), *DispositionKind.choices])
    amount = YuanField(
        label="金额（元）",
        required=False,
        widget=forms.TextInput(
            attrs={**_NUM, "class": "form-control num text-end w-auto", "size": "12"}
        ),
    )
    licence = _text("证照名称及编号", placeholder="证照名称及编号", maxlength="200", size="24")

    @property
    def takes_amount(self) -> bool:
        """Whether the chosen kind may have an amount; so may a kind that is not chosen yet."""
        return self._kind() in {"", *AMOUNT_KINDS}

    @property
    def names_licence(self) -> bool:
        """Whether the chosen kind names a licence."""
        return self._kind() in LICENCE_KINDS

    def _kind(self) -> str:
        return str(self["kind"].value() or "")


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """One line of the summary on top: what it is about, what to do, the id of the box to go to."""

    label: str
    text: str
    id: str = ""

    @property
    def message(self) -> str:
        return f"{self.label}：{self.text}" if self.label else self.text


class ActForms:
    """One act with its dispositions."""

    def __init__(self, kind: str, index: int, raw: RawAct, data: Mapping[str, str] | None) -> None:
        self.index = index
        self.number = index + 1
        self._raw = raw
        prefix = f"v-{index}"
        # Django's prefix joins with "-", which gives the names of RawEntry.flat().
        self.form = ActForm(kind, data, prefix=prefix, initial=raw.values)
        self.dispositions = (
            [
                DispositionForm(data, prefix=f"{prefix}-d-{row}", initial=values)
                for row, values in enumerate(raw.dispositions)
            ]
            if kind == DecisionKind.PENALTY
            else []
        )

    @property
    def forms(self) -> list[PlainForm]:
        return [self.form, *self.dispositions]

    @property
    def filled_rows(self) -> list[int]:
        """The disposition rows in which something stands; an untouched row is no disposition."""
        return [
            row
            for row, values in enumerate(self._raw.dispositions)
            if any(value.strip() for value in values.values())
        ]


class EntryForm:
    """The whole form. With ``check`` it shows parse errors and takes faults; without, it is only
    drawn again (after a button that added an act, or from a draft).
    """

    def __init__(self, kind: str, raw: RawEntry, *, check: bool) -> None:
        self.kind = DecisionKind(kind)
        data = raw.flat() if check else None
        self.head = HeadForm(data, initial={"procedure": ProcedureChoice.ORDINARY} | raw.head)
        self.acts = [ActForms(kind, i, act, data) for i, act in enumerate(raw.acts)]
        self.lines: list[ErrorLine] = []
        self.warnings: list[ErrorLine] = []

    @property
    def forms(self) -> list[PlainForm]:
        """All forms in the order of the page."""
        return [self.head, *(form for act in self.acts for form in act.forms)]

    def focus_on(self, box: str) -> None:
        """Let the page begin at the box with this id."""
        for form in self.forms:
            for field in form:
                if field.id_for_label == box:
                    field.field.widget.attrs["autofocus"] = True

    def to_input(self, *, unit_code: str) -> DecisionInput:
        """What was typed as values; what could not be read is None and has its error already.

        Only for a form made with ``check``.
        """
        head = _values(self.head)
        return DecisionInput(
            unit_code=unit_code,
            kind=self.kind.value,
            violations=tuple(self._act(act) for act in self.acts),
            **{**head, "procedure": head["procedure"] or ProcedureChoice.ORDINARY.value},
        )

    def _act(self, act: ActForms) -> ViolationInput:
        values = _values(act.form)
        ordered = values.pop("ordered", self.kind == DecisionKind.ORDER)
        if self.kind == DecisionKind.PENALTY:
            rows = tuple(
                DispositionInput(**_values(act.dispositions[row])) for row in act.filled_rows
            )
        else:
            kind = DispositionKind.ORDER_TO_CORRECT.value
            rows = (DispositionInput(kind=kind),) if ordered else ()
        return ViolationInput(dispositions=rows, **values)

    def add_faults(self, faults: Iterable[Fault]) -> None:
        """Put each fault beside its box; then list everything in the order of the page.

        A box that could not be read keeps that error alone. Warnings go to ``warnings``.
        """
        loose: list[ErrorLine] = []
        for fault in faults:
            form, name, act = self._place(fault.path)
            if fault.warning:
                self.warnings.append(_line(form, name, act, fault.message))
            elif form is None:
                loose.append(ErrorLine("", fault.message))
            elif name not in form.errors:
                form.add_error(name, fault.message)
        self.lines = loose + self._lines()

    def add_error(self, name: str, message: str) -> None:
        """Put ``message`` (plain, or safe HTML with a link) beside a box of the head."""
        self.head.add_error(name, forms.ValidationError(message))
        self.lines = self._lines()

    def boxes_where(self, holds: Callable[[str], bool]) -> list[str]:
        """The names, in the order of the page, of the boxes whose text ``holds`` says yes to."""
        return [
            _line(form, name, act, "").label
            for form, name, act in self._boxes()
            if holds(str(form[name].value() or ""))
        ]

    def _lines(self) -> list[ErrorLine]:
        return [
            _line(form, name, act, strip_tags(str(message)))
            for form, name, act in self._boxes()
            for message in form.errors.get(name, ())
        ]

    def _boxes(self) -> Iterator[tuple[PlainForm, str, int]]:
        """Form, name and number of the act (0 above the acts) of each box, as on the page."""
        for name in self.head.fields:
            if name != "truth_stated":
                yield self.head, name, 0
        for act in self.acts:
            yield from ((form, name, act.number) for form in act.forms for name in form.fields)
        yield self.head, "truth_stated", 0

    def _place(self, path: str) -> tuple[PlainForm | None, str, int]:
        """The form, the box and the act's number that a fault's path means.

        The form is None where no box belongs to it.
        """
        match = _PATH.fullmatch(path)
        if match is None:
            name = path.rpartition(".")[2]
            for candidate in (name, f"subject_{name}"):
                if candidate in self.head.fields:
                    return self.head, candidate, 0
            return None, "", 0
        index = int(match["act"])
        if index >= len(self.acts):
            return None, "", 0
        act, name = self.acts[index], match["name"] or ""
        row = int(match["row"] or 0)
        if match["part"]:
            if row < len(act.dispositions):
                rows = act.filled_rows
                form = act.dispositions[rows[row] if row < len(rows) else 0]
                return form, name if name in form.fields else "kind", act.number
            name = "ordered"
        return act.form, name if name in act.form.fields else "type", act.number


_PATH = re.compile(
    r"violations\[(?P<act>\d+)\](?P<part>\.dispositions(?:\[(?P<row>\d+)\])?)?(?:\.(?P<name>\w+))?"
)


def _values(form: forms.Form) -> dict[str, Any]:
    """Every field's value; the empty value of its kind where it could not be read."""
    form.is_valid()
    empty: dict[str, Any] = {
        name: None if isinstance(field, DayField | YuanField) else ""
        for name, field in form.fields.items()
    }
    return {**empty, **form.cleaned_data}


def _line(form: PlainForm | None, name: str, act: int, message: str) -> ErrorLine:
    if form is None:
        return ErrorLine("", message)
    label = "真实性声明" if name == "truth_stated" else str(form.fields[name].label)
    label = f"违法行为 {act} · {label}" if act else label
    return ErrorLine(label, message, form[name].id_for_label)
