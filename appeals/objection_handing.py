"""How the open objections of one officer go to another, all at once (nobody's case is orphaned)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import Count, QuerySet

from accounts.models import Officer
from appeals.objection_enums import OPEN_STATES, ObjectionState
from appeals.objection_models import Objection
from appeals.objection_steps import record
from appeals.objection_workflow import locked
from violations.writing import save_as


def held_by(officer_ids: Collection[int]) -> Mapping[int, int]:
    """How many open cases each of these officers handles; one query."""
    rows = _open().filter(handler__in=list(officer_ids)).order_by()
    return dict(rows.values_list("handler").annotate(n=Count("pk")))


def move(*, officer: Officer, leaver: Officer, to: Officer) -> int:
    """Give all open cases of ``leaver`` to ``to``; the caller holds the transaction."""
    ids = list(_open().filter(handler=leaver).order_by("pk").values_list("pk", flat=True))
    for pk in ids:
        objection = locked(pk)
        objection.handler = to
        objection.version += 1
        save_as(officer, objection, reason="转办")
        more = {"from": leaver.number, "to": to.number}
        record(officer, objection, "objection.transfer", **more)
    return len(ids)


def _open() -> QuerySet[Objection]:
    states = (*OPEN_STATES, ObjectionState.DECIDED)
    found: QuerySet[Objection] = Objection.objects.filter(state__in=states)
    return found
