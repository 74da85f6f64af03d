"""Who opens the pages of papers, and one paper of theirs."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.access import check
from accounts.models import Officer
from accounts.roles import Can
from sanctions.models import Paper

READERS = (Can.ISSUE_PAPER, Can.SEE_ALL_DECISIONS)


def paper_for(request: HttpRequest, pk: int, *any_of: Can) -> tuple[Officer, Paper]:
    """The officer and the paper; 403 for who may none of ``any_of``, 404 for one out of scope."""
    officer = check(request, *any_of)
    rows = Paper.objects.visible_to(officer).select_related(
        "unit", "subject", "issued_by__unit", "decision", "list_entry", "superseded_by"
    )
    return officer, get_object_or_404(rows, pk=pk)
