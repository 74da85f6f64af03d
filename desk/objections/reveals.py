"""The encrypted fields of an objection that a page may open."""

from __future__ import annotations

from django.urls import reverse

from accounts.roles import Can
from appeals.objection_models import Objection
from desk.reveal.fields import Revealable


def _of(objection: Objection) -> str:
    return f"{objection.number} {objection.subject.name}"


def _back(objection: Objection) -> str:
    return reverse("desk:objection", args=[objection.pk])


ROWS = (
    Revealable(
        name="objection.contact",
        label="申请人姓名",
        field="contact_name",
        needs=(Can.HANDLE_APPEAL,),
        scope=Objection.objects.visible_to,
        of=_of,
        back=_back,
    ),
    Revealable(
        name="objection.phone",
        label="申请人电话",
        field="contact_phone",
        needs=(Can.HANDLE_APPEAL,),
        scope=Objection.objects.visible_to,
        of=_of,
        back=_back,
    ),
)
