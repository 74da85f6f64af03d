"""Who opens reviews, and whose word is asked."""

from __future__ import annotations

from typing import Any

from accounts.models import Unit
from accounts.roles import Can, Role
from grading.models import Flag, RequestKind, Review, ReviewRequest
from tests import factories
from tests.permission_table import Row, World, who_may

READS = who_may(Can.PROPOSE_REVIEW, Can.DECIDE_REVIEW, Can.READ_AUDIT)
PROPOSES = who_may(Can.PROPOSE_REVIEW)
DECIDES = who_may(Can.DECIDE_REVIEW)
STATES = who_may(Can.STATE_FOR_UNIT)


def _review(world: World) -> Review:
    return Review.objects.create(subject=factories.subject(), flag=Flag.OVER_LIMIT)


def _pk(world: World, **more: Any) -> dict[str, Any]:
    return {"pk": _review(world).pk, **more}


def _asked(world: World, unit: Unit) -> dict[str, Any]:
    asked = ReviewRequest.objects.create(
        review=_review(world),
        kind=RequestKind.STATEMENT,
        unit=unit,
        question="请说明整改情况。",
        asked_by=world.officers[Role.OFFICE],
    )
    return {"pk": asked.pk}


ROWS: dict[str, Row] = {
    "desk:reviews": Row(get=READS),
    "desk:review": Row(get=READS, kwargs=_pk),
    "desk:review-act": Row(
        get=None, post=PROPOSES, kwargs=lambda world: _pk(world, step="transfer")
    ),
    "desk:review-verdict": Row(
        get=None, post=DECIDES, kwargs=lambda world: _pk(world, step="decide")
    ),
    "desk:review-letter": Row(get=None, post=PROPOSES, kwargs=_pk),
    "desk:review-statement": Row(
        get=STATES,
        post=STATES,
        kwargs=lambda world: _asked(world, world.home),
        foreign=lambda world: _asked(world, world.other),
    ),
}
