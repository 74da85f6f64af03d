"""How the open objections of one officer go to another, all at once (nobody's case is orphaned)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import Count, Q, QuerySet

from accounts.models import Officer
from appeals.case_marks import owing
from appeals.objection_enums import OPEN_STATES, ObjectionState
from appeals.objection_models import Objection
from appeals.objection_steps import record
from appeals.objection_workflow import locked
from violations.writing import save_as


def held_by(officer_ids: Collection[int]) -> Mapping[int, int]:
    """How many cases that still want something each of these officers handles; one query."""
    rows = _open().filter(handler__in=list(officer_ids)).order_by()
    return dict(rows.values_list("handler").annotate(n=Count("pk")))


def move(*, officer: Officer, leaver: Officer, to: Officer) -> int:
    """Give all these cases of ``leaver`` to ``to``; the caller holds the transaction.

    One that ``to`` decided stays, and a second look at what ``to`` handled or decided: nobody
    handles those.
    """
    rows = _open().filter(handler=leaver).exclude(decided_by=to)
    rows = rows.exclude(Q(first_handler=to) | Q(first_proposer=to) | Q(first_decider=to))
    rows = rows.order_by("pk")
    ids = list(rows.values_list("pk", flat=True))
    for pk in ids:
        objection = locked(pk)
        objection.handler = to
        objection.version += 1
        save_as(officer, objection, reason="转办")
        more = {"from": leaver.number, "to": to.number}
        record(officer, objection, "objection.transfer", **more)
    return len(ids)


def _open() -> QuerySet[Objection]:
    """Those that somebody has to go on with: before the answer, or for what others are owed."""
    open_ = Q(state__in=(*OPEN_STATES, ObjectionState.DECIDED))
    owed = Q(pk__in=owing(Objection).order_by().values("pk"))
    found: QuerySet[Objection] = Objection.objects.filter(open_ | owed)
    return found
