"""Units and officers in the admin site; nobody touches their own account or roles here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts import admin_changes
from accounts.access import current_officer
from accounts.admin_forms import OfficerAddForm, OfficerChangeForm
from accounts.models import Officer, Unit
from accounts.roles import Role
from core.admin_base import ReasonedAdmin

admin.site.unregister(Group)  # roles stand in accounts.roles, not in groups


@admin.register(Unit)
class UnitAdmin(ReasonedAdmin[Unit]):
    list_display = ("code", "name", "is_office", "is_active")
    search_fields = ("code", "name")

    def get_readonly_fields(self, request: HttpRequest, obj: Unit | None = None) -> list[str]:
        """The code stands in the trail and in imported sheets: it stays."""
        return ["code"] if obj else []


@admin.register(Officer)
class OfficerAdmin(ReasonedAdmin[Officer]):
    list_display = ("number", "name", "unit", "role_list", "is_active")
    list_filter = ("unit", "role_grants__role", "is_active")
    list_select_related = ("unit",)
    search_fields = ("number", "name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Officer]:
        return super().get_queryset(request).prefetch_related("role_grants")

    @admin.display(description="角色")
    def role_list(self, officer: Officer) -> str:
        held = {grant.role for grant in officer.role_grants.all()}
        return "、".join(role.label for role in Role if role.value in held) or "无"

    def has_change_permission(self, request: HttpRequest, obj: Officer | None = None) -> bool:
        """Nobody changes their own account: a second administrator does (reliability.md)."""
        own = obj is not None and obj.pk == request.user.pk
        return super().has_change_permission(request, obj) and not own

    def get_form(
        self, request: HttpRequest, obj: Officer | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        kwargs["form"] = OfficerChangeForm if obj else OfficerAddForm
        form = super().get_form(request, obj, change=change, **kwargs)
        form.actor = current_officer(request)  # type: ignore[attr-defined]  # of this request alone
        return form

    def get_fields(self, request: HttpRequest, obj: Officer | None = None) -> list[Any]:
        if obj is None:
            return ["number", "name", "unit", "roles_wanted", "reason"]
        if not self.has_change_permission(request, obj):
            return ["number", "name", "unit", "is_active", "role_list"]
        return ["number", "name", "unit", "is_active", "roles_wanted", "new_password", "reason"]

    def get_readonly_fields(self, request: HttpRequest, obj: Officer | None = None) -> list[str]:
        return ["number", "role_list"] if obj else []

    def save_model(self, request: HttpRequest, obj: Officer, form: Any, change: bool) -> None:
        """Nothing is saved here: more power is proposed, less holds at once."""
        made, done = admin_changes.split(current_officer(request), obj.pk, form.cleaned_data)
        if made:
            messages.success(
                request,
                f"已提出 {len(made)} 项变更，待另一位系统管理员同意后生效："
                + "、".join(one.get_kind_display() for one in made)
                + "。",
            )
        if done:
            messages.success(request, f"已立即生效：{'、'.join(done)}。")

    def log_addition(  # type: ignore[override]
        self, request: HttpRequest, obj: Officer, message: Any
    ) -> None:
        """The trail has it; there is no account yet that the admin's own log could name."""

    def response_add(
        self, request: HttpRequest, obj: Officer, post_url_continue: str | None = None
    ) -> HttpResponse:
        return redirect("accounts:proposals")

    def response_change(self, request: HttpRequest, obj: Officer) -> HttpResponse:
        return redirect("accounts:proposals")
