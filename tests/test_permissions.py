"""Every address of the resolver, tried by every role, by nobody, and with each method."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.client import ClientHandler
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.roles import Role
from tests import permission_table
from tests.permission_rows import rows_of_topics
from tests.permission_table import (
    ANONYMOUS,
    ANYBODY,
    NO_ROLE,
    ROLES,
    Row,
    World,
    build_world,
)

TABLE = permission_table.TABLE | rows_of_topics()
PRINCIPALS = (*ROLES, NO_ROLE, ANONYMOUS)
SIGN_IN = "/accounts/sign-in/"
pytestmark = pytest.mark.once

UNUSED = ("PUT", "PATCH", "DELETE")
# What a view may answer to a POST that it admits but whose content it refuses.
REFUSED_CONTENT = frozenset({400, 409, 422})


@dataclass(frozen=True)
class Address:
    """One pattern of the resolver: its full name (or its route, where it has none) and route."""

    name: str
    route: str

    def path(self, values: dict[str, Any]) -> str:
        """The address filled with those of ``values`` that its route names."""
        named = re.findall(r"<(?:\w+:)?(\w+)>", self.route)
        return reverse(self.name, kwargs={key: values[key] for key in named})


def addresses(
    patterns: list[URLPattern | URLResolver], namespace: str = "", prefix: str = ""
) -> Iterator[Address]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, inner, route)
        else:
            yield Address(namespace + pattern.name if pattern.name else route, route)


# A name may stand for several routes; each is tried.
ALL = sorted(addresses(get_resolver().url_patterns), key=lambda address: address.route)
# The API asks for tokens: ``tests/api/test_api_permissions.py`` walks what is below api/.
OWN = [address for address in ALL if not address.route.startswith(("admin/", "api/"))]
ADMIN = [address for address in ALL if address.route.startswith("admin/")]


@dataclass(frozen=True)
class Stage:
    """The world of the test and one session for each principal; one handler serves them all."""

    world: World
    sessions: dict[str, str]
    handler: ClientHandler = field(default_factory=lambda: ClientHandler(False))

    def ask(self, who: str, method: str, path: str, data: dict[str, str] | None = None) -> int:
        """The status that ``who`` gets; a redirect to the sign-in page is 0. Nothing remains."""
        client = Client()
        client.handler = self.handler
        if who != ANONYMOUS:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        with transaction.atomic():
            answer = (
                client.generic(method, path)
                if method not in ("GET", "POST")
                else (getattr(client, method.lower())(path, data or {}))
            )
            if isinstance(answer, StreamingHttpResponse):
                b"".join(answer)  # read to its end, the file behind it is closed
            transaction.set_rollback(True)
        to_sign_in = answer.status_code == 302 and answer["Location"].startswith(SIGN_IN)
        return 0 if to_sign_in else int(answer.status_code)


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Stage]:
    """Rows made once for all addresses; each request is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        world = build_world()
        sessions = {}
        for who, officer in world.officers.items():
            client = Client()
            client.force_login(officer)
            sessions[who] = client.cookies[settings.SESSION_COOKIE_NAME].value
        yield Stage(world, sessions)
        transaction.set_rollback(True)


def verdict(row: Row, who: str, method: str, status: int) -> str:
    """What is wrong with ``status``; empty where it is as the row says."""
    admitted = {"GET": row.get, "POST": row.post}.get(method)
    said = f"{method} by {who}: {'sign-in page' if status == 0 else status}"
    if status >= 500:
        return f"{said}, a server error"
    public = ANONYMOUS in (row.get or ()) or ANONYMOUS in (row.post or ())
    if who == ANONYMOUS and not public:
        return "" if status == 0 else f"{said}, expected the sign-in page"
    if who in row.hidden:
        return "" if status == 404 else f"{said}, expected 404"
    if admitted is None:
        entitled = who in (row.get or ()) or who in (row.post or ())
        if method in ("GET", "POST"):
            fits = status == 405 or (status == 403 and not entitled)
        else:
            fits = entitled or status in (403, 404, 405)
        return "" if fits else f"{said}, expected 405 or 403"
    if who not in admitted:
        return "" if status == 403 else f"{said}, expected 403"
    fine = status < 400 or (method == "POST" and status in REFUSED_CONTENT)
    fine = fine and (status != 0 or public)
    return "" if fine else f"{said}, expected an answer"


