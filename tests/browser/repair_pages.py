"""The pages of credit repair for ``test_every_page``, each with something on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from accounts.roles import Role
from appeals.repair_steps import ask_material
from core.clock import today
from tests import factories
from tests.appeals.repair_cases import Case, accepted, decided, proposed, received
from tests.browser.world import World

Pages = dict[str, int]


def _case(world: World, days: int = 150) -> Case:
    day = today() - timedelta(days=days)
    decision = factories.decision(world.subjects["B"], decided_on=day)
    return Case(decision, world.officers[Role.OFFICE], world.officers[Role.APPROVER])


def _office(world: World) -> Pages:
    asked = received(_case(world), contact_name="张三", contact_phone="13800000000")
    ask_material(
        officer=asked.handler, repair_id=asked.pk, version=asked.version, wanted="缺少缴款凭证"
    )
    two = _case(world)
    other = factories.decision(two.decision.subject, decided_on=two.decision.decided_on)
    both = accepted(two, two.act, other.violations.get())
    pks = [received(_case(world)).pk, asked.pk, both.pk, decided(_case(world)).pk]
    _case(world, 75)
    subject = two.decision.subject_id
    return {
        "/repairs/": 200,
        "/repairs/?state=decided": 200,
        "/repairs/?state=withdrawn": 200,
        "/repairs/eligible/": 200,
        "/repairs/eligible/?span=past": 200,
        f"/repairs/subjects/{subject}/new/": 200,
        f"/subjects/{subject}/": 200,
        **{f"/repairs/{pk}/": 200 for pk in pks},
    }


def _approver(world: World) -> Pages:
    return {f"/repairs/{proposed(_case(world)).pk}/": 200, "/repairs/": 200}


def _reviewer(world: World) -> Pages:
    return {f"/repairs/{accepted(_case(world)).pk}/": 200, "/repairs/": 200}


REPAIR_CASES: dict[str, tuple[str, Callable[[World], Pages]]] = {
    "office and repairs": (Role.OFFICE, _office),
    "approver decides repairs": (Role.APPROVER, _approver),
    "unit states about repairs": (Role.UNIT_REVIEWER, _reviewer),
}
