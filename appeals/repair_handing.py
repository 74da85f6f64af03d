"""How the open repairs of one officer go to another, all at once (nobody's case is left behind)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import Count, Q, QuerySet

from accounts.models import Officer
from appeals.repair_enums import OPEN_STATES, RepairState
from appeals.repair_models import Repair
from appeals.repair_workflow import locked
from core import audit
from violations.writing import save_as


def held_by(officer_ids: Collection[int]) -> Mapping[int, int]:
    """How many open cases each of these officers handles; one query."""
    rows = _open().filter(handler__in=list(officer_ids)).order_by()
    return dict(rows.values_list("handler").annotate(n=Count("pk")))


def move(*, officer: Officer, leaver: Officer, to: Officer) -> int:
    """Give all open cases of ``leaver`` to ``to``; the caller holds the transaction."""
    ids = list(_open().filter(handler=leaver).order_by("pk").values_list("pk", flat=True))
    for pk in ids:
        repair = locked(pk)
        repair.handler = to
        repair.version += 1
        save_as(officer, repair, reason="转办")
        details = {"from": leaver.number, "to": to.number}
        audit.record(actor=officer, action="repair.transfer", target=repair, details=details)
    return len(ids)


def _open() -> QuerySet[Repair]:
    unanswered = Q(state=RepairState.NOT_ACCEPTED, answered_on__isnull=True)
    found: QuerySet[Repair] = Repair.objects.filter(Q(state__in=OPEN_STATES) | unanswered)
    return found
