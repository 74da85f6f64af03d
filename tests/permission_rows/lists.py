"""Who opens the pages of the lists and of the working days."""

from __future__ import annotations

from typing import Any

from accounts.roles import Can
from core.clock import today
from tests import factories
from tests.permission_table import Row, World, who_may
from violations.enums import ListKind, ListState

READS = who_may(Can.SEE_REGISTER)
PROPOSES = who_may(Can.PROPOSE_LIST_ENTRY)
APPROVES = who_may(Can.APPROVE_LIST_ENTRY)
KEEPS = who_may(Can.KEEP_CATALOGUES)


def _entry(world: World) -> dict[str, Any]:
    return {"pk": world.list_entry.pk}


def _proposed(world: World, **more: Any) -> dict[str, Any]:
    entry = factories.list_entry(world.subject, ListKind.BLACK, state=ListState.PROPOSED)
    return {"pk": entry.pk, **more}


def _condition(world: World) -> dict[str, Any]:
    from tests.violations.list_cases import condition

    return {"pk": condition().pk}


ROWS: dict[str, Row] = {
    "desk:lists": Row(get=READS),
    "desk:list-new": Row(get=PROPOSES, post=PROPOSES),
    "desk:list-conditions": Row(get=READS),
    "desk:list-condition-new": Row(get=KEEPS, post=KEEPS),
    "desk:list-condition": Row(get=KEEPS, post=KEEPS, kwargs=_condition),
    "desk:list-entry": Row(
        get=READS,
        kwargs=_entry,
        foreign=_proposed,  # what is only proposed does not exist for a unit's officers
    ),
    "desk:list-edit": Row(get=PROPOSES, post=PROPOSES, kwargs=_proposed),
    "desk:list-act": Row(
        get=None, post=PROPOSES, kwargs=lambda world: _proposed(world, step="withdraw")
    ),
    "desk:list-verdict": Row(
        get=None, post=APPROVES, kwargs=lambda world: _proposed(world, step="approve")
    ),
    "desk:holidays": Row(get=READS),
    "desk:holiday": Row(get=KEEPS, post=KEEPS, kwargs=lambda world: {"year": today().year + 1}),
}
