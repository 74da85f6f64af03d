"""Who opens the pages of objections."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from accounts.roles import Can
from appeals.case_files import OBJECTIONS
from appeals.objection_enums import ObjectionState
from appeals.objection_filing import ClaimInput, ObjectionInput, file_objection
from appeals.objection_models import Objection
from appeals.objection_parts import ObjectionFile, ObjectionStatement
from core.clock import today
from tests import factories
from tests.permission_table import Row, World, who_may
from tests.violations import papers
from violations.case_files import add_file
from violations.models import Decision

HANDLES = who_may(Can.HANDLE_APPEAL)
DECIDES = who_may(Can.DECIDE_APPEAL)
STATES = who_may(Can.STATE_FOR_UNIT)
READS = who_may(Can.HANDLE_APPEAL, Can.DECIDE_APPEAL, Can.READ_AUDIT, Can.STATE_FOR_UNIT)


def _filed(decision: Decision) -> Objection:
    """Filed by the organisation itself, so that nobody handles it yet."""
    act = decision.violations.first()
    assert act is not None
    claim = ClaimInput("该记录与事实不符，请核对。", violation_id=act.pk)
    data = ObjectionInput(
        subject_id=decision.subject_id,
        origin="online",
        received_on=today(),
        claims=(claim,),
        contact_name="冯甲",
        contact_phone="13800000000",
    )
    return file_objection(officer=None, data=data)


def _of_the_unit(world: World, **more: Any) -> dict[str, Any]:
    """About a record of the unit of the officers that walk, which is asked."""
    decision = factories.decision(unit=world.home, decided_on=today() - timedelta(days=30))
    objection = _filed(decision)
    asker = factories.officer("office")
    ObjectionStatement.objects.create(
        objection=objection, unit=world.home, asked_on=today(), asked_by=asker
    )
    objection.state = ObjectionState.WITH_UNIT
    objection.save()
    return {"pk": objection.pk, **more}


def _of_another(world: World, **more: Any) -> dict[str, Any]:
    other = factories.decision(unit=world.other, decided_on=today() - timedelta(days=30))
    return {"pk": _filed(other).pk, **more}


def _handled(world: World) -> dict[str, Any]:
    """By the office's officer who walks: to others of the same role it is a colleague's."""
    kwargs = _of_another(world)
    objection: Objection = Objection.objects.get(pk=kwargs["pk"])
    objection.handler = world.officers["office"]
    objection.save()
    return kwargs


def _file(world: World) -> dict[str, Any]:
    return {"pk": _kept(_of_the_unit(world)["pk"]).pk}


def _file_of_another(world: World) -> dict[str, Any]:
    return {"pk": _kept(_of_another(world)["pk"]).pk}


def _kept(pk: int) -> ObjectionFile:
    upload = papers.upload(papers.pdf())
    file = add_file(
        OBJECTIONS, officer=factories.officer("office"), case_id=pk, upload=upload, side="party"
    )
    assert isinstance(file, ObjectionFile)
    return file


ROWS: dict[str, Row] = {
    "desk:objections": Row(get=READS),
    "desk:objection-new": Row(get=HANDLES, post=HANDLES),
    "desk:objection": Row(get=READS, kwargs=_of_the_unit, foreign=_of_another),
    "desk:objection-act": Row(
        get=None, post=HANDLES, kwargs=lambda world: _of_another(world, step="transfer")
    ),
    "desk:objection-state": Row(get=None, post=STATES, kwargs=_of_the_unit, foreign=_of_another),
    "desk:objection-propose": Row(get=None, post=HANDLES, kwargs=_handled),
    # of another unit: nobody of the unit that recorded it decides
    "desk:objection-decide": Row(get=DECIDES, post=DECIDES, kwargs=_of_another),
    "desk:objection-file-add": Row(
        get=None, post=HANDLES | STATES, kwargs=_of_the_unit, foreign=_of_another
    ),
    "desk:objection-file": Row(get=READS, kwargs=_file, foreign=_file_of_another),
    "desk:objection-paper": Row(
        get=HANDLES | DECIDES, kwargs=lambda world: _of_another(world, kind="receipt")
    ),
    "desk:objection-issue": Row(
        get=None, post=HANDLES, kwargs=lambda world: _of_another(world, kind="receipt")
    ),
}
