"""The other inputs of 1-3: shown to reviewers with scheme and value; they change no grade."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Officer, Unit
from accounts.roles import Can
from core.history import FactHistory
from core.models import FactModel, FactQuerySet
from subjects.models import Subject
from violations.enums import FactorKind


def _whose(officer: Officer) -> Q:
    """The condition on the unit of what is on this officer's list."""
    if officer.may(Can.SEE_ALL_DECISIONS):
        return Q()
    return Q(unit=officer.unit_id) if officer.may(Can.RECORD_FACTOR) else Q(pk__in=[])


class FactorQuerySet(FactQuerySet["Factor"]):
    def visible_to(self, officer: Officer) -> FactorQuerySet:
        """Those on this officer's list: of the own unit, or all (domain.md §5)."""
        return self.filter(_whose(officer))


class Factor(FactModel):
    """Another input of 1-3; ``unit`` answers for it (2-3)."""

    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, related_name="factors", verbose_name="监管对象"
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="factors", verbose_name="提供单位"
    )
    kind = models.CharField("种类", max_length=20, choices=FactorKind.choices)
    scheme = models.CharField("评价体系", max_length=100)
    value = models.CharField("结果", max_length=100)
    is_worst = models.BooleanField("最差等次", default=False)
    source = models.CharField("来源", max_length=200)
    in_force_from = models.DateField("自")
    in_force_until = models.DateField("至（含）", null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="recorded_factors",
        verbose_name="录入人",
    )
    run = models.ForeignKey(
        "FactorRun",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="factors",
        verbose_name="导入",
    )
    revoked_on = models.DateField("撤销日期", null=True, blank=True)
    closing_reason = models.TextField("撤销或终止理由", blank=True, default="", db_default="")
    closing_document = models.CharField(
        "撤销或终止文书", max_length=100, blank=True, default="", db_default=""
    )
    version = models.PositiveIntegerField("版本", default=1, db_default=1, editable=False)
    created_at = models.DateTimeField("录入时间", default=timezone.now, editable=False)

    objects = FactorQuerySet.as_manager()
    history = FactHistory(verbose_name="参考因素历史")

    class Meta(FactModel.Meta):
        verbose_name = "评定参考因素"
        verbose_name_plural = "评定参考因素"
        ordering = ["-in_force_from", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(in_force_until__isnull=True)
                | Q(in_force_until__gte=F("in_force_from")),
                name="factor_ends_after_it_begins",
                violation_error_message="结束日期不能早于开始日期。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.scheme}：{self.value}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.unit_id is None:  # whoever records answers for it with their unit
            self.unit_id = self.recorded_by.unit_id
        super().save(*args, **kwargs)


class RunState(models.TextChoices):
    OPEN = "open", "待处理"
    CONFIRMED = "confirmed", "已写入"
    DROPPED = "dropped", "已放弃"


class FactorRunQuerySet(models.QuerySet["FactorRun"]):
    def visible_to(self, officer: Officer) -> FactorRunQuerySet:
        return self.filter(_whose(officer))


class FactorRun(models.Model):
    """One sheet of factors, from its upload until every row is settled and it is confirmed."""

    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="factor_runs", verbose_name="单位"
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="factor_runs",
        verbose_name="导入人",
    )
    kind = models.CharField("种类", max_length=20, choices=FactorKind.choices)
    scheme = models.CharField("评价体系", max_length=100)
    source = models.CharField("来源", max_length=200)
    file_name = models.CharField("文件", max_length=200)
    sha256 = models.CharField("文件摘要", max_length=64)
    state = models.CharField("状态", max_length=10, choices=RunState.choices, default=RunState.OPEN)
    created_at = models.DateTimeField("上传时间", default=timezone.now, editable=False)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)

    objects = FactorRunQuerySet.as_manager()

    class Meta:
        verbose_name = "参考因素导入"
        verbose_name_plural = "参考因素导入"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name


class RowMatch(models.TextChoices):
    """What the register has for a row's code and name."""

    MATCHED = "matched", "已匹配"
    UNMATCHED = "unmatched", "未登记"
    CONFLICT = "conflict", "代码或名称不符"
    KNOWN = "known", "库中已有"


class RowAnswer(models.TextChoices):
    TAKE = "take", "收入"
    DROP = "drop", "舍去"


class FactorRow(models.Model):
    """One row of the sheet; ``answer`` is what an officer decided, with the reason."""

    run = models.ForeignKey(FactorRun, on_delete=models.PROTECT, related_name="rows")
    row = models.PositiveIntegerField("行")
    credit_code = models.CharField("代码", max_length=18)
    name = models.CharField("名称", max_length=200)
    scheme = models.CharField("评价体系", max_length=100)
    value = models.CharField("结果", max_length=100)
    is_worst = models.BooleanField("最差等次", default=False)
    in_force_from = models.DateField("自")
    in_force_until = models.DateField("至（含）", null=True, blank=True)
    match = models.CharField("匹配", max_length=10, choices=RowMatch.choices)
    note = models.CharField("说明", max_length=300, blank=True)
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, null=True, blank=True, related_name="factor_rows"
    )
    answer = models.CharField("处理", max_length=5, choices=RowAnswer.choices, blank=True)
    reason = models.CharField("理由", max_length=500, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="answered_factor_rows",
        verbose_name="处理人",
    )

    class Meta:
        verbose_name = "参考因素导入行"
        verbose_name_plural = "参考因素导入行"
        ordering = ["run_id", "row"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "row"],
                name="factor_row_once",
                violation_error_message="同一行不能重复。",
            ),
            models.CheckConstraint(
                condition=Q(answer="") | Q(answered_by__isnull=False),
                name="factor_row_answered_by_somebody",
                violation_error_message="处理须有处理人。",
            ),
            models.CheckConstraint(
                condition=~Q(answer="take") | Q(subject__isnull=False),
                name="factor_row_taken_has_a_subject",
                violation_error_message="收入的行须有监管对象。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run} · {self.row}"
