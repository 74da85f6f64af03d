"""Who asks at the desk box: every officer of a unit and the office, and the windows."""

from __future__ import annotations

from accounts.roles import Can
from tests.permission_table import Row, who_may

ASKS = who_may(Can.ASK_DESK)

ROWS: dict[str, Row] = {
    "desk:ask": Row(get=ASKS, post=ASKS, data={"codes": "91410481MA4YL0001X"}),
}
