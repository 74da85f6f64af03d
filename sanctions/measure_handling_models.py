"""What officers did under a measure, and the checklist after a grade has become better."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Unit
from core.history import FactHistory
from core.models import FactModel, FactQuerySet
from grading.models import Grade, GradeChange
from sanctions.measure_enums import HandlingKind, Outcome, StepKind
from sanctions.measure_models import Measure
from subjects.models import Subject


class Handling(FactModel):
    """One thing done under a measure: guidance (4-B-2), a commendation (4-A-1), a licence handled
    in the green channel (4-A-3), or what an officer decided where a restriction warned.

    A restriction decides nothing: the officer does, with the reason that stands here.
    """

    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, related_name="handlings", verbose_name="监管对象"
    )
    measure = models.ForeignKey(
        Measure, on_delete=models.PROTECT, related_name="handlings", verbose_name="措施"
    )
    kind = models.CharField("办理事项", max_length=12, choices=HandlingKind.choices)
    done_on = models.DateField("日期")
    matter = models.CharField("事由", max_length=200)
    outcome = models.CharField("决定", max_length=10, choices=Outcome.choices, blank=True)
    reason = models.TextField("内容或理由")
    document = models.CharField("文书", max_length=100, blank=True)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="handlings", verbose_name="单位"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="handlings",
        verbose_name="登记人",
    )
    created_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)

    objects: models.Manager[Any] = FactQuerySet.as_manager()
    history = FactHistory(verbose_name="措施办理历史")

    class Meta(FactModel.Meta):
        verbose_name = "措施办理记录"
        verbose_name_plural = "措施办理记录"
        ordering = ["-done_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=HandlingKind.DECISION) & ~Q(outcome="")
                | ~Q(kind=HandlingKind.DECISION) & Q(outcome=""),
                name="handling_decision_has_an_outcome",
                violation_error_message="限制事项的处理须写明决定，其他办理事项没有决定。",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="handling_has_a_reason",
                violation_error_message="请写明内容或理由。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.matter}"


class Improvement(models.Model):
    """A grade has become better: whoever applied the old measures must learn of it."""

    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, related_name="improvements", verbose_name="监管对象"
    )
    change = models.OneToOneField(
        GradeChange, on_delete=models.PROTECT, related_name="+", verbose_name="等级变更"
    )
    improved_on = models.DateField("变动日")
    old_grade = models.CharField("原等级", max_length=1, choices=Grade.choices)
    new_grade = models.CharField("现等级", max_length=1, choices=Grade.choices, blank=True)
    closed_on = models.DateField("核对完成", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="核对人",
    )

    class Meta:
        verbose_name = "等级好转核对"
        verbose_name_plural = "等级好转核对"
        ordering = ["improved_on", "id"]
        indexes = [
            models.Index(
                fields=["improved_on"],
                name="improvement_open",
                condition=Q(closed_on__isnull=True),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, closed_by__isnull=True)
                | Q(closed_on__isnull=False, closed_by__isnull=False),
                name="improvement_closed_by_somebody",
                violation_error_message="核对完成须有核对人。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject_id} {self.old_grade} → {self.new_grade or '未定级'}"


class ImprovementStep(models.Model):
    """One step of the checklist that an officer has done: who was told, how."""

    improvement = models.ForeignKey(
        Improvement, on_delete=models.PROTECT, related_name="steps", verbose_name="等级好转核对"
    )
    kind = models.CharField("事项", max_length=12, choices=StepKind.choices)
    told = models.CharField("告知了谁", max_length=300)
    way = models.CharField("方式或文书", max_length=200)
    done_on = models.DateField("日期")
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="办理人",
    )
    created_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "告知记录"
        verbose_name_plural = "告知记录"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["improvement", "kind"],
                name="improvement_step_once",
                violation_error_message="这一步已登记。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.told}"
