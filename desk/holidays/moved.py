"""Which open deadlines a notice moves: nothing is stored, so they are worked out by both calendars.

The end of a list entry's notice period is written down at approval alone, and stays as it was
then: what was approved in time is not untimely afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from core.settings_table import integer
from core.workdays import Calendar, Deadline
from grading.models import Flag, Review
from violations.enums import DecisionState, ListKind, ListState
from violations.list_notice import is_waived, notice_days
from violations.models import Decision, ListEntry


@dataclass(frozen=True, slots=True)
class Term:
    """One open period: ``count`` working days after ``start``."""

    what: str
    label: str
    url: str
    start: date
    count: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A term whose last day is another one now."""

    term: Term
    before: Deadline
    after: Deadline


@dataclass(frozen=True, slots=True)
class Effect:
    """What a notice does to the open terms: those that move, and how many become certain."""

    moved: list[Moved]
    certain: int
    open: int


def effect_of(before: Calendar, after: Calendar) -> Effect:
    """Compare every open term under two calendars, the earliest new day first."""
    moved, certain, total = [], 0, 0
    for term in open_terms():
        total += 1
        old, new = (one.deadline(term.start, term.count) for one in (before, after))
        certain += old.provisional and not new.provisional
        if old.day != new.day:
            moved.append(Moved(term, old, new))
    return Effect(sorted(moved, key=lambda one: one.after.day), certain, total)


def open_terms() -> Iterator[Term]:
    """Decisions that wait for confirmation, notices and announcements that run, open reviews."""
    yield from _confirmations()
    yield from _notices()
    yield from _reviews()


def _confirmations() -> Iterator[Term]:
    days = integer("confirm_working_days")
    rows = Decision.objects.filter(state=DecisionState.SUBMITTED, submitted_at__isnull=False)
    for pk, number, at in rows.order_by("pk").values_list("pk", "number", "submitted_at"):
        url = reverse("desk:decision", args=[pk])
        yield Term("单位审核", number, url, timezone.localdate(at), days)


def _notices() -> Iterator[Term]:
    rows = ListEntry.objects.filter(state=ListState.PROPOSED, notified_on__isnull=False)
    settings = {kind: notice_days(kind) for kind in ListKind.values}
    for entry in rows.select_related("subject").order_by("pk"):
        if entry.notified_on is None or is_waived(entry):
            continue
        what = "红名单公示" if entry.is_red else "黑名单告知"
        days = settings[entry.list] if entry.notice_days is None else entry.notice_days
        url = reverse("desk:list-entry", args=[entry.pk])
        yield Term(what, entry.subject.name, url, entry.notified_on, days)


def _reviews() -> Iterator[Term]:
    days = integer("review_working_days")
    for review in Review.objects.filter(closed_at__isnull=True).select_related("subject"):
        url = reverse("desk:subject", args=[review.subject.survivor_id])
        what = f"等级复核（{Flag(review.flag).label}）"
        start = timezone.localdate(review.opened_at)
        yield Term(what, review.subject.name, url, start, days)
