"""The workbench's cards about papers still to come, and about acts that may be one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from accounts.models import Officer
from accounts.roles import Can
from core.settings_table import integer
from desk.deadlines import Due, due
from violations.models import Decision
from violations.papers_due import attach_by, may_be_reminded, serve_by, to_attach, to_serve
from violations.twins import groups_since
from violations.visibility import DecisionQuerySet

SHOWN = 5
COUNTED = 1000  # a longer line is said to be longer, not counted to its end
TWIN_DAYS = 30


@dataclass(frozen=True, slots=True)
class Missing:
    """One decision and the day by which its paper is to come."""

    decision: Decision
    due: Due


def papers_waiting(officer: Officer) -> dict[str, object]:
    """For ``desk/_papers_waiting.html`` and ``desk/_twins_waiting.html``; empty for other roles."""
    if not may_be_reminded(officer):
        return {}
    context: dict[str, object] = {"sees_papers": True, "counted": COUNTED}
    days = integer("serve_working_days")
    rows, total = _first(to_serve(officer))
    context["to_serve"] = [Missing(row, due(serve_by(row, days))) for row in rows]
    context["to_serve_total"] = total
    days = integer("paper_working_days")
    rows, total = _first(to_attach(officer))
    context["to_attach"] = [Missing(row, due(attach_by(row, days))) for row in rows]
    context["to_attach_total"] = total
    if officer.may(Can.SEE_ALL_DECISIONS):
        context["twin_groups"] = groups_since(timezone.now() - timedelta(days=TWIN_DAYS))
        context["twin_days"] = TWIN_DAYS
    return context


def _first(rows: DecisionQuerySet) -> tuple[list[Decision], int]:
    """The first rows, and how many there are, counted up to ``COUNTED`` and one."""
    shown = list(rows[: SHOWN + 1])
    if len(shown) <= SHOWN:
        return shown, len(shown)
    return shown[:SHOWN], rows[: COUNTED + 1].count()
