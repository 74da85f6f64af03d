"""Forms of the admin site for officers: roles as boxes, a password only to be changed at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation

from accounts.models import Officer
from accounts.roles import Role
from core.admin_base import ReasonForm


def _password_field(label: str, *, required: bool) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="至少 10 个字符。本人下次登录时须改成自己的密码。"
        + ("" if required else "不重置的，留空。"),
    )


class _OfficerForm(ReasonForm[Officer]):
    roles_wanted = forms.MultipleChoiceField(
        label="角色",
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="一个人可以有几个角色，但不能审核、批准自己经办的事项。",
    )

    def clean_new_password(self) -> str:
        new: str = self.cleaned_data["new_password"]
        if new:
            shown = Officer(
                number=self.cleaned_data.get("number") or self.instance.number,
                name=self.cleaned_data.get("name") or "",
            )
            password_validation.validate_password(new, shown)
        return new


class OfficerAddForm(_OfficerForm):
    new_password = _password_field("初始密码", required=True)

    class Meta:
        model = Officer
        fields = ("number", "name", "unit")


class OfficerChangeForm(_OfficerForm):
    new_password = _password_field("重置密码", required=False)

    class Meta:
        model = Officer
        fields = ("name", "unit", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "roles_wanted" in self.fields:
            self.fields["roles_wanted"].initial = sorted(self.instance.roles)
