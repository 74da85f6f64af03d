"""Every address of the API, tried with a token of every role, every scope, and each method."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.test import Client as HttpClient
from django.test.client import ClientHandler

from accounts.models import Client
from accounts.roles import ROLE_TABLE, Role
from accounts.scopes import DISCLOSABLE, Scope
from accounts.tokens import issue_token
from tests.api.api_table import ELSEWHERE, TABLE, Call
from tests.permission_table import NO_ROLE, ROLES, World, build_world
from tests.test_permissions import ALL, Address

pytestmark = pytest.mark.once

API = [address for address in ALL if address.route.startswith("api/")]
CALLS = [address for address in API if address.name in TABLE]
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
OUTSIDE = "outside"


@dataclass(frozen=True)
class Stage:
    """The world, and a token for each holder and scope (one that has all of them is "all")."""

    world: World
    tokens: dict[tuple[str, str], str]
    handler: ClientHandler = field(default_factory=lambda: ClientHandler(False))

    def one_of_each(self) -> list[tuple[str, str]]:
        """One token a holder: enough where no scope matters."""
        return list({who: (who, scope) for who, scope in self.tokens}.values())

    def ask(self, who: str, scope: str, method: str, path: str, call: Call | None) -> int:
        """The status; nothing remains of the call."""
        secret = self.tokens.get((who, scope), "")
        with transaction.atomic():
            client = HttpClient()
            client.handler = self.handler
            answer = client.generic(
                method,
                path,
                json.dumps(call.body) if call and method == "POST" else "",
                content_type="application/json",
                headers={"Authorization": f"Token {secret}"} if secret else {},
            )
            transaction.set_rollback(True)
        assert answer.status_code < 500, (who, scope, method, path, answer.content)
        if answer.status_code >= 400:
            assert answer.json()["errors"], "one error form"
        return int(answer.status_code)


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Stage]:
    frozen = time_machine.travel("2026-11-20T10:00:00+08:00", tick=True)
    with django_db_blocker.unblock(), frozen, transaction.atomic():  # type: ignore[attr-defined]
        world = build_world()
        client = Client.objects.create(name="市公共信用信息平台")
        tokens: dict[tuple[str, str], str] = {}
        for who, officer in world.officers.items():
            for scope in Scope.values:
                _, tokens[who, scope] = issue_token(actor=None, officer=officer, scopes=[scope])
        for scope in DISCLOSABLE:
            _, tokens[OUTSIDE, scope] = issue_token(actor=None, client=client, scopes=[scope])
        yield Stage(world, tokens)
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _no_calls_counted() -> None:
    cache.clear()


def test_every_address_below_the_api_is_listed() -> None:
    names = {address.name for address in API}
    assert names == TABLE.keys() | ELSEWHERE, "who may call it? see tests/api/api_table.py"


def may(call: Call, who: str, scope: str) -> bool:
    if scope not in call.scopes:
        return False
    if who == OUTSIDE:
        return call.outside
    return who != NO_ROLE and bool(ROLE_TABLE[Role(who)].intersection(call.rights))


@pytest.mark.parametrize("address", CALLS, ids=lambda address: address.name)
def test_address(address: Address, stage: Stage) -> None:
    rows = TABLE[address.name]
    path = address.path(next(iter(rows.values())).kwargs(stage.world))
    wrong = []
    for method in METHODS:
        call = rows.get(method)
        if stage.ask("nobody", "", method, path, call) != 401:
            wrong.append(f"{method} by nobody is not 401")
        for who, scope in stage.tokens if call else stage.one_of_each():
            status = stage.ask(who, scope, method, path, call)
            if call is None:
                fits = status == 405
            elif may(call, who, scope):
                # Refused for what it says or about whom, but let in; or what is sealed outside.
                fits = status < 300 or status in (400, 404, 409)
                fits = fits or (status == 403 and address.name in HAND_IN_IT)
            else:
                fits = status == 403
            if not fits:
                wrong.append(f"{method} by {who} with {scope}: {status}")
    assert not wrong, "\n".join([path, *wrong])


# Roles that pass may still be refused for what they did themselves.
HAND_IN_IT = {"api:contest", "api:revoke", "api:repair"}


@pytest.mark.parametrize("who", [Role.RECORDER.value, Role.UNIT_REVIEWER.value])
def test_another_unit_s_decision_does_not_exist(who: str, stage: Stage) -> None:
    tried = 0
    for address in CALLS:
        for method, call in TABLE[address.name].items():
            if call.foreign is not None:
                path = address.path(call.foreign(stage.world))
                assert stage.ask(who, call.scopes[0], method, path, call) == 404
                tried += 1
    assert tried


def test_every_role_is_tried() -> None:
    assert {*ROLES, NO_ROLE} == {*Role.values, NO_ROLE}


@pytest.mark.parametrize("path", ["/api/", "/api/v1/", "/api/v1/nothing/", "/api/v2/decisions/"])
def test_no_such_call(path: str, stage: Stage) -> None:
    for method in METHODS:
        assert stage.ask("nobody", "", method, path, None) == 404
