"""What the workbench says about the lists: what waits, what may be decided, what ends soon."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Officer
from accounts.roles import Can
from core.clock import today
from core.settings_table import integer
from desk.lists.index import SOON_DAYS, ends_soon
from desk.lists.steps import Next, next_of
from grading.list_conflicts import Conflict, red_list_conflicts
from violations.enums import ListState
from violations.list_workflow import missing
from violations.models import ListEntry, ListEntryHand

SHOWN = 20
MOST = 200  # so many proposals at once are looked through for what may be decided


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal, or an entry whose end is proposed, with what happens next."""

    entry: ListEntry
    next: Next


def decidable_by(officer: Officer) -> int:
    """How much this approver may decide now: nothing they had a hand in, nothing too early."""
    if not officer.may(Can.APPROVE_LIST_ENTRY):
        return 0
    rows = _own(officer).prefetch_related("objections").order_by("pk")[:MOST]
    return sum(1 for row in rows if not row.is_proposed or missing(row) is None)


def cards_for(officer: Officer) -> dict[str, object]:
    """For the office; nothing for others."""
    context: dict[str, object] = {}
    if officer.may(Can.PROPOSE_LIST_ENTRY):
        ending = ListEntry.objects.filter(ends_soon(today())).select_related("subject")
        conflicts: list[Conflict] = red_list_conflicts()
        context |= {
            "ending": ending.order_by("expires_on", "pk")[:SHOWN],
            "soon_days": SOON_DAYS,
            "conflicts": conflicts,
        }
    return context


def waiting_entries(officer: Officer) -> list[Waiting]:
    """What is on its way, for the office and the approver; what may be decided comes first."""
    if officer.may(Can.APPROVE_LIST_ENTRY):
        return _waiting(_own(officer))
    return _waiting(_everything()) if officer.may(Can.PROPOSE_LIST_ENTRY) else []


def _everything() -> QuerySet[ListEntry]:
    """All that waits for somebody, whoever it is."""
    closing = ~Q(closing="") & Q(state=ListState.PUBLISHED, closing_approved_by__isnull=True)
    found: QuerySet[ListEntry] = ListEntry.objects.filter(closing | Q(state=ListState.PROPOSED))
    return found


def _own(officer: Officer) -> QuerySet[ListEntry]:
    """What waits for this approver or will."""
    hand = ListEntryHand.objects.filter(entry=OuterRef("pk"), officer=officer)
    proposed = Q(state=ListState.PROPOSED) & ~Q(proposed_by=officer) & ~Exists(hand)
    closing = Q(state=ListState.PUBLISHED) & ~Q(closing_proposed_by=officer)
    return _everything().filter(proposed | closing)


def _waiting(rows: QuerySet[ListEntry]) -> list[Waiting]:
    """With what happens next; what may be decided now comes first."""
    approval = integer("list_approval_working_days")
    rows = rows.select_related("subject", "proposed_by").prefetch_related("objections")
    found = [(row, next_of(row, approval)) for row in rows.order_by("pk")[:MOST]]
    waiting = [Waiting(row, following) for row, following in found if following is not None]
    return sorted(waiting, key=lambda one: not one.next.ready)
