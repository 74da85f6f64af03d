"""The encrypted contact of an application that a page may open."""

from __future__ import annotations

from django.urls import reverse

from accounts.roles import Can
from appeals.repair_models import Repair
from desk.reveal.fields import Revealable

ROWS = tuple(
    Revealable(
        name=f"repair.{name}",
        label=label,
        field=field,
        needs=(Can.HANDLE_APPEAL, Can.DECIDE_APPEAL),
        scope=Repair.objects.visible_to,
        of=lambda repair: f"{repair.number} · {repair.subject.name}",
        back=lambda repair: reverse("desk:repair", args=[repair.pk]),
    )
    for name, label, field in (
        ("name", "联系人", "contact_name"),
        ("phone", "联系电话", "contact_phone"),
    )
)
