"""Issuing a paper from the page of a record: of a decision, of a list entry."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.access import check
from accounts.roles import Can
from sanctions.models import Paper
from sanctions.paper_of_decisions import issue_repair_notice
from sanctions.paper_of_lists import issue_for_entry
from violations.errors import InvalidDecision
from violations.models import Decision, ListEntry


@require_POST
def repair_notice(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The repair notice of a decision in force, to be served together with it."""
    officer = check(request, Can.ISSUE_PAPER)
    decision = get_object_or_404(Decision.objects.visible_to(officer), pk=pk)
    try:
        paper = issue_repair_notice(officer=officer, decision=decision)
    except InvalidDecision as refused:
        messages.warning(request, str(refused))
        return redirect("desk:decision", pk=pk)
    return _issued(request, paper)


@require_POST
def for_entry(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """The notice of a proposal, the decision of a published entry."""
    officer = check(request, Can.PROPOSE_LIST_ENTRY)
    entries = ListEntry.objects.visible_to(officer).select_related("condition", "subject")
    entry: ListEntry = get_object_or_404(entries, pk=pk)
    try:
        paper = issue_for_entry(officer=officer, entry=entry, kind=kind)
    except InvalidDecision as refused:
        messages.warning(request, str(refused))
        return redirect("desk:list-entry", pk=pk)
    return _issued(request, paper)


def _issued(request: HttpRequest, paper: Paper) -> HttpResponseBase:
    messages.success(request, f"已出具{paper.label}，文号 {paper.number}。请打印盖章后送达。")
    return redirect("desk:paper", pk=paper.pk)
