"""Who opens the queue, and who hands work over."""

from __future__ import annotations

from typing import Any

from accounts.roles import Can, Role
from tests import factories
from tests.permission_table import SIGNED_IN, Row, World, who_may

HANDS_OVER = who_may(Can.CONFIRM_DECISION, Can.CONFIRM_FOR_ANY_UNIT)


def _of_the_unit(world: World) -> dict[str, Any]:
    return {"pk": world.officers[Role.RECORDER].pk}


def _elsewhere(world: World) -> dict[str, Any]:
    return {"pk": factories.officer(Role.RECORDER, unit=world.other).pk}


ROWS: dict[str, Row] = {
    "desk:queue": Row(get=SIGNED_IN),
    "desk:queue-holders": Row(get=HANDS_OVER),
    "desk:queue-hand-over": Row(
        get=HANDS_OVER, post=HANDS_OVER, kwargs=_of_the_unit, foreign=_elsewhere
    ),
}
