"""The pages of measures and the desk for ``test_every_page``, each with something on it."""

from __future__ import annotations

from collections.abc import Callable

from accounts.roles import Role
from sanctions.models import Measure
from tests.browser.world import World
from tests.sanctions.measure_cases import improved


def _office(world: World) -> dict[str, int]:
    clause = Measure.objects.get(clause="4-C-3").pk
    better = improved(unit_in_charge=world.officers[Role.RECORDER].unit)
    restricted = world.subjects["C"].pk
    return {
        "/measures/": 200,
        f"/measures/{clause}/": 200,
        f"/measures/{clause}/change/": 200,
        "/measures/better/": 200,
        f"/measures/better/{better.pk}/": 200,
        f"/subjects/{restricted}/measures/": 200,
        f"/subjects/{restricted}/measures/new/": 200,
        "/ask/": 200,
    }


MEASURE_CASES: dict[str, tuple[str, Callable[[World], dict[str, int]]]] = {
    "office and measures": (Role.OFFICE, _office),
}
