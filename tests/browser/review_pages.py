"""The pages of reviews and of the queue for ``test_every_page``, each with something on it."""

from __future__ import annotations

from collections.abc import Callable

from accounts.roles import Role
from grading.models import ReviewRequest
from tests import factories
from tests.browser.world import World
from tests.grading.reviewing import Desk, kept, red_listed_with_a_penalty, three_warnings


def _office(world: World) -> dict[str, int]:
    decided = kept(three_warnings())
    desk = Desk(three_warnings(), office=world.officers[Role.OFFICE])
    conflict = red_listed_with_a_penalty()
    leaver = factories.officer(Role.OFFICE, unit=world.officers[Role.OFFICE].unit, is_active=False)
    conflict.handler = leaver
    conflict.save()
    return {
        "/reviews/": 200,
        "/reviews/?state=decided": 200,
        f"/reviews/{decided.pk}/": 200,
        f"/reviews/{desk.review.pk}/": 200,
        f"/reviews/{conflict.pk}/": 200,
        "/queue/": 200,
        "/queue/?whose=all": 200,
        "/queue/?overdue=1": 200,
        "/queue/hand-over/": 200,
        f"/queue/hand-over/{leaver.pk}/": 200,
        "/": 200,
    }


def _approver(world: World) -> dict[str, int]:
    review = Desk(three_warnings()).propose()
    return {f"/reviews/{review.pk}/": 200, "/": 200}


def _reviewer(world: World) -> dict[str, int]:
    asked = ReviewRequest.objects.create(
        review=three_warnings(),
        kind="statement",
        unit=world.officers[Role.UNIT_REVIEWER].unit,
        question="请说明三次责令改正的整改情况。",
        asked_by=world.officers[Role.OFFICE],
    )
    return {f"/reviews/statements/{asked.pk}/": 200, "/": 200}


REVIEW_CASES: dict[str, tuple[str, Callable[[World], dict[str, int]]]] = {
    "office and reviews": (Role.OFFICE, _office),
    "approver and reviews": (Role.APPROVER, _approver),
    "reviewer and reviews": (Role.UNIT_REVIEWER, _reviewer),
}
