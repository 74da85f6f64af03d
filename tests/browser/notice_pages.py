"""The pages of reminders and interviews for ``test_every_page``, each with something on it."""

from __future__ import annotations

from collections.abc import Callable

from accounts.roles import Role
from core.clock import today
from sanctions.notice_models import Notice, NoticeCause
from tests import factories
from tests.browser.world import World
from violations.models import ListEntry


def _draft(world: World) -> Notice:
    decision = world.in_force
    notice = Notice.objects.create(
        way="written",
        unit=decision.unit,
        subject=decision.subject,
        grade="B",
        person_name="吴十",
        person_role="principal",
        phone="13800001234",
        held_on=today(),
        by_whom="李四",
        acts_words="已指出。",
        recorded_by=world.officers[Role.RECORDER],
    )
    NoticeCause.objects.create(notice=notice, decision=decision)
    return notice


def _recorder(world: World) -> dict[str, int]:
    notice = _draft(world)
    return {
        "/notices/": 200,
        "/notices/due/": 200,
        f"/notices/new/?subject={notice.subject_id}": 200,
        f"/notices/{notice.pk}/": 200,
        f"/notices/{notice.pk}/edit/": 200,
        f"/reveal/interview.phone/{notice.pk}/": 200,
    }


def _office(world: World) -> dict[str, int]:
    listed = ListEntry.objects.filter(list="black", state="published").first()
    assert listed is not None
    factories.served_list_decision(listed, today())
    return {
        "/notices/taken-over/": 200,
        f"/notices/new/?entry={listed.pk}": 200,
        f"/notices/attempt/?entry={listed.pk}": 200,
    }


NOTICE_CASES: dict[str, tuple[str, Callable[[World], dict[str, int]]]] = {
    "recorder and notices": (Role.RECORDER, _recorder),
    "office and notices": (Role.OFFICE, _office),
}
