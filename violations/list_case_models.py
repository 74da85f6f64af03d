"""What belongs to one proposal: who had a hand in it, and objections to its announcement."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.history import FactHistory
from core.models import FactModel, FactQuerySet
from violations.enums import Settlement
from violations.list_models import ListEntry


class ListEntryHand(models.Model):
    """An officer who proposed, edited or prepared an entry; never approves it."""

    entry = models.ForeignKey(ListEntry, on_delete=models.PROTECT, related_name="hands")
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="handled_list_entries"
    )

    class Meta:
        verbose_name = "经办人"
        verbose_name_plural = "经办人"
        constraints = [
            models.UniqueConstraint(fields=["entry", "officer"], name="list_entry_hand_once")
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.officer_id}"


class ListObjection(FactModel):
    """An objection to the announcement of a red-list entry, and how it was settled.

    Who objected is not kept: what was said and on what paper is enough to settle it.
    """

    entry = models.ForeignKey(
        ListEntry, on_delete=models.PROTECT, related_name="objections", verbose_name="名单条目"
    )
    received_on = models.DateField("收到日期")
    content = models.TextField("异议内容")
    document = models.CharField("异议材料", max_length=100, blank=True)
    settlement = models.CharField("处理结果", max_length=9, choices=Settlement.choices, blank=True)
    settled_on = models.DateField("处理日期", null=True, blank=True)
    settled_reason = models.TextField("处理理由", blank=True)

    objects: models.Manager[Any] = FactQuerySet.as_manager()
    history = FactHistory(verbose_name="公示异议历史")

    class Meta(FactModel.Meta):
        verbose_name = "公示异议"
        verbose_name_plural = "公示异议"
        ordering = ["received_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(settlement="", settled_on__isnull=True)
                | Q(settled_on__isnull=False, settled_on__gte=F("received_on"))
                & ~Q(settled_reason="")
                & ~Q(settlement=""),
                name="list_objection_settled_with_reason",
                violation_error_message="处理异议须有结果、日期和理由。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.received_on} {self.content[:40]}"
