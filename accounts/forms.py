"""Sign-in and change of password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation

from accounts.models import Officer

_MISMATCH = "两次输入的新密码不一致。请重新输入新密码。"


def _password(label: str, autocomplete: str, help_text: str = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"class": "form-control", "autocomplete": autocomplete})
    return forms.CharField(
        label=label,
        strip=False,
        max_length=200,
        widget=widget,
        help_text=help_text,
        error_messages={
            "required": f"{label}未填写。请填写{label}。",
            "max_length": "密码不能超过 200 个字符。请缩短。",
        },
    )


class SignInForm(forms.Form):
    """Police number and password; ``next`` is the page to come back to."""

    number = forms.CharField(
        label="警号",
        max_length=32,
        widget=forms.TextInput(
            attrs={"class": "form-control", "autocomplete": "username", "autofocus": True}
        ),
        error_messages={
            "required": "警号未填写。请填写警号。",
            "max_length": "警号不超过 32 位。请核对后重新填写。",
        },
    )
    password = _password("密码", "current-password")
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class PasswordForm(forms.Form):
    """The officer's own new password, with the present one as proof of who sits there."""

    old = _password("现在的密码", "current-password")
    new = _password(
        "新密码", "new-password", "至少 10 个字符，不能全是数字，不能是常见密码或与警号、姓名相近。"
    )
    again = _password("再次输入新密码", "new-password")

    def __init__(self, *args: Any, officer: Officer, **kwargs: Any) -> None:
        self.officer = officer
        super().__init__(*args, **kwargs)

    def clean_old(self) -> str:
        old: str = self.cleaned_data["old"]
        if not self.officer.check_password(old):
            raise forms.ValidationError("现在的密码不对。请重新输入。")
        return old

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        if new == self.cleaned_data.get("old"):
            raise forms.ValidationError("新密码与现在的密码相同。请换一个。")
        password_validation.validate_password(new, self.officer)
        return new

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        again = cleaned.get("again")
        if again and "new" in cleaned and again != cleaned["new"]:
            self.add_error("again", _MISMATCH)
        return cleaned
