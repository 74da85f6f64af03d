"""The auditor's pages of the trail, and those on which two administrators agree."""

from __future__ import annotations

from collections.abc import Callable

from accounts.change_models import ChangeKind
from accounts.changes import agree, propose
from accounts.roles import Role
from accounts.tokens import issue_token, revoke_token
from core.audit import record
from core.audit_chain import seal
from tests import factories
from tests.browser.world import World

REASON = "新入职，局政工室〔2026〕7号通知。"


def _trail(world: World) -> dict[str, int]:
    office = world.officers[Role.OFFICE]
    subject = world.subjects["B"]
    row = record(
        actor=office,
        action="subject.update",
        target=subject,
        reason="住所已迁，见营业执照。",
        details={"address": ["舞钢市样例路 1 号", "舞钢市样例路 2 号"]},
    )
    seal()
    faults = {"rows": 9, "seals": 2, "faults": 1, "lines": ["审计记录 7：被删除。"]}
    record(actor=None, action="audit.verify", details=faults)
    return {
        "/audit/": 200,
        "/audit/?q=样例": 200,
        f"/audit/?subject={subject.pk}&kind=change": 200,
        "/audit/?q=没有这一家": 200,
        f"/audit/{row.pk}/": 200,
        "/audit/chain/": 200,
        "/audit/export/": 200,
        f"/subjects/{subject.pk}/history/": 200,
    }


def _pairs(world: World) -> dict[str, int]:
    me, another = world.officers[Role.ADMINISTRATOR], factories.officer(Role.ADMINISTRATOR)
    recorder = world.officers[Role.RECORDER]
    wanted = {"number": "889001", "name": "王五", "unit": recorder.unit.code, "roles": ["recorder"]}
    theirs = propose(actor=another, kind=ChangeKind.ACCOUNT, payload=wanted, reason=REASON)
    mine = propose(
        actor=me,
        kind=ChangeKind.ROLES,
        officer=recorder,
        payload={"roles": ["office"]},
        reason=REASON,
    )
    ready = propose(actor=me, kind=ChangeKind.PASSWORD, officer=recorder, reason=REASON)
    agree(actor=another, change=ready)
    issue_token(actor=None, officer=recorder, scopes=["decisions:read", "decisions:write"])
    old, _ = issue_token(actor=None, officer=recorder, scopes=["preview"])
    revoke_token(actor=me, token=old)
    pages = [f"/accounts/proposals/{one.pk}/" for one in (theirs, mine, ready)]
    more = ["/", "/accounts/proposals/", "/accounts/tokens/", "/accounts/tokens/new/"]
    return dict.fromkeys([*pages, *more], 200)


TRAIL_CASES: dict[str, tuple[str, Callable[[World], dict[str, int]]]] = {
    "auditor reads the trail": (Role.AUDITOR, _trail),
    "administrators in pairs": (Role.ADMINISTRATOR, _pairs),
}
