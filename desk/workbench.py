"""The workbench: what waits for this officer, what came back, what changed this week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import current_officer
from accounts.models import Officer
from accounts.roles import Can
from core.clock import today
from desk.ask.page import only_asks
from desk.holidays.missing import missing_year
from desk.lists.cards import cards_for
from desk.papers_waiting import twins_waiting
from desk.queue.choice import Choice, choose
from desk.queue.gathering import gather, tally
from desk.waiting import reviews_are_for
from grading.models import Grade, GradeChange, Standing
from subjects.models import Subject

SHOWN = 12  # rows of the queue; the card says how many there are in all
ON_HOLD_SHOWN = 6
CHANGES_SHOWN = 10
CHANGE_DAYS = 7
# What would appear there, by whether the officer reviews for a unit of their own.
WAITING_EMPTY = {
    True: "本单位民警提交的决定和其他事项会自动出现在这里。",
    False: "没有空闲审核人的单位提交的决定和其他事项会自动出现在这里。",
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
    if only_asks(officer):
        return redirect("desk:ask")
    day = today()
    gathered = gather(officer, day)
    shown = choose(gathered.lines, Choice(), officer, day)
    context: dict[str, object] = {
        "officer": officer,
        "roles": "、".join(officer.role_names),
        "records": officer.may(Can.RECORD_DECISION),
        "shown": shown,
        "to_do": shown.to_do[:SHOWN],
        "on_hold": shown.on_hold[:ON_HOLD_SHOWN],
        "tally": tally([*shown.to_do, *shown.on_hold], day),
        "total": len(gathered.lines),
        "capped": gathered.capped,
        "sees_reviews": reviews_are_for(officer),
        "waiting_empty": _empty(officer),
        **cards_for(officer),
        **twins_waiting(officer),
    }
    if officer.may(Can.KEEP_CATALOGUES):
        context["missing_year"] = missing_year()
    if officer.may(Can.SEE_REGISTER):
        context |= {"sees_register": True, **_changes(), **_distribution()}
    return render(request, "desk/workbench.html", context)


def _empty(officer: Officer) -> str:
    if officer.may(Can.CONFIRM_DECISION) or officer.may(Can.CONFIRM_FOR_ANY_UNIT):
        return WAITING_EMPTY[officer.may(Can.CONFIRM_DECISION)]
    if officer.may(Can.RECORD_DECISION):
        return "退回更正的决定、待提交的决定和没有录完的草稿会出现在这里。"
    return "您的角色目前没有需要在此办理的事项。"


def changed_since(since: datetime) -> QuerySet[GradeChange]:
    """Changes of the grade itself (not of counts alone), the latest first."""
    return (
        GradeChange.objects.filter(at__gte=since)
        .exclude(old_grade=F("grade"))
        .select_related("subject")
        .order_by("-id")
    )


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
