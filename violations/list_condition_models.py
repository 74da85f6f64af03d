"""The bureau's published conditions of its red and black list, each with its days (3-A, 3-C)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q

from core.history import FactHistory
from core.models import FactModel, FactQuerySet
from violations.enums import ListKind


class ListConditionQuerySet(FactQuerySet["ListCondition"]):
    def valid_on(self, day: date) -> ListConditionQuerySet:
        """Those in force on ``day``, its last day included."""
        return self.filter(valid_from__lte=day).filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=day)
        )


class ListCondition(FactModel):
    """One condition as published; a new edition is a new row, so that old entries keep theirs."""

    list = models.CharField("名单", max_length=5, choices=ListKind.choices)
    words = models.TextField("条件")
    legal_basis = models.CharField("法律依据", max_length=300)
    document = models.CharField("发布文书", max_length=100)
    valid_from = models.DateField("自")
    valid_until = models.DateField("至（含）", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects: models.Manager[Any] = ListConditionQuerySet.as_manager()
    history = FactHistory(verbose_name="名单条件历史")

    class Meta(FactModel.Meta):
        verbose_name = "名单条件"
        verbose_name_plural = "名单条件"
        ordering = ["list", "-valid_from", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="list_condition_ends_after_it_begins",
                violation_error_message="结束日期不能早于开始日期。",
            )
        ]

    def __str__(self) -> str:
        return self.words[:60]
