"""The base of every page of the admin site: a reason for each change, and nothing is deleted.

The change reason stands in the history of the row and in the audit trail. History pages of
django-simple-history are not used: theirs write for officers who may only view.
"""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar, cast

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from core.audit import Actor, record

M = TypeVar("M", bound=models.Model)
MIN_REASON = 10  # characters (reliability.md, "Integrity")


class ReasonForm(forms.ModelForm[M]):
    """A form that also asks why."""

    reason = forms.CharField(
        label="理由",
        min_length=MIN_REASON,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        help_text=f"为什么这样改、依据是什么，不少于 {MIN_REASON} 个字。写入历史和审计记录。",
        error_messages={
            "required": f"理由未填写。请写明为什么这样改，不少于 {MIN_REASON} 个字。",
            "min_length": f"理由太短。请写明为什么这样改，不少于 {MIN_REASON} 个字。",
            "max_length": "理由超过 200 个字。请缩短。",
        },
    )


class ReasonedAdmin(admin.ModelAdmin[M]):
    """Adds and changes with a reason; no deletion; the trail has each value before and after."""

    form: type[forms.ModelForm[M]] = ReasonForm
    actions = None
    list_per_page = 50
    never_in_trail: ClassVar[frozenset[str]] = frozenset({"reason"})

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: M | None = None) -> list[Any]:
        """Without the reason where the row may only be viewed."""
        fields = list(super().get_fields(request, obj))
        if obj is not None and not self.has_change_permission(request, obj):
            return [name for name in fields if name != "reason"]
        return [*(name for name in fields if name != "reason"), "reason"]

    def save_model(self, request: HttpRequest, obj: M, form: Any, change: bool) -> None:
        reason = form.cleaned_data["reason"]
        obj._change_reason = reason  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)
        record(
            actor=cast(Actor, request.user),
            action="admin.changed" if change else "admin.added",
            target=obj,
            reason=reason,
            details={"changed": self._changes(form)},
        )

    def _changes(self, form: Any) -> dict[str, list[str]]:
        return {
            name: [_text(form.get_initial_for_field(form.fields[name], name)), _text(value)]
            for name, value in form.cleaned_data.items()
            if name in form.changed_data and name not in self.never_in_trail
        }


def _text(value: Any) -> str:
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, list | tuple | set | frozenset):
        return " ".join(sorted(str(item) for item in value))
    return "" if value is None else str(value)
