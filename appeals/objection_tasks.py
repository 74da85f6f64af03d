"""What is still to be done about objections, for the one queue; better grades come first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from accounts.models import Officer
from accounts.roles import Can
from appeals.objection_deadlines import Clock, clock, limits, unanswered
from appeals.objection_effects import if_upheld
from appeals.objection_enums import OPEN_STATES, ObjectionState
from appeals.objection_models import Objection
from appeals.objection_workflow import another_decides
from core.open_tasks import MOST, OpenTask

_LABELS = {
    ObjectionState.RECEIVED: ("objection.accept", "异议待受理"),
    ObjectionState.ACCEPTED: ("objection.examine", "异议待提出认定意见"),
    ObjectionState.WITH_UNIT: ("objection.state", "异议待核实"),
    ObjectionState.PROPOSED: ("objection.decide", "异议待认定"),
    ObjectionState.DECIDED: ("objection.answer", "异议待答复"),
}


def open_objections(officer: Officer, day: date) -> Iterator[OpenTask]:
    """Every objection that somebody has to act on, with who waits for whom and since when.

    A case whose handler left stays the office's: it has no person then, and no orphan.
    """
    rows = Objection.objects.visible_to(officer).filter(
        state__in=(*OPEN_STATES, ObjectionState.DECIDED)
    )
    rows = rows.select_related("subject", "handler").prefetch_related(
        "claims", "pauses", "statements__unit"
    )
    limit, found = limits(), list(rows.order_by("received_on", "pk")[: MOST + 1])
    effects = if_upheld([one for one in found if one.is_open])
    better = {pk for pk, effect in effects.items() if effect.improves}
    for one in sorted(found, key=lambda row: row.pk not in better):
        stands = clock(one, day=day, limit=limit)
        yield from _tasks(officer, one, stands, one.pk in better)


def _tasks(
    officer: Officer, objection: Objection, stands: Clock, improves: bool
) -> Iterator[OpenTask]:
    kind, label = _LABELS[ObjectionState(objection.state)]
    title = f"{objection.number} {objection.subject.name}" + (
        "，成立则等级变好" if improves else ""
    )
    url = reverse("desk:objection", args=[objection.pk])
    if objection.state == ObjectionState.WITH_UNIT:
        for one in unanswered(objection.statements.all()):
            yield OpenTask(
                kind=kind,
                label=label,
                title=title,
                url=url,
                since=one.asked_on,
                deadline=stands.unit_deadline,
                subject_id=objection.subject.survivor_id,
                subject_name=objection.subject.name,
                unit_id=one.unit_id,
                late_because=stands.late_because,
            )
        return
    if objection.state == ObjectionState.PROPOSED and (
        not officer.may(Can.DECIDE_APPEAL) or another_decides(officer, objection)
    ):
        who = "复核人认定"
        yield _task(objection, kind, label, title, url, stands, waits_for=who)
        return
    yield _task(
        objection, kind, label, title, url, stands, waits_for=stands.waits_for * stands.on_hold
    )


def _task(
    objection: Objection,
    kind: str,
    label: str,
    title: str,
    url: str,
    stands: Clock,
    *,
    waits_for: str,
) -> OpenTask:
    to_decide = objection.state == ObjectionState.PROPOSED and not waits_for
    return OpenTask(
        kind=kind,
        label=label,
        title=title,
        url=url,
        since=stands.waiting_since,
        deadline=stands.deadline,
        subject_id=objection.subject.survivor_id,
        subject_name=objection.subject.name,
        officer_id=None if to_decide else _handler(objection),
        waits_for=waits_for,
        waiting_since=stands.waiting_since if waits_for else None,
        late_because=stands.late_because,
    )


def _handler(objection: Objection) -> int | None:
    """Whose it is; a handler who was disabled leaves it to the office."""
    handler = objection.handler
    return handler.pk if handler is not None and handler.is_active else None
