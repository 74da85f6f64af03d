"""The measures of chapter four: the catalogue of clauses, and what is in force for a subject."""

from __future__ import annotations

from datetime import date
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.history import FactHistory
from core.models import BypassError, FactModel, FactQuerySet
from grading.models import Grade, GradeChange
from sanctions.measure_enums import BURDENS, Because, MeasureKind, MeasureState, Sight
from subjects.models import Subject


class Measure(FactModel):
    """One clause of chapter four, as it holds from one day to another.

    ``legal_basis`` is the paper that allows it; without one, or past ``valid_until``, it cannot
    start for anybody. A clause that ends keeps its row; taken up again it gets a new one.
    """

    clause = models.CharField("条款编号", max_length=8)
    grade = models.CharField("等级", max_length=1, choices=Grade.choices)
    kind = models.CharField("类别", max_length=12, choices=MeasureKind.choices)
    words = models.CharField("制度原文", max_length=200)
    guidance = models.TextField("日常怎样做")
    legal_basis = models.CharField("依据", max_length=300, blank=True)
    valid_from = models.DateField("施行日期")
    valid_until = models.DateField("有效至（含）", null=True, blank=True)
    ending_checked_on = models.DateField("终止后核对日期", null=True, blank=True)
    ending_checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="终止后核对人",
    )
    version = models.PositiveIntegerField("修改次数", default=1, editable=False)
    created_at = models.DateTimeField("录入时间", default=timezone.now, editable=False)

    objects: models.Manager[Any] = FactQuerySet.as_manager()
    history = FactHistory(verbose_name="措施目录历史")

    class Meta(FactModel.Meta):
        verbose_name = "监管措施"
        verbose_name_plural = "措施目录"
        ordering = ["clause", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["clause"],
                condition=Q(valid_until__isnull=True),
                name="measure_clause_once",
                violation_error_message="该条款已有未终止的措施，请修改那一条。",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="measure_ends_after_it_begins",
                violation_error_message="有效期不能早于施行日期。",
            ),
            models.CheckConstraint(
                condition=Q(ending_checked_on__isnull=True) | Q(valid_until__isnull=False),
                name="measure_checked_once_ended",
                violation_error_message="条款没有终止，不需要核对。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clause} {self.words}"

    @property
    def is_burden(self) -> bool:
        return self.kind in BURDENS

    @property
    def is_restriction(self) -> bool:
        return self.kind == MeasureKind.RESTRICTION

    def holds_on(self, day: date) -> bool:
        """Whether it has a basis and is in force on ``day``."""
        ends = self.valid_until
        return bool(self.legal_basis) and self.valid_from <= day and (ends is None or day <= ends)


class SubjectMeasure(models.Model):
    """A measure for a subject in one state, from a day on and until another (not included).

    One open row a subject, sight and measure; when the state changes the row ends and the next
    begins, so that it can be said of each day what held and why. Written set-based by
    ``sanctions.measure_sync`` alone. The changes of grades have no constraint in the database: they
    are only ever added, and a re-grade of a million must not look each of them up.
    """

    subject = models.ForeignKey(
        Subject,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="measures",
        verbose_name="监管对象",
    )
    measure = models.ForeignKey(
        Measure,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="held",
        verbose_name="措施",
    )
    sight = models.CharField("范围", max_length=12, choices=Sight.choices)
    state = models.CharField("状态", max_length=10, choices=MeasureState.choices)
    begins_on = models.DateField("开始")
    because = models.CharField("起因", max_length=10, choices=Because.choices)
    begun_by = models.ForeignKey(
        GradeChange,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        db_constraint=False,
        related_name="+",
        verbose_name="引起的等级变更",
    )
    ended_on = models.DateField("结束（当日起不再适用）", null=True)
    ended_because = models.CharField("结束原因", max_length=10, choices=Because.choices, blank=True)
    ended_by = models.ForeignKey(
        GradeChange,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        db_constraint=False,
        related_name="+",
        verbose_name="结束它的等级变更",
    )

    class Meta:
        verbose_name = "适用的措施"
        verbose_name_plural = "适用的措施"
        ordering = ["subject_id", "id"]
        indexes = [models.Index(fields=["subject"], name="subject_measure_subject")]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "sight", "measure"],
                condition=Q(ended_on__isnull=True),
                name="subject_measure_one_open",
                violation_error_message="该措施对这一监管对象已经适用。",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_because="")
                | Q(ended_on__isnull=False, ended_on__gte=F("begins_on")) & ~Q(ended_because=""),
                name="subject_measure_end_has_a_cause",
                violation_error_message="结束的措施须有结束日期和原因。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_id} {self.measure_id} {self.get_state_display()}"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise BypassError("SubjectMeasure: nothing is ever deleted; it ends")
