"""The boxes of an entry of the law catalogue."""

from __future__ import annotations

from typing import Any

from django import forms

from core.templatetags.ui import money
from desk.service_form import ServiceForm, choice_box, day_box, long_box, text_box, yuan_box
from violations.enums import DispositionKind, Field
from violations.law_checks import ArticleInput
from violations.models import LawArticle

CHANGE, MEND = "change", "mend"


class ArticleForm(ServiceForm):
    """A new entry; ``version`` is the one that the officer began with."""

    law = text_box("法律、法规、规章名称", "只写名称，不加书名号")
    article = text_box("条款", "一条一个条目；条款未定的留空，只按违法行为类型匹配", 100)
    violation_type = text_box("违法行为类型", "录入时按此匹配和建议")
    field = choice_box("领域", Field.choices, "请选择领域")
    kinds = forms.MultipleChoiceField(
        label="可作的处理",
        required=False,
        choices=DispositionKind.choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        help_text="责令（限期）改正可以与任何处罚一并作出，不必选择",
        error_messages={"invalid_choice": "处理种类不在目录内。请从列出的选择。"},
    )
    fine_min = yuan_box("罚款下限（元）", "条款没有规定的留空")
    fine_max = yuan_box("罚款上限（元）", "条款没有规定的留空")
    valid_from = day_box("施行日期", "写成 2026-11-20 这样的形式；早已施行的可以留空")
    reason = long_box("修改理由", "依据哪份文件、改了什么，不少于 10 字")

    def article_input(self) -> ArticleInput:
        values = self.values()
        return ArticleInput(
            **{name: values[name] for name in ArticleInput.__dataclass_fields__ if name != "kinds"},
            kinds=tuple(values["kinds"] or ()),
        )


class ChangeForm(ArticleForm):
    """A change of the law, or an error of typing set right."""

    how = forms.CharField(required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ("how",)


class EndForm(ServiceForm):
    last_day = day_box("有效期的最后一天", "写成 2026-11-20 这样的形式；这一天仍然适用")
    reason = long_box("理由", "依据哪份文件，不少于 10 字")
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


def present(entry: LawArticle) -> dict[str, Any]:
    """The boxes as the entry stands."""
    names = ("law", "article", "violation_type", "field", "version")
    return {
        **{name: getattr(entry, name) for name in names},
        "fine_min": money(entry.fine_min),
        "fine_max": money(entry.fine_max),
        "valid_from": entry.valid_from,
        "kinds": list(entry.kind_values),
        "how": CHANGE,
    }
