"""The admin site: for administrators alone, entered through the common sign-in page."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, TypeVar, cast

from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from accounts import services
from accounts.access import refuse
from accounts.models import Officer
from accounts.roles import Can

V = TypeVar("V", bound=Callable[..., HttpResponseBase])


class OfficeAdminSite(AdminSite):
    site_header = "信用分级分类监管 · 后台管理"
    site_title = "后台管理"
    index_title = "单位、民警与更正"

    def has_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, Officer) and request.user.may(Can.ADMINISTER)

    def admin_view(self, view: V, cacheable: bool = False) -> V:
        """Others who are signed in get 403 and a row in the trail, not another sign-in page."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and not self.has_permission(request):
                refuse(request, Can.ADMINISTER)
            return inner(request, *args, **kwargs)

        return cast(V, update_wrapper(guarded, inner))

    @method_decorator(login_not_required)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """There is one sign-in page."""
        page = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index")
        return redirect_to_login(page, reverse("accounts:sign-in"))

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return _sign_out(request)

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("accounts:change-password")

    def password_change_done(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("accounts:change-password")


@require_POST
def _sign_out(request: HttpRequest) -> HttpResponse:
    services.sign_out(request=request)
    return redirect("accounts:sign-in")
