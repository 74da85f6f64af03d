"""Handing over all that one officer has in hand, when they leave or are away (no orphan)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import Officer
from accounts.roles import ROLE_TABLE, Can
from core import audit
from core.open_tasks import OpenTask
from desk.queue.sources import HAND_OVERS
from violations.errors import InvalidDecision, NotAllowed
from violations.inputs import Fault


@dataclass(frozen=True, slots=True)
class Held:
    """How much of one kind an officer has in hand."""

    label: str
    count: int


def may_hand_over(officer: Officer) -> bool:
    """Unit reviewers for their unit, the office for all."""
    return officer.may(Can.CONFIRM_DECISION) or officer.may(Can.CONFIRM_FOR_ANY_UNIT)


def leavers_for(officer: Officer) -> QuerySet[Officer]:
    """Whose work this officer may hand over; others do not exist for them (404)."""
    if officer.may(Can.CONFIRM_FOR_ANY_UNIT):
        return Officer.objects.all()
    if officer.may(Can.CONFIRM_DECISION):
        return Officer.objects.filter(unit=officer.unit_id)
    return Officer.objects.none()


def colleagues_of(leaver: Officer) -> QuerySet[Officer]:
    """Who may take it over: active, of the same unit."""
    return Officer.objects.filter(unit=leaver.unit_id, is_active=True).exclude(pk=leaver.pk)


def receivers(leaver: Officer) -> QuerySet[Officer]:
    """Those of them who may take something of what there is; everybody where there is nothing."""
    held = {kind.needs for kind in HAND_OVERS if kind.held_by([leaver.pk]).get(leaver.pk, 0)}
    rows = colleagues_of(leaver).order_by("number")
    if not held:
        return rows
    roles = [role for role, may in ROLE_TABLE.items() if held & may]
    return rows.filter(role_grants__role__in=roles).distinct()


def held_by(leaver: Officer) -> list[Held]:
    """Each kind of which there is any."""
    counts = [(kind.label, kind.held_by([leaver.pk]).get(leaver.pk, 0)) for kind in HAND_OVERS]
    return [Held(label, count) for label, count in counts if count]


@transaction.atomic
def hand_over(*, officer: Officer, leaver_id: int, to_id: int | None, reason: str) -> list[Held]:
    """Give everything that the leaver has in hand to a colleague who may do it.

    Says what was moved. Raises Officer.DoesNotExist, NotAllowed, InvalidDecision.
    """
    if not may_hand_over(officer):
        raise NotAllowed("您的角色不能移交工作。请联系单位审核人或局办公室。")
    leaver = leavers_for(officer).select_for_update(of=("self",)).get(pk=leaver_id)
    to = colleagues_of(leaver).filter(pk=to_id).first() if to_id else None
    faults = []
    if to is None:
        faults.append(Fault("to", "missing", "没有选择接收人。请从本单位在用的民警中选择。"))
    if len(reason.strip()) < 5:
        faults.append(Fault("reason", "too_short", "移交理由至少 5 个字，例如“调离本单位”。"))
    if faults or to is None:
        raise InvalidDecision(faults)
    moved, stayed = [], []
    for kind in HAND_OVERS:
        if not kind.held_by([leaver.pk]).get(leaver.pk, 0):
            continue
        if kind.may_take(to):
            moved.append(Held(kind.label, kind.move(officer=officer, leaver=leaver, to=to)))
        else:
            stayed.append(kind.label)
    if not moved:
        words = f"{to.name}没有办理“{'、'.join(stayed)}”的权限。请另选接收人。"
        message = words if stayed else f"{leaver.name}没有在办的工作，无需移交。"
        raise InvalidDecision([Fault("to", "nothing", message)])
    audit.record(
        actor=officer,
        action="queue.hand_over",
        target=leaver,
        reason=reason.strip(),
        details={"to": to.number, "moved": [f"{one.label} {one.count}" for one in moved]},
    )
    return moved


def orphans(officer: Officer, day: date) -> Iterator[OpenTask]:
    """Disabled officers who still have something in hand."""
    if not may_hand_over(officer):
        return
    gone = {one.pk: one for one in leavers_for(officer).filter(is_active=False)}
    counts = dict.fromkeys(gone, 0)
    for kind in HAND_OVERS if gone else ():
        for pk, count in kind.held_by(gone.keys()).items():
            counts[pk] += count
    for pk, count in counts.items():
        if count:
            leaver = gone[pk]
            yield OpenTask(
                kind="queue.orphan",
                label="待移交",
                title=f"{leaver.name}（{leaver.number}）已停用，名下还有 {count} 件在办工作",
                url=reverse("desk:queue-hand-over", args=[pk]),
                since=day,
                unit_id=leaver.unit_id,
            )
