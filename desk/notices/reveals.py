"""The encrypted fields of the register that a page may open."""

from __future__ import annotations

from django.urls import reverse

from accounts.roles import Can
from desk.reveal.fields import Revealable
from sanctions.notice_models import Notice

ROWS = (
    Revealable(
        name="interview.phone",
        label="联系电话",
        field="phone",
        needs=(Can.RECORD_NOTICE, Can.KEEP_NOTICES),
        scope=Notice.objects.visible_to,
        of=lambda notice: f"{notice.subject.name} · {notice.person_name or '被告知人'}",
        back=lambda notice: reverse("desk:notice", args=[notice.pk]),
    ),
)
