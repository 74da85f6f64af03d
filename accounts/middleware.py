"""Who is in: every page needs sign-in, a session has its limits, a first password is changed.

A fragment that htmx asks for is never answered with a sign-in page inside a page: the browser is
told to go there instead. A request with ``X-Background: 1`` (polling) does not keep a session
alive.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import services, session_clock
from accounts.models import Officer

ENDED = {
    "idle": "已超过 15 分钟没有操作，会话已结束。请重新登录，登录后回到原来的页面。",
    "absolute": "登录已满 8 小时，会话已结束。请重新登录，登录后回到原来的页面。",
    "disabled": "账号已停用，会话已结束。如有疑问，请联系系统管理员。",
}
# Where an officer who must change the password may still go.
OPEN_BEFORE_CHANGE = frozenset(
    {"accounts:change-password", "accounts:sign-out", "accounts:sign-in"}
)


def _go(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser to ``url``, also where htmx asked for a fragment."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)


def _page_of(request: HttpRequest) -> str:
    """The page to come back to: what was asked for, or the page that sent the form or fragment."""
    if request.path == resolve_url(settings.LOGIN_URL):
        return ""
    if request.method == "GET" and request.headers.get("HX-Request") != "true":
        return request.get_full_path()
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    if not url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()}):
        return ""
    parts = urlsplit(page)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    page = _page_of(request)
    query = f"?{urlencode({'next': page})}" if page else ""
    return _go(request, resolve_url(settings.LOGIN_URL) + query)


class SessionLimitsMiddleware:
    """Idle and absolute limits; disabled officers out; a first password changed before all else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            because = session_clock.limit_reached(request)
            if because:
                services.end_session(request=request, because=because)
                return self._ended(request, because)
            if request.headers.get("X-Background") != "1":
                session_clock.touch(request)
        elif SESSION_KEY in request.session:
            # The officer of this session is disabled: the backend no longer knows them.
            request.session.flush()
            return self._ended(request, "disabled")
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            # Whoever sits down at this computer next must not find the page with the Back key.
            add_never_cache_headers(response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not isinstance(request.user, Officer) or not request.user.must_change_password:
            return None
        match = request.resolver_match
        if match is not None and match.view_name in OPEN_BEFORE_CHANGE:
            return None
        return _go(request, reverse("accounts:change-password"))

    def _ended(self, request: HttpRequest, because: str) -> HttpResponse:
        messages.info(request, ENDED[because])
        return _to_sign_in(request)


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Every view needs sign-in unless it says ``login_not_required``."""

    def handle_no_permission(  # type: ignore[override]  # htmx gets a 204
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponse:
        return _to_sign_in(request)
