"""Papers that wait to be served, as open tasks of the unit that issued them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from accounts.models import Officer
from accounts.roles import Can
from core import settings_table
from core.open_tasks import MOST, OpenTask
from core.workdays import deadline_after
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
            late_because=why.get(paper.pk, "尚未登记送达"),
        )
