"""Papers that wait to be issued or served, as open tasks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from accounts.models import Officer
from accounts.roles import Can
from core import settings_table
from core.open_tasks import MOST, OpenTask
from core.workdays import deadline_after
from sanctions.list_service import without_decision
from sanctions.notice_due import counting_entries
from sanctions.paper_kinds import KINDS
from sanctions.paper_models import Paper
from sanctions.paper_service import why_not_served


def papers_to_serve(officer: Officer, day: date) -> Iterable[OpenTask]:
    """Issued, to be served on the party, not served and not replaced; the oldest first."""
    if not officer.may(Can.ISSUE_PAPER):
        return
    kinds = [kind.code for kind in KINDS if kind.to_serve]
    rows = Paper.objects.visible_to(officer).standing().filter(served_on=None, kind__in=kinds)
    papers = list(rows.select_related("subject").order_by("issued_on", "id")[: MOST + 1])
    days = settings_table.integer("paper_serve_working_days", day)
    why = why_not_served(paper.pk for paper in papers)
    for paper in papers:
        yield OpenTask(
            kind="paper.serve",
            label="送达文书",
            title=f"{paper.label} {paper.number}",
            url=reverse("desk:paper", args=[paper.pk]),
            since=paper.issued_on,
            deadline=deadline_after(paper.issued_on, days),
            subject_id=paper.subject_id,
            subject_name=paper.subject.name,
            unit_id=paper.unit_id,
            late_because=why.get(paper.pk, ""),
        )


def list_decisions_to_issue(officer: Officer, day: date) -> Iterable[OpenTask]:
    """Black-list entries in force whose party has no decision in its hands: nothing begins yet."""
    if not officer.may(Can.PROPOSE_LIST_ENTRY):
        return
    rows = without_decision(counting_entries(day)).select_related("subject")
    days = settings_table.integer("serve_working_days", day)
    for entry in rows.order_by("listed_on", "pk")[: MOST + 1]:
        since = max(entry.listed_on, entry.approved_on or entry.listed_on)
        yield OpenTask(
            kind="paper.list_decision",
            label="出具列入决定书",
            title=f"列入黑名单：{entry.document}",
            url=reverse("desk:list-entry", args=[entry.pk]),
            since=since,
            deadline=deadline_after(since, days),
            subject_id=entry.subject_id,
            subject_name=entry.subject.name,
            late_because="决定书送达前，惩戒措施、提醒和约谈均未开始",
        )
