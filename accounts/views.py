"""Sign-in, sign-out, change of password."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import services
from accounts.access import current_officer
from accounts.forms import PasswordForm, SignInForm
from accounts.lockout import tries_left


def _after_sign_in(request: HttpRequest, page: str) -> str:
    """``page`` where it is one of this site, else the workbench."""
    if page and url_has_allowed_host_and_scheme(
        page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return page
    return resolve_url(settings.LOGIN_REDIRECT_URL)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; a locked pair of account and address gets ``accounts/locked.html``."""
    if request.method != "POST":
        page = request.GET.get("next", "")
        if request.user.is_authenticated:
            return redirect(_after_sign_in(request, page))
        return render(
            request, "accounts/sign_in.html", {"form": SignInForm(initial={"next": page})}
        )
    form = SignInForm(request.POST)
    if form.is_valid():
        number, password = form.cleaned_data["number"], form.cleaned_data["password"]
        officer = services.sign_in(request=request, number=number, password=password)
        if officer is not None:
            return redirect(_after_sign_in(request, form.cleaned_data["next"]))
        form.add_error(
            None,
            "警号或密码不对，或者账号已停用。请核对后重新输入；"
            f"再错 {tries_left(request, number)} 次，将锁定 15 分钟。",
        )
    return render(request, "accounts/sign_in.html", {"form": form}, status=422)


@login_not_required
@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    services.sign_out(request=request)
    messages.success(request, "已退出系统。")
    return redirect(settings.LOGOUT_REDIRECT_URL)


@never_cache
@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change the own password; the only page for an officer whose first password still stands."""
    officer = current_officer(request)
    if request.method != "POST":
        return render(request, "accounts/password.html", {"form": PasswordForm(officer=officer)})
    form = PasswordForm(request.POST, officer=officer)
    if form.is_valid():
        services.change_password(
            request=request, officer=officer, password=form.cleaned_data["new"]
        )
        messages.success(request, "密码已修改。在其他电脑上的登录已结束。")
        return redirect(settings.LOGIN_REDIRECT_URL)
    faults = [
        {"id": form[name].id_for_label, "message": errors[0]}
        for name, errors in form.errors.items()
    ]
    context = {"form": form, "faults": faults}
    return render(request, "accounts/password.html", context, status=422)
