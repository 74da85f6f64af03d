"""The papers of a record on its own page, and what may be issued there."""

from __future__ import annotations

from typing import Any

from accounts.models import Officer
from accounts.roles import Can
from sanctions.models import Paper
from sanctions.paper_kinds import paper_kind
from sanctions.paper_of_decisions import REPAIR_NOTICE, may_have_repair_notice
from sanctions.paper_of_lists import kinds_for
from sanctions.papers import may_issue
from violations.models import Decision, ListEntry


def decision_papers(decision: Decision, officer: Officer) -> dict[str, Any]:
    """Those that stand, and whether the repair notice may still be issued."""
    rows = Paper.objects.visible_to(officer).standing().filter(decision=decision)
    papers = list(rows.defer("content", "texts").order_by("pk"))
    missing = all(paper.kind != REPAIR_NOTICE for paper in papers)
    may = missing and may_issue(officer, decision.unit) and may_have_repair_notice(decision)
    return {"papers": papers, "may_issue_notice": may}


def entry_papers(entry: ListEntry, officer: Officer) -> dict[str, Any]:
    """Those that stand, and which may be issued now."""
    rows = Paper.objects.visible_to(officer).standing().filter(list_entry=entry)
    papers = list(rows.defer("content", "texts").order_by("pk"))
    there = {paper.kind for paper in papers}
    offered = kinds_for(entry) if officer.may(Can.PROPOSE_LIST_ENTRY) else ()
    kinds = [(code, paper_kind(code).label) for code in offered if code not in there]
    return {"papers": papers, "paper_kinds": kinds}
