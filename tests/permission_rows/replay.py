"""Who looks back at a day."""

from __future__ import annotations

from accounts.roles import Can
from tests.permission_table import Row, who_may

ROWS: dict[str, Row] = {
    "desk:replay": Row(
        get=who_may(Can.SEE_REGISTER), kwargs=lambda world: {"pk": world.subject.pk}
    ),
}
