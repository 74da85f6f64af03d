"""The words of papers that the office keeps: versions, each drafted and then published."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.history import FactHistory
from core.models import FactModel, FactQuerySet


class TextState(models.TextChoices):
    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"
    DISCARDED = "discarded", "已弃用"


class PaperText(FactModel):
    """One version of one block of one kind of paper; without any, the program's own words stand.

    In force is the published version with the latest ``valid_from`` not after the day of the paper.
    """

    kind = models.CharField("文书种类", max_length=40)
    block = models.CharField("段落", max_length=40)
    version = models.PositiveIntegerField("版本")
    text = models.TextField("文本")
    state = models.CharField(
        "状态", max_length=10, choices=TextState.choices, default=TextState.DRAFT
    )
    reason = models.CharField("修改理由", max_length=300)
    valid_from = models.DateField("启用日期", null=True, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="起草人"
    )
    drafted_at = models.DateTimeField("起草时间", default=timezone.now, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="发布人",
    )
    published_at = models.DateTimeField("发布时间", null=True, blank=True)

    objects: models.Manager[Any] = FactQuerySet.as_manager()
    history = FactHistory(verbose_name="文本历史")

    class Meta(FactModel.Meta):
        verbose_name = "文书文本"
        verbose_name_plural = "文书文本"
        ordering = ["kind", "block", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "block", "version"],
                name="paper_text_version_once",
                violation_error_message="该版本已经存在。",
            ),
            models.UniqueConstraint(
                fields=["kind", "block"],
                condition=Q(state="draft"),
                name="paper_text_one_draft",
                violation_error_message="该段落已有一份草稿。请先发布或弃用。",
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(published_by__isnull=False, valid_from__isnull=False),
                name="paper_text_published_with_a_day",
                violation_error_message="发布须有发布人和启用日期。",
            ),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | ~Q(published_by=F("drafted_by")),
                name="paper_text_two_persons",
                violation_error_message="起草人不能发布自己起草的文本。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.block} 第{self.version}版"
