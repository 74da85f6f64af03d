"""How the open repairs of one officer go to another, all at once (nobody's case is left behind)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import Count, Q, QuerySet

from accounts.models import Officer
from appeals.case_marks import owing
from appeals.repair_enums import OPEN_STATES, RepairState
from appeals.repair_models import Repair
from appeals.repair_workflow import locked
from core import audit
from violations.writing import save_as


def held_by(officer_ids: Collection[int]) -> Mapping[int, int]:
    """How many cases that still want something each of these officers handles; one query."""
    rows = _open().filter(handler__in=list(officer_ids)).order_by()
    return dict(rows.values_list("handler").annotate(n=Count("pk")))


def move(*, officer: Officer, leaver: Officer, to: Officer) -> int:
    """Give all these cases of ``leaver`` to ``to``; the caller holds the transaction.

    One that ``to`` decided stays: nobody handles what they decided.
    """
    rows = _open().filter(handler=leaver).exclude(decided_by=to).order_by("pk")
    ids = list(rows.values_list("pk", flat=True))
    for pk in ids:
        repair = locked(pk)
        repair.handler = to
        repair.version += 1
        save_as(officer, repair, reason="转办")
        details = {"from": leaver.number, "to": to.number}
        audit.record(actor=officer, action="repair.transfer", target=repair, details=details)
    return len(ids)


def _open() -> QuerySet[Repair]:
    """Those that somebody has to go on with: before the answer, or for what others are owed."""
    unanswered = Q(state=RepairState.NOT_ACCEPTED, answered_on__isnull=True)
    owed = Q(pk__in=owing(Repair).order_by().values("pk"))
    found: QuerySet[Repair] = Repair.objects.filter(Q(state__in=OPEN_STATES) | unanswered | owed)
    return found
