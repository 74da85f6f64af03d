"""The law catalogue: what each article allows, version by version (1-3, 2-2)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.history import FactHistory
from core.models import FactModel, FactQuerySet
from violations.enums import DispositionKind, Field


class LawArticle(FactModel):
    """One article for one type of violation, as it stood from one day to another.

    When the law changes, the version at hand is closed and another opened: a decision is judged by
    what was in force on the day of the act. ``sealed`` is what the catalogue was seeded with;
    whether records are sealed the rule set decides alone (law.md, "sealed records").
    """

    law = models.CharField("法律、法规、规章", max_length=200)
    law_key = models.CharField("名称（规范）", max_length=200, editable=False)
    article = models.CharField("条款", max_length=100, blank=True)
    number = models.CharField(
        "条号", max_length=20, blank=True, editable=False, help_text="数字形式的条号，用于匹配。"
    )
    violation_type = models.CharField("违法行为类型", max_length=200)
    field = models.CharField("领域", max_length=16, choices=Field.choices)
    sealed = models.BooleanField("建库时标为封存", default=False, editable=False)
    kinds = models.CharField("可作的处理", max_length=250, help_text="以空格相隔。")
    fine_min = models.DecimalField(
        "罚款下限（元）", max_digits=14, decimal_places=2, null=True, blank=True
    )
    fine_max = models.DecimalField(
        "罚款上限（元）", max_digits=14, decimal_places=2, null=True, blank=True
    )
    valid_from = models.DateField("施行日期", null=True, blank=True)
    valid_until = models.DateField("有效至（含）", null=True, blank=True)
    replaces = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name="替代的版本",
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="recorded_law_articles",
        verbose_name="录入人",
    )
    version = models.PositiveIntegerField("修改次数", default=1, editable=False)
    created_at = models.DateTimeField("录入时间", default=timezone.now, editable=False)

    objects: models.Manager[Any] = FactQuerySet.as_manager()
    history = FactHistory(verbose_name="法律目录历史")

    class Meta(FactModel.Meta):
        verbose_name = "法律目录条目"
        verbose_name_plural = "法律目录"
        ordering = ["law", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="law_article_ends_after_it_begins",
                violation_error_message="有效期不能早于施行日期。",
            ),
            models.CheckConstraint(
                condition=Q(fine_min__isnull=True)
                | Q(fine_max__isnull=True)
                | Q(fine_max__gte=F("fine_min")),
                name="law_article_fine_in_order",
                violation_error_message="罚款上限不能低于下限。",
            ),
        ]

    def __str__(self) -> str:
        return f"《{self.law}》{self.article}"

    @property
    def kind_values(self) -> tuple[str, ...]:
        return tuple(self.kinds.split())

    @property
    def kind_labels(self) -> list[str]:
        return [str(DispositionKind(kind).label) for kind in self.kind_values]

    def is_in_force(self, day: date) -> bool:
        """Whether this version says what the article allowed on ``day``."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_until is None or day <= self.valid_until)
