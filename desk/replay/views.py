"""One file as of any day: as known then beside as known now, and what moved since."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import current_officer, requires
from accounts.roles import Can
from core import audit
from core.clock import today
from desk.replay.forms import ReplayForm, end_of
from desk.replay.page import replay
from grading import selectors
from subjects.models import Subject


@requires(Can.SEE_REGISTER)
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Of an entry that was merged too: then it had a grade of its own."""
    officer = current_officer(request)
    rows = Subject.objects.select_related("unit_in_charge", "merged_into")
    subject = get_object_or_404(rows, pk=pk)
    asked = {name: request.GET.get(name, "") for name in ReplayForm.base_fields}
    form = ReplayForm(asked)
    context: dict[str, Any] = {
        "subject": subject,
        "tab": "replay",
        "now": selectors.view(subject.pk).now,
        "regrading": selectors.is_being_regraded(subject.survivor_id),
        "form": form,
        "may_record": officer.may(Can.RECORD_DECISION),
        "may_edit": officer.may(Can.EDIT_SUBJECT),
        "may_audit": officer.may(Can.READ_AUDIT),
        "may_issue_paper": officer.may(Can.ISSUE_PAPER),
    }
    details = {"part": "replay", **{name: text[:40] for name, text in asked.items() if text}}
    audit.record(actor=officer, action="subject.view", target=subject, details=details)
    if form.is_valid():
        given = form.cleaned_data
        known = min(given["known"] or end_of(given["day"]), timezone.now())
        context |= {
            "day": given["day"],
            "to": given["to"],
            "known": known,
            "seen": replay(subject, officer, given["day"], known, given["to"]),
            "same_day": given["day"] == timezone.localdate(known),
            "is_today": given["day"] == today(),
        }
    return render(request, "desk/replay/show.html", context, status=200 if form.is_valid() else 400)
