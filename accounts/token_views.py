"""Tokens of the API: which there are, a proposal for a new one, and revoking one at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import changes
from accounts.access import check
from accounts.change_effects import ChangeRefused
from accounts.change_models import ChangeKind
from accounts.models import ApiToken, Officer
from accounts.roles import Can
from accounts.scopes import DISCLOSABLE, Scope
from accounts.tokens import InvalidToken, revoke_token
from core.admin_base import MIN_REASON
from core.clock import today

SHOWN = 200


class TokenForm(forms.Form):
    """For whom, for what, until when and why; a second administrator decides."""

    use_required_attribute = False

    number = forms.CharField(
        label="民警的警号",
        required=False,
        max_length=32,
        help_text="发给局内民警的填写；不能是您自己。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    client = forms.CharField(
        label="局外的部门或系统",
        required=False,
        max_length=64,
        help_text="发给局外的填写全称，只能查询可公开的等级。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    contact = forms.CharField(
        label="联系部门",
        required=False,
        max_length=100,
        help_text="部门和公用电话，不写个人信息。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label="范围",
        choices=[(one.value, f"{one.label}（{one.value}）") for one in Scope],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "没有选范围。请至少选一项。"},
    )
    until = forms.DateField(
        label="有效期至（含）",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="最长两年。",
        error_messages={
            "required": "有效期没有填写。请填写日期。",
            "invalid": "不是日期。请写成 2027-12-31 这样的形式。",
        },
    )
    reason = forms.CharField(
        label="理由",
        min_length=MIN_REASON,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=f"哪个系统用、依据什么，不少于 {MIN_REASON} 个字。",
        error_messages={
            "required": f"理由未填写。请写明哪个系统用、依据什么，不少于 {MIN_REASON} 个字。",
            "min_length": f"理由太短。请写明哪个系统用、依据什么，不少于 {MIN_REASON} 个字。",
            "max_length": "理由超过 200 个字。请缩短。",
        },
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        number, client = cleaned.get("number", ""), cleaned.get("client", "")
        if bool(number) == bool(client):
            self.add_error("number", "民警和局外部门二者填一。请更正。")
        elif number:
            cleaned["officer"] = Officer.objects.filter(number=number, is_active=True).first()
            if cleaned["officer"] is None:
                self.add_error("number", "没有这个警号的在用账号。请核对警号。")
        elif not DISCLOSABLE.issuperset(cleaned.get("scopes", ())):
            self.add_error("scopes", f"局外部门只能有 {'、'.join(sorted(DISCLOSABLE))}。请更正。")
        return cleaned


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Those in use first; a secret is shown nowhere."""
    check(request, Can.ADMINISTER)
    tokens = ApiToken.objects.select_related("officer", "client").order_by(
        F("revoked_at").asc(nulls_first=True), "-created_at"
    )
    context = {"tokens": tokens[:SHOWN], "today": today()}
    return render(request, "accounts/tokens.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    officer = check(request, Can.ADMINISTER)
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        value = form.cleaned_data
        try:
            change = changes.propose(
                actor=officer,
                kind=ChangeKind.TOKEN,
                officer=value.get("officer"),
                payload=value,
                reason=value["reason"],
            )
        except (ChangeRefused, InvalidToken) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已提出，待另一位系统管理员同意。同意后由您领取令牌。")
            return redirect("accounts:proposal", pk=change.pk)
    status = 422 if request.method == "POST" else 200
    faults = [
        {"id": form[name].id_for_label if name in form.fields else "", "message": errors[0]}
        for name, errors in form.errors.items()
    ]
    context = {"form": form, "faults": faults}
    return render(request, "accounts/token_form.html", context, status=status)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """At once, by one administrator: it takes power away."""
    officer = check(request, Can.ADMINISTER)
    token = get_object_or_404(ApiToken, pk=pk)
    revoke_token(actor=officer, token=token)
    messages.success(request, f"令牌 {token.prefix} 已撤销，即刻失效。")
    return redirect("accounts:tokens")
