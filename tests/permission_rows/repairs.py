"""Rows of the pages of credit repair."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from accounts.models import Officer
from accounts.roles import Can
from appeals.case_files import REPAIRS
from appeals.repair_models import Repair
from core.clock import today
from tests import factories
from tests.appeals.repair_cases import Case, accepted, proposed, received
from tests.permission_table import Row, World, who_may
from tests.violations import papers
from violations.case_files import add_file

READS = who_may(Can.SEE_ALL_DECISIONS, Can.STATE_FOR_UNIT)
HANDLES, DECIDES = who_may(Can.HANDLE_APPEAL), who_may(Can.DECIDE_APPEAL)


def _case(world: World, unit: Any, handler: Officer | None = None) -> Case:
    decision = factories.decision(
        world.subject, unit=unit, decided_on=today() - timedelta(days=150)
    )
    return Case(decision, **({"office": handler} if handler else {}))


def _pk(repair: Repair) -> dict[str, Any]:
    return {"pk": repair.pk}


def _received(world: World) -> dict[str, Any]:
    return _pk(received(_case(world, world.home, world.officers["office"])))


def _accepted(world: World) -> dict[str, Any]:
    return _pk(accepted(_case(world, world.home)))


def _foreign(world: World) -> dict[str, Any]:
    return _pk(accepted(_case(world, world.other)))


def _proposed(world: World) -> dict[str, Any]:
    """About another unit's record: nobody of ``home`` would be kept off it by their unit."""
    return _pk(proposed(_case(world, factories.unit())))


def _kept(kwargs: dict[str, Any]) -> dict[str, Any]:
    """The id of a file in that case."""
    repair = Repair.objects.get(pk=kwargs["pk"])
    upload = papers.upload(papers.pdf())
    handler = repair.handler
    return {
        "pk": add_file(REPAIRS, officer=handler, case_id=repair.pk, upload=upload, side="party").pk
    }


ROWS: dict[str, Row] = {
    "desk:repairs": Row(get=READS),
    "desk:repair": Row(get=READS, kwargs=_received, foreign=_foreign),
    "desk:repair-new": Row(
        get=HANDLES, post=HANDLES, kwargs=lambda world: {"pk": world.subject.pk}
    ),
    "desk:repair-eligible": Row(get=HANDLES),
    "desk:repair-invite": Row(get=None, post=HANDLES),
    "desk:repair-act": Row(get=None, post=HANDLES, kwargs=_received),
    "desk:repair-receipt": Row(get=None, post=HANDLES, kwargs=_received),
    "desk:repair-statement": Row(
        get=None, post=who_may(Can.STATE_FOR_UNIT), kwargs=_accepted, foreign=_foreign
    ),
    "desk:repair-verdict": Row(get=None, post=DECIDES, kwargs=_proposed),
    "desk:repair-file-add": Row(
        get=None,
        post=HANDLES | who_may(Can.STATE_FOR_UNIT),
        kwargs=_accepted,
        foreign=_foreign,
    ),
    "desk:repair-file": Row(
        get=READS,
        kwargs=lambda world: _kept(_received(world)),
        foreign=lambda world: _kept(_foreign(world)),
    ),
}
