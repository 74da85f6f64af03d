"""Two administrators, an officer, and proposals about them."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts import changes
from accounts.change_models import AccountChange, ChangeKind
from accounts.models import Officer
from tests import factories

REASON = "新入职，局政工室〔2026〕7号通知。"
TOKEN = {"scopes": ["decisions:read"], "until": date(2027, 11, 20)}
PAYLOADS: dict[str, dict[str, Any]] = {
    ChangeKind.ROLES: {"roles": ["office"]},
    ChangeKind.UNIT: {"unit": "WG-YH"},
    ChangeKind.PASSWORD: {},
    ChangeKind.TOKEN: TOKEN,
}


def proposed(
    actor: Officer, officer: Officer | None, kind: str = ChangeKind.ROLES, **payload: Any
) -> AccountChange:
    if kind == ChangeKind.UNIT:
        factories.unit("WG-YH")
    wanted = payload or PAYLOADS.get(kind, {})
    return changes.propose(actor=actor, kind=kind, officer=officer, payload=wanted, reason=REASON)


def new_account(actor: Officer, **changed: Any) -> AccountChange:
    factories.unit("WG-ZA")
    wanted = {"number": "489031", "name": "王五", "unit": "WG-ZA", "roles": ["recorder"]}
    return proposed(actor, None, ChangeKind.ACCOUNT, **{**wanted, **changed})
