"""Plans of inspection with the pool of each, frozen before anybody knows the seed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Unit
from core.encrypted_fields import EncryptedField
from core.history import FactHistory
from core.models import FactModel, FactQuerySet
from sanctions.inspection_enums import Group, PlanKind, PlanState
from subjects.enums import Industry
from subjects.models import Subject


class InspectionPlan(FactModel):
    """Whom a unit inspects in a period, drawn by chance out of a frozen pool, once.

    ``percents`` are the ratios of the day on which the pool was frozen, a group each; ``secret``
    is shown once the pool is drawn (``sanctions.inspection_draw`` says why).
    """

    name = models.CharField("计划名称", max_length=100)
    kind = models.CharField("种类", max_length=10, choices=PlanKind.choices)
    document = models.CharField("专项检查文号", max_length=100, blank=True)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="inspection_plans", verbose_name="检查单位"
    )
    everywhere = models.BooleanField("含其他单位归口的对象", default=False)
    industries = models.JSONField("行业", default=list)
    starts_on = models.DateField("期间自")
    ends_on = models.DateField("期间至（含）")
    state = models.CharField(
        "状态", max_length=10, choices=PlanState.choices, default=PlanState.FROZEN
    )
    percents = models.JSONField("抽查比例", default=dict)
    conflicts = models.JSONField("回避", default=list)
    pool_sha256 = models.CharField("名册摘要", max_length=64)
    commitment = models.CharField("种子承诺", max_length=64)
    secret = EncryptedField("随机数")
    word = models.CharField("见证数", max_length=64, blank=True)
    word_source = models.CharField("见证数来源", max_length=100, blank=True)
    seed = models.CharField("种子", max_length=64, blank=True)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="planned_inspection_plans",
        verbose_name="制定人",
    )
    frozen_at = models.DateTimeField("封存时间", default=timezone.now, editable=False)
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="drawn_inspection_plans",
        verbose_name="见证抽取人",
    )
    drawn_at = models.DateTimeField("抽取时间", null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="作废人",
    )
    cancel_reason = models.CharField("作废理由", max_length=500, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects: models.Manager[Any] = FactQuerySet.as_manager()
    history = FactHistory(verbose_name="检查计划历史", excluded_fields=["secret"])

    class Meta(FactModel.Meta):
        verbose_name = "检查计划"
        verbose_name_plural = "检查计划"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="inspection_plan_has_a_period",
                violation_error_message="期间的结束不能早于开始。",
            ),
            models.CheckConstraint(
                condition=~Q(kind="campaign") | ~Q(document=""),
                name="inspection_campaign_is_named",
                violation_error_message="专项执法检查须写明文号。",
            ),
            models.CheckConstraint(
                condition=Q(drawn_by__isnull=True) | ~Q(drawn_by=F("planned_by")),
                name="inspection_plan_two_persons",
                violation_error_message="制定人不能抽取自己的计划，须由另一人见证抽取。",
            ),
            models.CheckConstraint(
                condition=~Q(state="drawn")
                | Q(drawn_by__isnull=False, drawn_at__isnull=False) & ~Q(seed="") & ~Q(word=""),
                name="inspection_plan_drawn_with_a_seed",
                violation_error_message="抽取须有见证人、见证数和种子。",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled")
                | Q(cancelled_by__isnull=False) & ~Q(cancel_reason=""),
                name="inspection_plan_cancelled_for_a_reason",
                violation_error_message="作废须写明理由。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_frozen(self) -> bool:
        return self.state == PlanState.FROZEN

    @property
    def is_drawn(self) -> bool:
        """Whether its result is known: it stays so when what is left is cancelled."""
        return bool(self.seed)

    @property
    def industry_words(self) -> str:
        labels = dict(Industry.choices)
        return "、".join(str(labels.get(one, one)) for one in self.industries) or "全部行业"


class PoolMember(models.Model):
    """An organisation of the pool as it was when the pool was frozen; never changed afterwards."""

    plan = models.ForeignKey(
        InspectionPlan, on_delete=models.PROTECT, related_name="members", verbose_name="计划"
    )
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, related_name="+", verbose_name="监管对象"
    )
    credit_code = models.CharField("统一社会信用代码", max_length=18)
    name = models.CharField("名称", max_length=200)
    grade = models.CharField("等级", max_length=1, blank=True)
    group = models.CharField("组别", max_length=5, choices=Group.choices)

    class Meta:
        verbose_name = "抽查名册"
        verbose_name_plural = "抽查名册"
        ordering = ["credit_code"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "credit_code"],
                name="inspection_pool_member_once",
                violation_error_message="同一对象在名册中只能有一行。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.credit_code} {self.group}"


class PoolInspector(models.Model):
    """An officer who may be drawn as inspector; the police number as it was then."""

    plan = models.ForeignKey(
        InspectionPlan, on_delete=models.PROTECT, related_name="inspectors", verbose_name="计划"
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="民警"
    )
    number = models.CharField("警号", max_length=32)

    class Meta:
        verbose_name = "检查人员名录"
        verbose_name_plural = "检查人员名录"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "officer"],
                name="inspection_pool_inspector_once",
                violation_error_message="同一民警在名录中只能有一行。",
            )
        ]

    def __str__(self) -> str:
        return self.number
