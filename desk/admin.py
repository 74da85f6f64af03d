"""The records in the admin site: read there, corrected by the one service for corrections.

Nothing is added, changed or deleted here; each record shows its history and leads to the form that
proposes its correction, which a second person agrees to.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.access import current_officer
from core import audit
from desk.decision_view import act_views
from subjects.models import Subject
from violations.correction_models import Correction
from violations.enums import ListState
from violations.models import Decision, Factor, ListEntry
from violations.selectors import in_full

M = TypeVar("M", bound=models.Model)
HISTORY_SHOWN = 50


class ReadOnlyAdmin(admin.ModelAdmin[M]):
    """A record as it stands, with its history and the way to correct it."""

    actions = None
    list_per_page = 50
    show_full_result_count = False
    correct_with = ""  # the page that proposes a correction

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: M | None = None) -> list[Any]:
        own = [field.name for field in self.model._meta.concrete_fields]
        extra = ["proposal"] if self.correct_with else []
        return [*extra, *self.more(), *own, "versions"]

    def get_readonly_fields(self, request: HttpRequest, obj: M | None = None) -> list[Any]:
        return self.get_fields(request, obj)

    def more(self) -> list[str]:
        """Further lines of this record."""
        return []

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Every look at a record stands in the trail."""
        answer = super().change_view(request, object_id, form_url, extra_context)
        found = self.get_object(request, object_id)
        if found is not None and answer.status_code == 200:
            action = f"{self.model._meta.model_name}.view"
            audit.record(actor=current_officer(request), action=action, target=found)
        return answer

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The history stands on the page of the record itself; the site's own log is empty here."""
        return self.change_view(request, object_id)

    @admin.display(description="更正")
    def proposal(self, row: M) -> SafeString:
        url = reverse(self.correct_with, args=[row.pk])
        return format_html('<a class="button" href="{}">提出更正</a> 由另一人同意后生效', url)

    @admin.display(description="历史")
    def versions(self, row: M) -> SafeString | str:
        kept = row.history.select_related("history_user")[:HISTORY_SHOWN]  # type: ignore[attr-defined]
        lines = [
            (
                f"{timezone.localtime(one.history_date):%Y-%m-%d %H:%M}",
                one.history_user.name if one.history_user else "系统",
                one.history_change_reason or "—",
            )
            for one in kept
        ]
        return format_html_join("", "{} · {} · {}<br>", lines) or "—"


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin[Decision]):
    """Decisions that left their unit's hands, with their acts in words."""

    correct_with = "desk:correct-decision"
    list_display = ("number", "kind", "unit", "subject", "decided_on", "state")
    list_filter = ("state", "kind", "unit")
    list_select_related = ("unit", "subject")
    search_fields = ("number_key", "subject__credit_code")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Decision]:
        return in_full(Decision.objects.correctable_by(current_officer(request)))

    def more(self) -> list[str]:
        return ["acts"]

    @admin.display(description="违法行为和处理")
    def acts(self, decision: Decision) -> SafeString:
        lines = [
            (act.violation.ordinal, act.violation.type, act.imposed, act.counted, act.fate or "—")
            for act in act_views(decision)
        ]
        return format_html_join("", "{}. {}：{}；{}；{}<br>", lines)


@admin.register(ListEntry)
class ListEntryAdmin(ReadOnlyAdmin[ListEntry]):
    """Entries that were published; what is only proposed its own page decides."""

    correct_with = "desk:correct-list-entry"
    list_display = ("list", "subject", "state", "listed_on", "expires_on", "document")
    list_filter = ("list", "state")
    list_select_related = ("subject",)
    search_fields = ("document", "subject__credit_code")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ListEntry]:
        return super().get_queryset(request).exclude(state=ListState.PROPOSED)


@admin.register(Factor)
class FactorAdmin(ReadOnlyAdmin[Factor]):
    """The other inputs of 1-3."""

    correct_with = "desk:correct-factor"
    list_display = ("kind", "subject", "scheme", "value", "in_force_from", "in_force_until")
    list_filter = ("kind",)
    list_select_related = ("subject",)
    search_fields = ("subject__credit_code",)


@admin.register(Subject)
class SubjectAdmin(ReadOnlyAdmin[Subject]):
    """The register of organisations."""

    correct_with = "desk:correct-subject"
    list_display = ("credit_code", "name", "kind", "registry_status", "merged_into")
    list_select_related = ("merged_into",)
    search_fields = ("credit_code",)


@admin.register(Correction)
class CorrectionAdmin(ReadOnlyAdmin[Correction]):
    """Every correction, to be read here and decided on its own page."""

    list_display = ("id", "kind", "subject", "state", "proposed_by", "decided_by")
    list_filter = ("state", "kind")
    list_select_related = ("subject", "proposed_by", "decided_by")

    def more(self) -> list[str]:
        return ["page"]

    @admin.display(description="办理")
    def page(self, correction: Correction) -> SafeString:
        url = reverse("desk:correction", args=[correction.pk])
        return format_html('<a class="button" href="{}">打开更正</a>', url)
