"""What stands beside a stored decision: its papers, its twins, and whether it was entered late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from accounts.models import Officer
from core.workdays import working_days_between
from desk.attachments.card import card_context
from desk.deadlines import Due, due
from violations.models import Decision
from violations.papers_due import serve_by
from violations.quality import entry_due
from violations.twins import Twin, number_elsewhere, twins_of


@dataclass(frozen=True, slots=True)
class Late:
    """Entered after ``due``, so many working days after the decision."""

    due: date
    days: int


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another unit's decision of the same number; ``may_open`` for who reads it in full."""

    decision: Decision
    may_open: bool


def papers_context(decision: Decision, officer: Officer) -> dict[str, Any]:
    """For the pages of one decision: to read, to check before submitting, to confirm."""
    other = number_elsewhere(decision.unit, decision.number)
    twins: list[Twin] = twins_of(decision, officer)
    return {
        "twins": twins,
        "elsewhere": other and Elsewhere(other, _may_open(other, officer)),
        "late": late(decision),
        "serve_due": serve_due(decision),
        **card_context(decision, officer),
    }


def late(decision: Decision) -> Late | None:
    """None where it was entered in time, or taken over from before there was this system."""
    entered = timezone.localdate(decision.created_at)
    last_day = entry_due(decision)
    if decision.taken_over or entered <= last_day:
        return None
    days = working_days_between(decision.decided_on, entered) + 1
    return Late(last_day, days)


def serve_due(decision: Decision) -> Due | None:
    """By when one in force is to be served; None where it was (行政处罚法, art. 61)."""
    if not decision.is_in_force or decision.served_on is not None:
        return None
    return due(serve_by(decision))


def _may_open(other: Decision, officer: Officer) -> bool:
    return Decision.objects.visible_to(officer).filter(pk=other.pk).exists()
