"""The auditor's pages, and what administrators agree to in pairs."""

from __future__ import annotations

from accounts.roles import Can
from core.audit import record
from tests.permission_table import Row, World, who_may

AUDITS = who_may(Can.READ_AUDIT)


def _an_entry(world: World) -> dict[str, int]:
    return {"pk": record(actor=None, action="subject.view", target=world.subject).pk}


ROWS: dict[str, Row] = {
    "desk:audit-trail": Row(get=AUDITS),
    "desk:audit-entry": Row(get=AUDITS, kwargs=_an_entry),
    "desk:audit-chain": Row(get=AUDITS),
    "desk:audit-export": Row(get=AUDITS, post=AUDITS, data={"purpose": "季度内部审计"}),
}
