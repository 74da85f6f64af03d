"""Entries of the red and black list, and the other inputs of 1-3 (domain.md §2)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.history import FactHistory
from core.models import FactModel, FactQuerySet
from subjects.models import Subject
from violations.enums import FactorKind, ListKind, ListState


class ListEntry(FactModel):
    """An entry of the bureau's red or black list (3-A, 3-C); every entry has a term and a basis."""

    list = models.CharField("名单", max_length=5, choices=ListKind.choices)
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, related_name="list_entries", verbose_name="监管对象"
    )
    state = models.CharField(
        "状态", max_length=10, choices=ListState.choices, default=ListState.PROPOSED
    )
    notified_on = models.DateField("告知（公示）日期", null=True, blank=True)
    listed_on = models.DateField("列入日期")
    expires_on = models.DateField("有效期至（含）")
    removed_on = models.DateField("移出日期", null=True, blank=True)
    document = models.CharField("文书", max_length=100)
    legal_basis = models.CharField("依据", max_length=300)
    reason = models.TextField("事由")
    closing_reason = models.TextField("移出或撤销理由", blank=True)
    closing_document = models.CharField("移出或撤销文书", max_length=100, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="proposed_list_entries",
        verbose_name="提出人",
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="approved_list_entries",
        verbose_name="批准人",
    )
    taken_over = models.BooleanField("接收的历史记录", default=False)
    created_at = models.DateTimeField("录入时间", default=timezone.now, editable=False)

    objects: models.Manager[Any] = FactQuerySet.as_manager()
    history = FactHistory(verbose_name="名单历史")

    class Meta(FactModel.Meta):
        verbose_name = "名单条目"
        verbose_name_plural = "名单条目"
        ordering = ["-listed_on", "-id"]
        indexes = [models.Index(fields=["subject", "list"], name="list_entry_subject")]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__gte=F("listed_on")),
                name="list_entry_has_a_term",
                violation_error_message="有效期不能早于列入日期。",
            ),
            models.CheckConstraint(
                condition=Q(removed_on__isnull=True) | Q(removed_on__gte=F("listed_on")),
                name="list_entry_removed_after_listed",
                violation_error_message="移出日期不能早于列入日期。",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | ~Q(approved_by=F("proposed_by"))
                | Q(taken_over=True),
                name="list_entry_two_persons",
                violation_error_message="提出人不能批准自己提出的条目。",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(approved_by__isnull=False),
                name="list_entry_published_is_approved",
                violation_error_message="发布的条目须有批准人。",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(notified_on__lt=F("listed_on")),
                name="list_entry_notified_before_listed",
                violation_error_message="须先告知（公示），后列入。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_list_display()} {self.document}"


class Factor(FactModel):
    """Another input of 1-3: shown to reviewers with scheme and value; changes no grade."""

    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, related_name="factors", verbose_name="监管对象"
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
    revoked_on = models.DateField("撤销日期", null=True, blank=True)
    created_at = models.DateTimeField("录入时间", default=timezone.now, editable=False)

    objects: models.Manager[Any] = FactQuerySet.as_manager()
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
