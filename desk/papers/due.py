"""Decisions in force that have no repair notice yet: ticked, issued and printed as one job."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import current_officer, requires
from accounts.models import Officer
from accounts.roles import Can
from core.models import FactQuerySet
from sanctions.models import Paper
from sanctions.paper_of_decisions import REPAIR_NOTICE
from violations.models import Decision, Violation

ROWS = 50


@requires(Can.ISSUE_PAPER)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The latest decided first; those taken over had their papers in their time."""
    officer = current_officer(request)
    rows = without_notice(officer)
    shown = list(rows.select_related("unit", "subject").order_by("-decided_on", "-pk")[: ROWS + 1])
    context = {"rows": shown[:ROWS], "more": len(shown) > ROWS, "most": ROWS}
    return render(request, "desk/papers/due.html", context)


def without_notice(officer: Officer) -> FactQuerySet[Decision]:
    """Of the own unit, for the office of all: in force, not taken over, with an act that stands."""
    notice = Paper.objects.standing().filter(decision=OuterRef("pk"), kind=REPAIR_NOTICE)
    act = Violation.objects.filter(
        decision=OuterRef("pk"), revoked_on__isnull=True, repaired_on__isnull=True
    )
    rows = Decision.objects.visible_to(officer).in_force().filter(taken_over=False)
    if not officer.may(Can.KEEP_NOTICES):
        rows = rows.filter(unit=officer.unit_id)
    return rows.filter(~Exists(notice), Exists(act))
