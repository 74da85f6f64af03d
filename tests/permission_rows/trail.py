"""The auditor's pages, and what administrators agree to in pairs."""

from __future__ import annotations

from itertools import count
from typing import Any

from accounts.change_models import AccountChange, ChangeKind
from accounts.changes import agree, propose
from accounts.models import ApiToken
from accounts.roles import Can, Role
from accounts.tokens import issue_token
from core.audit import record
from tests import factories
from tests.permission_table import Row, World, who_may

AUDITS = who_may(Can.READ_AUDIT)
ADMINISTERS = who_may(Can.ADMINISTER)
_numbers = count(880001)


def _an_entry(world: World) -> dict[str, Any]:
    return {"pk": record(actor=None, action="subject.view", target=world.subject).pk}


def _proposed(world: World, *, own: bool = False) -> AccountChange:
    me = world.officers[Role.ADMINISTRATOR]
    return propose(
        actor=me if own else factories.officer(Role.ADMINISTRATOR),
        kind=ChangeKind.ACCOUNT,
        payload={"number": str(next(_numbers)), "name": "王五", "unit": world.home.code},
        reason="新入职，局政工室 2026 年 7 号通知。",
    )


def _of_another(world: World) -> dict[str, Any]:
    return {"pk": _proposed(world).pk}


def _own(world: World) -> dict[str, Any]:
    return {"pk": _proposed(world, own=True).pk}


def _agreed(world: World) -> dict[str, Any]:
    change = _proposed(world, own=True)
    return {"pk": agree(actor=factories.officer(Role.ADMINISTRATOR), change=change).pk}


def _a_token(world: World) -> dict[str, Any]:
    recorder = world.officers[Role.RECORDER]
    token: ApiToken = issue_token(actor=None, officer=recorder, scopes=["preview"])[0]
    return {"pk": token.pk}


ROWS: dict[str, Row] = {
    "desk:audit-trail": Row(get=AUDITS),
    "desk:audit-entry": Row(get=AUDITS, kwargs=_an_entry),
    "desk:audit-chain": Row(get=AUDITS),
    "desk:audit-export": Row(get=AUDITS, post=AUDITS, data={"purpose": "季度内部审计"}),
    "accounts:proposals": Row(get=ADMINISTERS),
    "accounts:proposal": Row(get=ADMINISTERS, kwargs=_of_another),
    "accounts:proposal-agree": Row(get=None, post=ADMINISTERS, kwargs=_of_another),
    "accounts:proposal-refuse": Row(
        get=None, post=ADMINISTERS, kwargs=_of_another, data={"remark": "没有通知原件"}
    ),
    "accounts:proposal-withdraw": Row(get=None, post=ADMINISTERS, kwargs=_own),
    "accounts:proposal-secret": Row(get=None, post=ADMINISTERS, kwargs=_agreed),
    "accounts:tokens": Row(get=ADMINISTERS),
    "accounts:token-new": Row(get=ADMINISTERS, post=ADMINISTERS),
    "accounts:token-revoke": Row(get=None, post=ADMINISTERS, kwargs=_a_token),
}
