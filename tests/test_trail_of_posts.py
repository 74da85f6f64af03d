"""Every POST that changes something leaves a row in the trail, and so does every refused one.

Walked over the table of permissions, so that a new address is among them; what a POST changes is
read from the statements that it sends to the database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from core.models import AuditEntry
from tests.permission_table import ANONYMOUS, NO_ROLE, ROLES, Row, build_world
from tests.test_permissions import OWN, SIGN_IN, TABLE, Address, Stage

pytestmark = pytest.mark.once

PRINCIPALS = (*ROLES, NO_ROLE)
POSTS = [address for address in OWN if TABLE.get(address.name) and TABLE[address.name].post]
OWN_TABLE = re.compile(
    r'(?:INSERT INTO|UPDATE|DELETE FROM) "'
    r'((?:accounts|core|subjects|violations|grading|sanctions|appeals)_\w+)"'
)
NO_CHANGE = {"core_auditentry", "grading_feedcounter"}


class Watch:
    """The own tables in which rows were changed, without what was rolled back (a dry run)."""

    def __init__(self) -> None:
        self.changed: set[str] = set()
        self._before: dict[str, set[str]] = {}

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        words = sql.split()
        if words[0] == "SAVEPOINT":
            self._before[words[1]] = set(self.changed)
        if words[:2] == ["ROLLBACK", "TO"]:
            self.changed = self._before[words[-1]]
        found = OWN_TABLE.search(sql)
        if found and context["cursor"].rowcount:
            self.changed.add(found.group(1))
        return result


@dataclass(frozen=True)
class Answer:
    status: int
    rows: list[AuditEntry]
    changed: set[str]


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Stage]:
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        world = build_world()
        sessions = {}
        for who, officer in world.officers.items():
            client = Client()
            client.force_login(officer)
            sessions[who] = client.cookies[settings.SESSION_COOKIE_NAME].value
        yield Stage(world, sessions)
        transaction.set_rollback(True)


def ask(stage: Stage, who: str, path: str, row: Row) -> Answer:
    """The status, the rows of the trail that came, and the tables that changed; nothing remains."""
    watch = Watch()
    client = Client()
    client.handler = stage.handler
    client.cookies[settings.SESSION_COOKIE_NAME] = stage.sessions[who]
    with transaction.atomic():
        before = AuditEntry.objects.order_by("pk").values_list("pk", flat=True).last() or 0
        with connection.execute_wrapper(watch):
            answer = client.post(path, row.data)
        rows = list(AuditEntry.objects.filter(pk__gt=before))
        transaction.set_rollback(True)
    return Answer(answer.status_code, rows, watch.changed - NO_CHANGE)


def test_there_are_posts_to_walk() -> None:
    assert len(POSTS) > 15


@pytest.mark.parametrize("address", POSTS, ids=lambda address: f"{address.name} /{address.route}")
def test_address(address: Address, stage: Stage) -> None:
    row = TABLE[address.name]
    path = address.path(row.kwargs(stage.world))
    wrong = []
    for who in PRINCIPALS:
        answer = ask(stage, who, path, row)
        refused = [one.actor for one in answer.rows if one.action.endswith(".refused")]
        if answer.status in (403, 404):
            if refused != [stage.world.officers[who].number]:
                actions = [one.action for one in answer.rows]
                wrong.append(f"{who} was refused ({answer.status}), and the trail has {actions}")
        elif answer.changed and not answer.rows:
            wrong.append(f"{who} changed {sorted(answer.changed)}, and the trail has nothing")
    assert not wrong, "\n".join([path, *wrong])


@pytest.mark.parametrize(
    "address",
    [address for address in POSTS if TABLE[address.name].foreign is not None],
    ids=lambda address: f"{address.name} /{address.route}",
)
def test_another_unit_s_object_leaves_a_row_as_well(address: Address, stage: Stage) -> None:
    row = TABLE[address.name]
    assert row.foreign is not None
    path = address.path(row.foreign(stage.world))
    for who in sorted(row.scoped & (row.post or frozenset())):
        answer = ask(stage, who, path, row)
        assert answer.status == 404
        said = [(one.action, one.details["status"]) for one in answer.rows]
        assert said == [("access.refused", 404)]


def test_enough_of_them_change_something(stage: Stage) -> None:
    """A walk in which every POST is turned away for what it says would show nothing."""
    changing: set[str] = set()
    for address in POSTS:
        if len(changing) == 10:
            break
        row = TABLE[address.name]
        for who in sorted((row.post or frozenset()) & set(PRINCIPALS)):
            if ask(stage, who, address.path(row.kwargs(stage.world)), row).changed:
                changing.add(address.name)
    assert len(changing) == 10, sorted(changing)


def test_nobody_signed_in_is_sent_to_sign_in_and_leaves_none(stage: Stage) -> None:
    count = AuditEntry.objects.count()
    for address in POSTS:
        row = TABLE[address.name]
        if ANONYMOUS in (row.post or ()):
            continue
        with transaction.atomic():
            answer = Client().post(address.path(row.kwargs(stage.world)), row.data)
            transaction.set_rollback(True)
        assert answer["Location"].startswith(SIGN_IN)
    assert AuditEntry.objects.filter(action="access.refused").count() == 0
    assert AuditEntry.objects.count() >= count
