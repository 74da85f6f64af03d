"""Who becomes eligible in the next 30 days, and letters that invite them, as one print job.

Read by key (the day of the decision and the act): the next page begins after the last one shown.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import check, requires
from accounts.models import Unit
from accounts.roles import Can
from appeals.repair_answers import INVITATION, invitation_content
from appeals.repair_eligible import Eligible, becoming_eligible, read
from core.clock import today
from desk.clock_words import clock_words
from sanctions.models import Paper
from sanctions.paper_batches import MOST, Order
from sanctions.paper_batches import start as start_batch
from violations.errors import InvalidDecision
from violations.models import Violation

ROWS = 50
DAYS_AHEAD = 30
INVITED_LATELY = timedelta(days=90)


@requires(Can.HANDLE_APPEAL)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Those whose minimum period ends in the next 30 days, or ended in the last 30."""
    day, span = today(), request.GET.get("span", "")
    first, last = _span(span, day)
    rows = _after(becoming_eligible(first, last, day), request.GET.get("after", ""))
    found = read(rows[: ROWS + 1], day)
    shown = found[:ROWS]
    invited = _invited([one.violation.decision.subject.survivor_id for one in shown], day)
    context = {
        "rows": [
            (
                one,
                clock_words(one.clocks, one.violation),
                invited.get(one.violation.decision.subject.survivor_id),
            )
            for one in shown
        ],
        "next": _key(shown[-1]) if len(found) > ROWS else None,
        "span": span,
        "first": first,
        "last": last,
        "days": DAYS_AHEAD,
        "most": MOST,
    }
    return render(request, "desk/repairs/eligible.html", context)


@require_POST
def invite(request: HttpRequest) -> HttpResponseBase:
    """One letter an organisation with all its records that were ticked, as one print job."""
    officer, day = check(request, Can.HANDLE_APPEAL), today()
    ids = [
        int(one)
        for one in request.POST.getlist("violation")[: MOST + 1]
        if one.isdecimal() and len(one) < 19
    ]
    first, last = day - timedelta(days=DAYS_AHEAD), day + timedelta(days=DAYS_AHEAD)
    by_subject: dict[int, list[Eligible]] = defaultdict(list)
    for one in read(becoming_eligible(first, last, day).filter(pk__in=ids), day):
        by_subject[one.violation.decision.subject.survivor_id].append(one)
    office = Unit.objects.get(is_office=True)
    orders: list[Order | Paper] = []
    for found in by_subject.values():
        subject = found[0].violation.decision.subject
        content = invitation_content([(one.violation, one.clocks) for one in found], day)
        orders.append(Order(INVITATION, office, subject.merged_into or subject, content))
    try:
        batch = start_batch(officer=officer, items=orders)
    except InvalidDecision as refused:
        messages.warning(request, str(refused))
        return redirect("desk:repair-eligible")
    return redirect("desk:paper-batch", pk=batch.pk)


def _span(span: str, day: date) -> tuple[date, date]:
    if span == "past":
        return day - timedelta(days=DAYS_AHEAD), day
    return day + timedelta(days=1), day + timedelta(days=DAYS_AHEAD)


def _after(rows: QuerySet[Violation], after: str) -> QuerySet[Violation]:
    day, _, pk = after.partition("_")
    try:
        decided = date.fromisoformat(day)
    except ValueError:
        return rows
    if not pk.isdecimal() or len(pk) > 18:
        return rows
    later = Q(decision__decided_on__gt=decided)
    return rows.filter(later | Q(decision__decided_on=decided, pk__gt=int(pk)))


def _key(last: Eligible) -> str:
    return f"{last.violation.decision.decided_on}_{last.violation.pk}"


def _invited(subject_ids: list[int], day: date) -> dict[int, date]:
    """When each of these organisations was last invited, lately."""
    rows = Paper.objects.filter(
        kind=INVITATION, subject__in=subject_ids, issued_on__gte=day - INVITED_LATELY
    )
    return dict(rows.order_by("issued_on").values_list("subject_id", "issued_on"))
