"""What is typed about a reminder or interview; the services say what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from core.clock import today
from core.crypto import masked
from desk.service_form import ServiceForm, choice_box, day_box, long_box, text_box
from sanctions.notice_enums import Channel, Hindrance, PersonRole, Push, Way
from sanctions.notice_input import COLUMNS, NoticeInput
from sanctions.notice_models import Notice
from sanctions.notice_papers import acts_in_words, laws_in_words
from sanctions.notice_register import Chosen
from violations.models import Decision, ListEntry

_TICK = {"class": "form-check-input"}
# What is asked for each way, beside the records; the paper of a written reminder dates itself.
ASKED: dict[str, tuple[str, ...]] = {
    Way.ORAL: ("held_on", "channel", "statement", "commitment", "follow_up_on"),
    Way.WRITTEN: ("follow_up_on",),
    Way.INTERVIEW: (
        "held_on",
        "held_at",
        "held_until",
        "place",
        "recorder",
        "pointed_out",
        "explained",
        "urged",
        "statement",
        "commitment",
        "follow_up_on",
    ),
}
_ALWAYS: tuple[str, ...] = (
    "version",
    "way",
    "causes",
    "person_name",
    "person_role",
    "phone",
    "by_whom",
    "acts_words",
    "laws_words",
    "urged_words",
)


def _tick(label: str) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, widget=forms.CheckboxInput(_TICK))


def _time_box(label: str, hint: str = "") -> forms.TimeField:
    widget = forms.TimeInput(
        format="%H:%M", attrs={"class": "form-control num", "autocomplete": "off"}
    )
    return forms.TimeField(
        label=label,
        required=False,
        help_text=hint,
        widget=widget,
        input_formats=["%H:%M", "%H：%M", "%H时%M分"],
        error_messages={"invalid": "不是有效时间，请写成 09:30 这样的形式。"},
    )


class NoticeForm(ServiceForm):
    """One way of telling the party; ``suit`` leaves the boxes that this way asks for."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    way = forms.CharField(required=False, widget=forms.HiddenInput)
    causes = forms.MultipleChoiceField(
        label="需要告知的失信记录",
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs=_TICK),
        error_messages={"invalid_choice": "所选记录已不能告知。请重新选择。"},
    )
    person_name = text_box("被告知人", longest=64)
    person_role = choice_box("身份", PersonRole.choices, empty="请选择")
    phone = text_box("联系电话", longest=30, inputmode="tel")
    held_on = day_box("日期")
    held_at = _time_box("时间", "写成 09:30 这样的形式")
    held_until = _time_box("结束时间")
    place = text_box("地点")
    channel = choice_box("提醒途径", Channel.choices, empty="请选择")
    by_whom = text_box("经办民警", "多人的用顿号分开")
    recorder = text_box("记录人", longest=64)
    acts_words = long_box("指出失信行为", longest=3000)
    laws_words = long_box("宣传法律、法规、规章和政策", longest=3000)
    urged_words = long_box("督促严格自律、诚信守法", longest=3000)
    pointed_out = _tick("约谈中已当面指出")
    explained = _tick("约谈中已宣传")
    urged = _tick("约谈中已督促")
    statement = long_box("当事人陈述", longest=3000)
    commitment = long_box("当事人承诺", longest=2000)
    follow_up_on = day_box("回访日期", "有承诺的须填写")

    def suit(self, way: str, records: Sequence[tuple[str, str]], notice: Notice | None) -> None:
        """Boxes and their names for ``way``; ``records`` are the choices to be told of."""
        for name in [*self.fields]:
            if name not in (*_ALWAYS, *ASKED[way]):
                del self.fields[name]
        self.fields["causes"].choices = records  # type: ignore[attr-defined]
        if way == Way.INTERVIEW:
            self.fields["person_name"].label = "被约谈人"
            self.fields["by_whom"].label = "约谈人"
            self.fields["by_whom"].help_text = "不少于 2 人，用顿号分开"
            self.fields["held_on"].label = "约谈日期"
            self.fields["held_at"].label = "约谈时间"
            self.fields["statement"].help_text = "没有陈述的写“无”"
        if way == Way.WRITTEN:
            self.fields["follow_up_on"].help_text = "核对是否已纠正"
        if notice is not None and notice.phone:
            self.fields["phone"].help_text = f"已登记 {masked(notice.phone)}；留空则不变"

    def data_of(self, notice: Notice | None) -> NoticeInput:
        """What was typed, for the services; a box that this way does not ask for stays empty."""
        values = self.values()
        said: dict[str, Any] = {name: values[name] for name in COLUMNS if name in values}
        for name in ("held_at", "held_until"):
            said[name] = values.get(name) or None
        for name in ("pointed_out", "explained", "urged"):
            said[name] = bool(values.get(name))
        chosen = values["causes"] or []
        keep_phone = notice is not None and not values["phone"]
        return NoticeInput(
            **said,
            phone=None if keep_phone else values["phone"],
            decision_ids=frozenset(int(one[1:]) for one in chosen if one[0] == "d"),
            entry_ids=frozenset(int(one[1:]) for one in chosen if one[0] == "e"),
        )


def key_of(record: Decision | ListEntry) -> str:
    """What stands for a record in the form: d12, e3."""
    return f"{'d' if isinstance(record, Decision) else 'e'}{record.pk}"


def first_values(notice: Notice, chosen: Chosen) -> dict[str, Any]:
    """What a form begins with: of a draft what stands there, of a new one what is known."""
    if notice.pk:
        values = {name: getattr(notice, name) for name in COLUMNS}
        values["version"] = notice.version
    else:
        values = {
            "way": notice.way,
            "by_whom": notice.recorded_by.name,
            "held_on": today(),
            "acts_words": acts_in_words(chosen),
            "laws_words": laws_in_words(chosen),
        }
    return values | {"causes": [key_of(one) for one in chosen.records]}


class StepForm(ServiceForm):
    """``version`` is the one of the notice that the officer had on screen."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class CancelForm(StepForm):
    reason = long_box("作废理由", "写明为什么不再需要；所涉记录重新列入待办", 500)


class ReturnForm(StepForm):
    remark = long_box("退回意见", "写明要补正什么", 1000)


class PushForm(StepForm):
    push = forms.CharField(
        label="是否推送市公共信用信息共享服务平台",
        required=False,
        widget=forms.RadioSelect(choices=Push.choices, attrs=_TICK),
    )
    reason = long_box("理由", "逐件决定，写明情况", 1000)


class FollowUpForm(StepForm):
    on = day_box("回访日期")
    result = long_box("回访结果", longest=2000)


class IssueForm(StepForm):
    kind = forms.CharField(required=False, widget=forms.HiddenInput)


class AttemptForm(ServiceForm):
    on = day_box("日期")
    hindrance = choice_box("情况", Hindrance.choices, empty="请选择")
    remark = long_box("情况说明", "写明怎样联系、由谁答复；不写个人的证件号码和电话", 500)
