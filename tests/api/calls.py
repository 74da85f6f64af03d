"""How the tests call the API: a token for whoever calls, and a right body for each call."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django.test import Client as HttpClient

from accounts.models import Client, Officer
from accounts.scopes import Scope
from accounts.tokens import issue_token
from tests import factories

ALL = tuple(Scope.values)
# All but the scope that makes posted list entries published.
USUAL = tuple(scope for scope in ALL if scope != "lists:published")


@dataclass
class Caller:
    """One token; each call answers with the response, ``json()`` and ``status_code`` on it."""

    secret: str

    def get(self, path: str, **query: Any) -> Any:
        return HttpClient().get(
            f"/api/v1/{path}", query, headers={"Authorization": f"Token {self.secret}"}
        )

    def post(self, path: str, body: Any, content_type: str = "application/json") -> Any:
        raw = body if isinstance(body, bytes | str) else json.dumps(body)
        return HttpClient().post(
            f"/api/v1/{path}",
            raw,
            content_type=content_type,
            headers={"Authorization": f"Token {self.secret}"},
        )


def caller(holder: Officer | Client, *scopes: str) -> Caller:
    """Somebody with a token; without ``scopes`` every scope (a client: all that it can hold)."""
    if isinstance(holder, Client):
        _, secret = issue_token(actor=None, client=holder, scopes=scopes or ("grades:read",))
    else:
        _, secret = issue_token(actor=None, officer=holder, scopes=scopes or ALL)
    return Caller(secret)


def outsider() -> Caller:
    return caller(Client.objects.get_or_create(name="市公共信用信息平台")[0])


_DECISION: dict[str, Any] = {
    "unit": "WG-ZA",
    "number": "舞公（治）行罚决字〔2026〕0101号",
    "kind": "penalty",
    "procedure": "ordinary",
    "subject": {"credit_code": factories.credit_code(1), "name": "舞钢市样例保安服务有限公司"},
    "decided_on": "2026-03-05",
    "served_on": None,
    "submit": True,
    "violations": [
        {
            "field": "public_order",
            "type": "保安从业单位违规提供服务",
            "facts": "经查，该公司未按规定备案。",
            "law": "保安服务管理条例",
            "article": "第四十二条",
            "committed_on": "2026-02-20",
            "dispositions": [
                {"kind": "warning"},
                {"kind": "fine", "amount": "20000.00"},
                {"kind": "suspend_licence", "licence": "保安服务许可证 豫公保服 2020001 号"},
            ],
        }
    ],
}


def decision_body(**changes: Any) -> dict[str, Any]:
    """The body of interfaces.md."""
    return {**deepcopy(_DECISION), **changes}


def errors(response: Any) -> list[tuple[str, str]]:
    """(field, code) of each error; each must have a message."""
    items = response.json()["errors"]
    assert items
    assert all(set(item) == {"field", "code", "message"} and item["message"] for item in items)
    return [(item["field"], item["code"]) for item in items]
