"""The pages of objections for ``test_every_page``, each with something on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from accounts.roles import Role
from appeals import objection_steps
from core.clock import today
from tests import factories
from tests.appeals.objection_cases import WORDS, Case
from tests.browser.world import World

Pages = dict[str, int]


def _case(world: World) -> Case:
    day = today() - timedelta(days=60)
    decision = factories.decision(world.subjects["B"], decided_on=day)
    return Case(decision, world.officers[Role.OFFICE], world.officers[Role.APPROVER])


def _office(world: World) -> Pages:
    late = _case(world).with_unit(on=today() - timedelta(days=30))
    waiting = _case(world)
    paused = waiting.step(
        waiting.accepted(), objection_steps.pause, kind="material", why=f"补交材料：{WORDS}"
    )
    done = _case(world)
    pks = [late.pk, paused.pk, _case(world).accepted().pk, done.decide(done.proposed()).pk]
    subject = late.subject_id
    return {
        "/objections/": 200,
        "/objections/?state=decided": 200,
        "/objections/?state=closed": 200,
        "/objections/new/": 200,
        f"/objections/new/?subject={subject}": 200,
        f"/subjects/{subject}/": 200,
        f"/violations/{done.decision.pk}/": 200,
        **{f"/objections/{pk}/": 200 for pk in pks},
    }


def _approver(world: World) -> Pages:
    return {f"/objections/{_case(world).proposed().pk}/": 200, "/objections/": 200}


def _reviewer(world: World) -> Pages:
    return {f"/objections/{_case(world).with_unit().pk}/": 200, "/objections/": 200}


OBJECTION_CASES: dict[str, tuple[str, Callable[[World], Pages]]] = {
    "office and objections": (Role.OFFICE, _office),
    "approver decides objections": (Role.APPROVER, _approver),
    "unit states about objections": (Role.UNIT_REVIEWER, _reviewer),
}