def principals_for(method: str, path: str, stage: Stage) -> tuple[str, ...]:
    """All of them; for a method that no view takes, only as far as somebody might see a difference.

    A 405 to somebody without any role comes before the view asks who they are: it is the same for
    whoever is signed in.
    """
    if method in UNUSED and stage.ask(NO_ROLE, method, path) == 405:
        return (NO_ROLE, ANONYMOUS)
    return PRINCIPALS


@pytest.mark.parametrize("address", OWN, ids=lambda address: f"{address.name} /{address.route}")
def test_address(address: Address, stage: Stage) -> None:
    name = address.name
    assert name in TABLE, f"{name} has no row in tests/permission_rows: who may open it?"
    row = TABLE[name]
    path = address.path(row.kwargs(stage.world))
    wrong = []
    for method in ("GET", "POST", *UNUSED):
        data = row.query if method == "GET" else row.data
        wrong += [
            verdict(row, who, method, stage.ask(who, method, path, data))
            for who in principals_for(method, path, stage)
        ]
    wrong += foreign_faults(address, row, stage)
    faults = [fault for fault in wrong if fault]
    assert not faults, "\n".join([path, *faults])


def foreign_faults(address: Address, row: Row, stage: Stage) -> list[str]:
    """Another unit's object does not exist for those whose sight ends at their unit."""
    if row.foreign is None:
        return []
    path = address.path(row.foreign(stage.world))
    tried = [
        (who, method, stage.ask(who, method, path, row.data if method == "POST" else row.query))
        for method, admitted in (("GET", row.get), ("POST", row.post))
        for who in sorted(row.scoped.intersection(admitted or ()))
    ]
    assert tried, f"{address.name}: foreign shows nothing, nobody of scoped is admitted"
    return [f"{m} by {who} of another unit: {s}, expected 404" for who, m, s in tried if s != 404]


def test_no_row_is_left_over() -> None:
    assert TABLE.keys() - {address.name for address in OWN} == set()


def test_a_unit_s_own_roles_are_not_admitted_by_mistake() -> None:
    for name, row in TABLE.items():
        assert row.get is not None or row.post is not None, f"{name} admits no method"
        for admitted in (row.get, row.post):
            assert admitted is None or admitted <= ANYBODY, f"{name} names an unknown role"


def admin_path(address: Address, world: World) -> str:
    """The route with an object of its model, or with something that fits."""
    match = re.match(r"admin/(\w+)/(\w+)/", address.route)
    pk = "1"
    if match and match.group(1) in apps.app_configs:
        if match.group(2) == "officer":
            pk = str(world.officers[Role.RECORDER].pk)
        else:
            found = apps.get_model(match.group(1), match.group(2))._default_manager.first()
            pk = str(found.pk) if found else "1"
    path = address.route.replace("<path:object_id>", pk).replace("<path:content_type_id>", "1")
    path = re.sub(r"\^?\(\?P<app_label>.*?\)/\$", "accounts/", path)
    path = re.sub(r"\(\?P<url>.*\)\$", "nothing-here/", path)
    assert "<" not in path, path
    return "/" + path


def test_there_is_an_admin_site() -> None:
    assert len(ADMIN) > 15, "the rule of the admin site must not pass for want of addresses"


@pytest.mark.parametrize(
    "address",
    [address for address in ADMIN if address.name != "admin:login"],
    ids=lambda address: address.route,
)
def test_only_administrators_enter_the_admin_site(address: Address, stage: Stage) -> None:
    path = admin_path(address, stage.world)
    for method in ("GET", "POST"):
        for who in PRINCIPALS:
            status = stage.ask(who, method, path)
            if who == ANONYMOUS:
                assert status == 0, f"{method} {path} by nobody: {status}"
            elif who != Role.ADMINISTRATOR:
                assert status == 403, f"{method} {path} by {who}: {status}"
            else:
                assert status < 500, f"{method} {path} by {who}: {status}"
                if address.name.endswith("_delete"):
                    assert status == 403, f"{method} {path}: nothing is deleted"
