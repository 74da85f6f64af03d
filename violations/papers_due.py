"""Decisions in force whose papers are still to come: the day of service, the decision itself."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from accounts.models import Officer
from accounts.roles import Can
from core.settings_table import integer
from core.workdays import working_day_after
from violations.models import Decision
from violations.quality import unserved, without_paper
from violations.visibility import DecisionQuerySet

# What was entered longer ago stands on the page of data quality alone.
PAPER_DAYS = 90


def to_serve(officer: Officer) -> DecisionQuerySet:
    """In force and not served, the oldest first (行政处罚法, art. 61)."""
    rows = Decision.objects.visible_to(officer).filter(unserved())
    return rows.select_related("unit", "subject").order_by("decided_on", "pk")


def to_attach(officer: Officer) -> DecisionQuerySet:
    """In force without the paper, entered within the last 90 days, the oldest first."""
    since = timezone.now() - timedelta(days=PAPER_DAYS)
    rows = Decision.objects.visible_to(officer).filter(without_paper(), created_at__gte=since)
    return rows.select_related("unit", "subject").order_by("created_at", "pk")


def serve_by(decision: Decision, days: int | None = None) -> date:
    """The last day to serve it; ``days`` is the setting, for who asks for many."""
    return working_day_after(
        decision.decided_on, integer("serve_working_days") if days is None else days
    )


def attach_by(decision: Decision, days: int | None = None) -> date:
    """The last day to attach its paper."""
    entered = timezone.localdate(decision.confirmed_at or decision.created_at)
    return working_day_after(entered, integer("paper_working_days") if days is None else days)


def may_be_reminded(officer: Officer) -> bool:
    """Whether these are this officer's to see to: the unit's own, and all for the office."""
    return any(
        officer.may(what)
        for what in (Can.RECORD_DECISION, Can.CONFIRM_DECISION, Can.CONFIRM_FOR_ANY_UNIT)
    )
