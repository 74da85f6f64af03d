"""Forms of the admin site for officers: what gives power becomes a proposal, see ``admin``."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from accounts import admin_changes
from accounts.models import Officer
from accounts.roles import Role
from core.admin_base import ReasonForm


class _OfficerForm(ReasonForm[Officer]):
    """What cannot be proposed is said beside what was typed, before anything is written."""

    actor: ClassVar[Officer]

    roles_wanted = forms.MultipleChoiceField(
        label="角色",
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="一个人可以有几个角色，但不能审核、批准自己经办的事项。"
        "增加的角色须另一位管理员同意后生效，取消的角色立即生效。",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        fault = "" if self.errors else admin_changes.fault(self.actor, self.instance.pk, cleaned)
        if fault:
            self.add_error(None, fault)
        return cleaned


class OfficerAddForm(_OfficerForm):
    """A new account; its first password is made and shown once after the agreement."""

    class Meta:
        model = Officer
        fields = ("number", "name", "unit")


class OfficerChangeForm(_OfficerForm):
    new_password = forms.BooleanField(
        label="重置密码",
        required=False,
        help_text="另一位管理员同意后，由提出人领取一次性显示的密码；本人登录时须改掉。",
    )

    class Meta:
        model = Officer
        fields = ("name", "unit", "is_active")
        help_texts = {
            "unit": "调动单位须另一位管理员同意后生效。",
            "is_active": "停用立即生效；重新启用须另一位管理员同意。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "roles_wanted" in self.fields:
            self.fields["roles_wanted"].initial = sorted(self.instance.roles)
