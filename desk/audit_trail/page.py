"""The auditor's list of the trail and the page of one row; each look leaves a row itself."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import check
from accounts.models import Officer, Unit
from accounts.roles import Can
from core import audit
from core.models import AuditEntry
from desk.audit_trail.details import Line, changes_of, lines_of, link_of
from desk.audit_trail.filters import Filters, months, parse
from desk.audit_trail.used import used_values
from desk.audit_trail.words import TAGS, Kind, action_words, kind_of, type_words


@dataclass(frozen=True, slots=True)
class Shown:
    """One row of the trail in words."""

    entry: AuditEntry
    kind: Kind
    unit: str

    @property
    def tag(self) -> str:
        return TAGS.get(self.kind, "")

    @property
    def words(self) -> str:
        return action_words(self.entry.action)

    @property
    def type(self) -> str:
        return type_words(self.entry.target_type)


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The rows that the filters in the address leave, the latest first."""
    officer = check(request, Can.READ_AUDIT)
    filters = parse(request.GET, officer)
    entries, following = filters.page(request.GET.get("before", ""))
    audit.record(actor=officer, action="audit.view", details={"asked": filters.in_words()[:300]})
    context = {
        "filters": filters,
        "rows": shown(entries),
        "next": filters.address(before=following) if following else "",
        "first": filters.address() or "?" if request.GET.get("before") else "",
        "units": Unit.objects.order_by("id"),
        "months": months(),
        "kinds": Kind.choices,
        "actions": _actions(filters),
        "choices": [(one, filters.address(subject=str(one.pk))) for one in filters.found.choices],
    }
    return render(request, "desk/audit_trail/list.html", context)


@require_safe
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One row in full: who, when, from where, why, and each value before and after."""
    officer = check(request, Can.READ_AUDIT)
    found = get_object_or_404(AuditEntry, pk=pk)
    audit.record(actor=officer, action="audit.view", details={"entry": found.pk})
    changes: list[Line] = changes_of(found)
    context = {
        "row": shown([found])[0],
        "lines": lines_of(found),
        "changes": changes,
        "link": link_of(found, officer),
        "same_object": _same_object(found, officer),
    }
    return render(request, "desk/audit_trail/entry.html", context)


def shown(entries: list[AuditEntry]) -> list[Shown]:
    """Rows with the names of their units; the trail holds codes."""
    codes = {one.unit for one in entries}
    names = dict(Unit.objects.filter(code__in=codes).values_list("code", "name"))
    return [Shown(one, kind_of(one.action), names.get(one.unit, one.unit)) for one in entries]


def _actions(filters: Filters) -> list[tuple[str, str]]:
    kind = filters.values.get("kind")
    used = [one for one in used_values("action") if not kind or kind_of(one) == kind]
    return sorted(((one, action_words(one)) for one in used), key=lambda pair: pair[1])


def _same_object(found: AuditEntry, officer: Officer) -> list[Shown]:
    """The latest other rows about the same object."""
    if not found.target_id:
        return []
    rows = AuditEntry.objects.filter(target_type=found.target_type, target_id=found.target_id)
    return shown(list(rows.exclude(pk=found.pk).order_by("-at", "-id")[:10]))
