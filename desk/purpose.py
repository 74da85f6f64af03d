"""Whoever takes rows away as a sheet, or opens an encrypted field, says what for."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms


class PurposeForm(forms.Form):
    """What it is for; kept in the trail with who took it. Subclasses give an example."""

    use_required_attribute = False
    example: ClassVar[str] = ""
    by_whom: ClassVar[str] = "导出人"

    purpose = forms.CharField(
        label="用途",
        min_length=4,
        max_length=200,
        error_messages={
            "required": "没有填写用途。请写明用于哪项工作。",
            "min_length": "用途太短。请写明用于哪项工作。",
            "max_length": "用途超过 200 个字。请缩短。",
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": "200"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "purpose"
        ].help_text = f"写明用于哪项工作，例如：{self.example}。与{self.by_whom}一并记入审计记录。"
