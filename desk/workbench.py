"""The workbench: what waits for this officer, what came back, what changed this week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.db.models import Count, F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import current_officer
from accounts.change_views import waiting_for
from accounts.roles import Can
from core.settings_table import integer
from desk.deadlines import confirm_by
from desk.holidays.missing import missing_year
from desk.lists.cards import cards_for
from desk.papers_waiting import papers_waiting
from desk.waiting import corrections_for, reviews_for
from grading.models import Grade, GradeChange, Standing
from subjects.models import Subject
from violations.factor_runs import open_runs_of
from violations.models import Decision, ImportRun
from violations.selectors import (
    awaiting_confirmation,
    drafts_of,
    entry_drafts_of,
    handed_in_by,
    returned_to,
)
from violations.visibility import DecisionQuerySet

SHOWN = 20  # rows of a card; the card says how many there are in all
CHANGES_SHOWN = 10
CHANGE_DAYS = 7
# What would appear there, by whether the officer reviews for a unit of their own.
WAITING_EMPTY = {
    True: "本单位民警提交后，会自动出现在这里。",
    False: "没有空闲审核人的单位提交的决定，会自动出现在这里。",
}


@dataclass(frozen=True, slots=True)
class Share:
    """One grade of the distribution; ``percent`` with one decimal."""

    grade: str
    count: int
    percent: str
    x: float
    width: float


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Everything of one's own role; officers who may not see the register see no organisation."""
    officer = current_officer(request)
    records, approves = officer.may(Can.RECORD_DECISION), officer.may(Can.APPROVE_LIST_ENTRY)
    for_any = officer.may(Can.CONFIRM_FOR_ANY_UNIT)
    context: dict[str, object] = {
        "officer": officer,
        "roles": "、".join(officer.role_names),
        "records": records,
    }
    if officer.may(Can.CONFIRM_DECISION) or for_any:
        empty = WAITING_EMPTY[officer.may(Can.CONFIRM_DECISION)]
        waiting = awaiting_confirmation(officer)
        context |= {"confirms": True, "waiting_empty": empty, **_due("waiting", waiting)}
        runs = ImportRun.objects.waiting_for(officer).select_related("unit", "uploaded_by")
        context["imports_waiting"] = list(runs.order_by("id")[:SHOWN])
    if records or for_any:
        context["imports_in_hand"] = list(ImportRun.objects.in_hand_of(officer)[:SHOWN])
    if officer.may(Can.ADMINISTER):
        context |= {"administers": True, **_some("account_changes", waiting_for(officer))}
    if for_any or approves:
        reviews = reviews_for(officer).select_related("subject__standing")
        context |= {"sees_reviews": True, **_some("reviews", reviews)}
    context |= {"approves": approves, **cards_for(officer)}
    if officer.may(Can.KEEP_CATALOGUES):
        context["missing_year"] = missing_year()
    if officer.may(Can.AGREE_TO_CORRECTION):
        mine = corrections_for(officer).select_related("subject", "proposed_by__unit")
        context |= _some("corrections", mine.order_by("id"))
    if records:
        context |= _some("returned", returned_to(officer))
        context |= _some("unsent", drafts_of(officer).filter(returned_remark=""))
        context |= _some("drafts", entry_drafts_of(officer))
        context |= _due("handed_in", handed_in_by(officer))
    context |= papers_waiting(officer)
    if officer.may(Can.RECORD_FACTOR):
        context["factor_sheets"] = list(open_runs_of(officer)[:SHOWN])
    if officer.may(Can.SEE_REGISTER):
        context |= {"sees_register": True, **_changes(), **_distribution()}
    return render(request, "desk/workbench.html", context)


def changed_since(since: datetime) -> QuerySet[GradeChange]:
    """Changes of the grade itself (not of counts alone), the latest first."""
    return (
        GradeChange.objects.filter(at__gte=since)
        .exclude(old_grade=F("grade"))
        .select_related("subject")
        .order_by("-id")
    )


def _some(name: str, rows: QuerySet[Any]) -> dict[str, object]:
    """The first rows, and how many there are; the count is asked for only if rows are left out."""
    shown = list(rows[: SHOWN + 1])
    total = len(shown) if len(shown) <= SHOWN else rows.count()
    return {name: shown[:SHOWN], f"{name}_total": total}


def _due(name: str, rows: DecisionQuerySet) -> dict[str, object]:
    """The same for submitted decisions, each with the day by which it is to be confirmed."""
    context = _some(name, rows)
    days = integer("confirm_working_days")
    shown = cast("list[Decision]", context[name])
    return context | {name: [(one, confirm_by(one.submitted_at, days=days)) for one in shown]}


def _changes() -> dict[str, object]:
    rows = changed_since(timezone.now() - timedelta(days=CHANGE_DAYS))
    shown = list(rows[: CHANGES_SHOWN + 1])
    total = len(shown) if len(shown) <= CHANGES_SHOWN else rows.count()
    return {"changes": shown[:CHANGES_SHOWN], "changes_total": total, "days": CHANGE_DAYS}


def _distribution() -> dict[str, object]:
    """How many surviving organisations hold each grade, and their shares of a bar 300 wide."""
    graded = dict(
        Standing.objects.exclude(grade="")
        .filter(subject__merged_into__isnull=True)
        .order_by()
        .values_list("grade")
        .annotate(Count("pk"))
    )
    total = Subject.objects.surviving().count()
    counts = [(str(grade), graded.get(grade, 0)) for grade in Grade.values]
    counts.append(("", max(total - sum(graded.values()), 0)))
    return {"total": total, "shares": _shares(counts, total)}


def _shares(counts: list[tuple[str, int]], total: int) -> list[Share]:
    """A grade that exists is never narrower than 3, whatever its share; gaps are 2 wide."""
    gap, least = 2.0, 3.0
    held = [count for _, count in counts if count]
    room = 300.0 - gap * max(len(held) - 1, 0) - least * len(held)
    shares, x = [], 0.0
    for grade, count in counts:
        part = count / total if total else 0
        width = least + room * part if count else 0.0
        shares.append(Share(grade, count, f"{part * 100:.1f}%", round(x, 1), round(width, 1)))
        x += width + gap if count else 0
    return shares
