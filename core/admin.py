"""The office's dated settings in the admin site."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from core.admin_base import ReasonedAdmin, ReasonForm
from core.clock import today
from core.models import OfficeSetting
from core.settings_table import KEYS


class OfficeSettingForm(ReasonForm[OfficeSetting]):
    """One declared key, a value of its kind, and the day from which it holds."""

    key = forms.ChoiceField(
        label="设置项", choices=[(key, declared.label) for key, declared in KEYS.items()]
    )

    class Meta:
        model = OfficeSetting
        fields = ("key", "value", "effective_from", "reason")

    def clean_effective_from(self) -> date:
        day: date = self.cleaned_data["effective_from"]
        if day < today():
            raise forms.ValidationError(
                "生效日期不能早于今天：已经过去的日子按当时的取值办理。请改为今天或以后的日期。"
            )
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        declared = KEYS.get(cleaned.get("key", ""))
        fault = _fault(declared.kind, cleaned.get("value", "")) if declared else ""
        if fault:
            self.add_error("value", fault)
        return cleaned


def _fault(kind: str, value: str) -> str:
    """What is wrong with ``value``, in Chinese; empty where nothing is."""
    if kind == "int":
        if value.isascii() and value.isdigit() and 0 < int(value) <= 365:
            return ""
        return "这一项是天数。请填写 1 到 365 的整数。"
    if not value:
        return ""
    try:
        date.fromisoformat(value)
    except ValueError:
        return "这一项是日期。请写成 2026-12-31 这样的形式，或留空。"
    return ""


@admin.register(OfficeSetting)
class OfficeSettingAdmin(ReasonedAdmin[OfficeSetting]):
    """What is in force is no longer edited: a new value gets a new day."""

    form = OfficeSettingForm
    list_display = ("key_label", "value", "effective_from", "reason")
    list_filter = ("key",)

    @admin.display(description="设置项", ordering="key")
    def key_label(self, setting: OfficeSetting) -> str:
        declared = KEYS.get(setting.key)
        return declared.label if declared else setting.key

    def has_change_permission(self, request: HttpRequest, obj: OfficeSetting | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or obj.effective_from >= today())
