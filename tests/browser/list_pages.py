"""The pages of lists and working days for ``test_every_page``, each with something on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from accounts.roles import Role
from core.clock import today
from tests import factories
from tests.browser.world import World
from tests.violations.list_cases import condition
from violations.enums import ListKind, ListState
from violations.models import ListEntry, ListObjection


def _proposed(world: World, list: str, **fields: Any) -> ListEntry:
    office = world.officers[Role.OFFICE]
    return factories.list_entry(
        world.subjects["O"], list, state=ListState.PROPOSED, proposed_by=office, **fields
    )


def _office(world: World) -> dict[str, int]:
    waiting = _proposed(world, ListKind.BLACK, notified_on=None)
    running = _proposed(world, ListKind.RED, notified_on=today(), notice_days=7)
    ListObjection.objects.create(entry=running, received_on=today(), content="有未结处罚")
    listed = ListEntry.objects.filter(list=ListKind.RED, state=ListState.PUBLISHED).first()
    assert listed is not None
    return {
        "/lists/": 200,
        "/lists/?state=revoked": 200,
        "/lists/new/?list=black": 200,
        f"/lists/new/?list=red&renews={listed.pk}": 200,
        f"/lists/{waiting.pk}/": 200,
        f"/lists/{waiting.pk}/edit/": 200,
        f"/lists/{running.pk}/": 200,
        f"/lists/{listed.pk}/": 200,
        "/lists/conditions/": 200,
        f"/lists/conditions/{condition().pk}/": 200,
        "/lists/conditions/new/": 200,
        "/holidays/": 200,
        f"/holidays/{today().year}/": 200,
        f"/holidays/{today().year + 1}/": 200,
        "/": 200,
    }


def _approver(world: World) -> dict[str, int]:
    ready = _proposed(
        world, ListKind.BLACK, notified_on=today() - timedelta(days=30), notice_days=5
    )
    ready.hearing = "none"
    ready.save()
    return {f"/lists/{ready.pk}/": 200, "/": 200, "/lists/?state=proposed": 200}


LIST_CASES: dict[str, tuple[str, Callable[[World], dict[str, int]]]] = {
    "office and lists": (Role.OFFICE, _office),
    "approver and lists": (Role.APPROVER, _approver),
    "recorder and lists": (Role.RECORDER, lambda world: {"/lists/": 200, "/holidays/": 200}),
}
