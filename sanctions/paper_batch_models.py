"""A pile of papers as one print job: issued where they are not yet, then put into one PDF."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Officer, Unit
from accounts.roles import Can
from sanctions.paper_models import Paper
from subjects.models import Subject
from violations.models import Decision, ListEntry


class BatchState(models.TextChoices):
    WAITING = "waiting", "等待"
    WORKING = "working", "正在出具"
    DONE = "done", "可以打印"
    FAILED = "failed", "未能完成"


class PaperBatchQuerySet(models.QuerySet["PaperBatch"]):
    def visible_to(self, officer: Officer) -> PaperBatchQuerySet:
        """Those of the own unit's officers, for the office all; others do not exist (404)."""
        if officer.may(Can.KEEP_NOTICES):
            return self.all()
        return self.filter(officer__unit=officer.unit_id)


class PaperBatch(models.Model):
    """One print job of one officer. No fact: the papers are; it is kept so that it can be found."""

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="经办人"
    )
    state = models.CharField(
        "状态", max_length=10, choices=BatchState.choices, default=BatchState.WAITING
    )
    total = models.PositiveIntegerField("共")
    done = models.PositiveIntegerField("已完成", default=0)
    message = models.CharField("说明", max_length=500, blank=True)
    created_at = models.DateTimeField("建立时间", default=timezone.now, editable=False)
    beat_at = models.DateTimeField("最近进展", default=timezone.now)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    stored = models.CharField("存放位置", max_length=64, blank=True, editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    pages = models.PositiveIntegerField("页数", default=0)

    objects = PaperBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "批量打印"
        verbose_name_plural = "批量打印"
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["beat_at"],
                name="paper_batch_open",
                condition=Q(state__in=("waiting", "working")),
            )
        ]

    def __str__(self) -> str:
        return f"批量打印 {self.pk}"

    @property
    def is_working(self) -> bool:
        return self.state in (BatchState.WAITING, BatchState.WORKING)


class PaperBatchItem(models.Model):
    """One paper of a batch, or what is to become one; ``message`` says why it became none."""

    batch = models.ForeignKey(PaperBatch, on_delete=models.CASCADE, related_name="items")
    ordinal = models.PositiveIntegerField("次序")
    paper = models.ForeignKey(
        Paper, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField("文书种类", max_length=40, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True, related_name="+")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, related_name="+")
    list_entry = models.ForeignKey(ListEntry, on_delete=models.PROTECT, null=True, related_name="+")
    content = models.JSONField("内容", default=dict)
    message = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = "批量打印的文书"
        verbose_name_plural = "批量打印的文书"
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "ordinal"], name="paper_batch_item_once")
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} · {self.ordinal}"
