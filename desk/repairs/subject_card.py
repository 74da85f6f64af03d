"""What the credit file says of repairs: applications of the organisation, and the way to one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts.models import Officer
from accounts.roles import Can
from appeals.repair_models import Repair
from subjects.models import Subject

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Card:
    """Applications that this officer may open, the latest first."""

    repairs: list[Any]
    may_receive: bool


def card(subject: Subject, officer: Officer) -> Card:
    rows = Repair.objects.visible_to(officer).filter(subject__in=subject.family_ids)
    return Card(list(rows.order_by("-pk")[:SHOWN]), officer.may(Can.HANDLE_APPEAL))
