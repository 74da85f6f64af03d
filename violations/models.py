"""The facts that grades rest on: decisions with their acts; list entries and factors beside them.

domain.md §2. Rows are written by ``violations.services`` and the import alone; the stored bucket
and money of an act are derived from its dispositions (3-H) and compared with them each night.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Unit
from core.history import FactHistory
from core.models import FactModel, FactQuerySet
from subjects.models import Subject
from violations.attachment_models import Attachment, RemarkDraft, StagedFile
from violations.correction_models import Correction
from violations.draft_models import EntryDraft
from violations.enums import (
    AMOUNT_KINDS,
    AMOUNT_REQUIRED_KINDS,
    Bucket,
    DecisionKind,
    DecisionState,
    DispositionKind,
    Field,
    Procedure,
)
from violations.factor_models import Factor, FactorRow, FactorRun
from violations.import_models import ImportRun
from violations.law_models import LawArticle
from violations.list_case_models import ListEntryHand, ListObjection
from violations.list_condition_models import ListCondition
from violations.list_models import ListEntry
from violations.visibility import DecisionQuerySet

__all__ = [
    "Attachment",
    "Contest",
    "Correction",
    "Decision",
    "DecisionEditor",
    "Disposition",
    "EntryDraft",
    "Factor",
    "FactorRow",
    "FactorRun",
    "ImportRun",
    "LawArticle",
    "ListCondition",
    "ListEntry",
    "ListEntryHand",
    "ListObjection",
    "RemarkDraft",
    "StagedFile",
    "Violation",
]


class Decision(FactModel):
    """One document of a unit about one organisation: penalty, order to correct, or breach.

    A decision never changes its subject: it is revoked and recorded anew with ``replaces``.
    """

    number = models.CharField("决定书文号", max_length=100)
    number_key = models.CharField(
        "文号（规范）",
        max_length=100,
        editable=False,
        help_text="括号、空白统一后的文号，用于查重。",
    )
    kind = models.CharField("决定种类", max_length=10, choices=DecisionKind.choices)
    procedure = models.CharField(
        "程序", max_length=10, choices=Procedure.choices, default=Procedure.ORDINARY
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="decisions", verbose_name="作出单位"
    )
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, related_name="decisions", verbose_name="监管对象"
    )
    handler = models.CharField("承办民警", max_length=64, blank=True)
    decided_on = models.DateField("决定日期")
    served_on = models.DateField("送达日期", null=True, blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=DecisionState.choices, default=DecisionState.DRAFT
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="recorded_decisions",
        verbose_name="录入人",
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="confirmed_decisions",
        verbose_name="审核人",
    )
    truth_stated = models.BooleanField("真实性声明", default=False)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    confirmed_at = models.DateTimeField("生效时间", null=True, blank=True)
    returned_remark = models.TextField("退回意见", blank=True)
    replaces = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name="替代",
    )
    taken_over = models.BooleanField("接收的历史记录", default=False)
    import_run = models.ForeignKey(
        ImportRun,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        db_index=False,
        related_name="decisions",
        verbose_name="批量导入",
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    created_at = models.DateTimeField("录入时间", default=timezone.now, editable=False)

    objects = DecisionQuerySet.as_manager()
    history = FactHistory(verbose_name="决定历史")

    class Meta(FactModel.Meta):
        verbose_name = "处理决定"
        verbose_name_plural = "处理决定"
        ordering = ["-decided_on", "-id"]
        indexes = [
            models.Index(fields=["subject", "decided_on"], name="decision_subject_day"),
            models.Index(fields=["unit", "state"], name="decision_unit_state"),
            # A search by number asks all units at once.
            models.Index(fields=["number_key"], name="decision_number_key"),
            # Few wait for their service; measures of many are asked for them.
            models.Index(
                fields=["subject"],
                name="decision_unserved_subject",
                condition=Q(state="in_force", served_on__isnull=True),
            ),
            # The quality of a period's records is asked for by when they were entered.
            models.Index(fields=["created_at"], name="decision_created"),
            # Few come from sheets; a batch is found as a whole.
            models.Index(
                fields=["import_run"],
                name="decision_import_run",
                condition=Q(import_run__isnull=False),
            ),
            models.Index(
                fields=["decided_on"],
                name="decision_unserved",
                condition=Q(state="in_force", served_on__isnull=True),
            ),
            # Of whom somebody has to be told (5-1): what was taken over opens no task.
            models.Index(
                fields=["served_on"],
                name="decision_to_tell",
                condition=Q(state="in_force", served_on__isnull=False, taken_over=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "number_key"],
                condition=~Q(state="withdrawn"),
                name="decision_number_once_a_unit",
                violation_error_message="该文号本单位已录入。",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | ~Q(confirmed_by=F("recorded_by"))
                | Q(taken_over=True),
                name="decision_two_persons",
                violation_error_message="录入人不能审核自己录入的决定。",
            ),
            models.CheckConstraint(
                condition=~Q(state="in_force") | Q(confirmed_by__isnull=False),
                name="decision_in_force_is_confirmed",
                violation_error_message="生效的决定须有审核人。",
            ),
            models.CheckConstraint(
                condition=Q(served_on__isnull=True) | Q(served_on__gte=F("decided_on")),
                name="decision_served_after_decided",
                violation_error_message="送达日期不能早于决定日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_in_force(self) -> bool:
        return self.state == DecisionState.IN_FORCE


class DecisionEditor(models.Model):
    """An officer who created or edited a decision in any version; never confirms it (2-1)."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="editors")
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="edited_decisions"
    )

    class Meta:
        verbose_name = "编辑人"
        verbose_name_plural = "编辑人"
        constraints = [
            models.UniqueConstraint(fields=["decision", "officer"], name="decision_editor_once")
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.officer_id}"


class Violation(FactModel):
    """One act within a decision (3-S); its heaviest disposition decides its bucket (3-H)."""

    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, related_name="violations", verbose_name="处理决定"
    )
    ordinal = models.PositiveSmallIntegerField("序号")
    field = models.CharField("领域", max_length=16, choices=Field.choices)
    type = models.CharField("违法行为类型", max_length=200)
    facts = models.TextField("违法事实")
    law = models.CharField("法律依据", max_length=200)
    law_key = models.CharField(
        "法律依据（规范）",
        max_length=200,
        editable=False,
        help_text="规范后的法律名称，多部以“|”相连；由规则版本决定是否封存。",
    )
    article = models.CharField("条款", max_length=100, blank=True)
    committed_on = models.DateField("违法行为日期", null=True, blank=True)
    correct_by = models.DateField("整改期限", null=True, blank=True)
    # Why kind or amount is not what the law catalogue gives for the article; for the reviewer.
    deviation_reason = models.TextField("与条款不符的理由", blank=True, default="", db_default="")
    bucket = models.CharField("计入", max_length=8, choices=Bucket.choices, editable=False)
    amount_fen = models.BigIntegerField(
        "计入金额（分）", default=0, editable=False, help_text="计入行政处罚的罚没款，单位为分。"
    )
    revoked_on = models.DateField("撤销日期", null=True, blank=True)
    revoked_reason = models.TextField("撤销理由", blank=True)
    revoked_document = models.CharField("撤销文书", max_length=100, blank=True)
    # What stands behind it: violations.outcome_basis.
    revoked_basis = models.CharField(
        "撤销依据", max_length=100, blank=True, default="", db_default=""
    )
    repaired_on = models.DateField("修复日期", null=True, blank=True)
    repaired_reason = models.TextField("修复理由", blank=True)
    repaired_document = models.CharField("修复文书", max_length=100, blank=True)
    repaired_basis = models.CharField(
        "修复依据", max_length=100, blank=True, default="", db_default=""
    )

    objects: models.Manager[Any] = FactQuerySet.as_manager()
    history = FactHistory(verbose_name="失信行为历史")

    class Meta(FactModel.Meta):
        verbose_name = "失信行为"
        verbose_name_plural = "失信行为"
        ordering = ["decision_id", "ordinal"]
        indexes = [models.Index(fields=["field"], name="violation_field")]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "ordinal"],
                name="violation_ordinal_once",
                violation_error_message="同一决定内序号不能重复。",
            ),
            models.CheckConstraint(
                condition=Q(amount_fen=0) | Q(amount_fen__gt=0, bucket="penalty"),
                name="violation_money_only_in_penalty",
                violation_error_message="只有行政处罚计入罚没款。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision} · {self.ordinal}"

    @property
    def amount(self) -> Decimal:
        """The counted money in yuan."""
        return Decimal(self.amount_fen) / 100

    @property
    def is_revoked(self) -> bool:
        """What is revoked counts on no day, past days included."""
        return self.revoked_on is not None


class StandingDispositions(models.Manager.from_queryset(FactQuerySet)):  # type: ignore[misc]
    """Without what a correction struck: it was entered and never stood on the paper."""

    def get_queryset(self) -> FactQuerySet[Any]:
        found: FactQuerySet[Any] = super().get_queryset().filter(struck_by__isnull=True)
        return found


class Disposition(FactModel):
    """One kind of treatment of one act, with an amount in yuan where money is taken.

    Nothing is deleted: what a correction takes away is struck and keeps its row (``every``).
    """

    violation = models.ForeignKey(
        Violation, on_delete=models.PROTECT, related_name="dispositions", verbose_name="失信行为"
    )
    kind = models.CharField("处理种类", max_length=20, choices=DispositionKind.choices)
    amount = models.DecimalField(
        "金额（元）", max_digits=14, decimal_places=2, null=True, blank=True
    )
    licence = models.CharField("证照名称及编号", max_length=200, blank=True)
    struck_by = models.ForeignKey(
        Correction,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        db_index=False,
        related_name="struck",
        verbose_name="因更正删去",
    )

    objects: models.Manager[Any] = StandingDispositions()
    every: models.Manager[Any] = FactQuerySet.as_manager()
    history = FactHistory(verbose_name="处理历史")

    class Meta(FactModel.Meta):
        base_manager_name = "every"
        verbose_name = "处理"
        verbose_name_plural = "处理"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=sorted(AMOUNT_KINDS)) | Q(amount__isnull=True),
                name="disposition_amount_only_where_taken",
                violation_error_message="这个处理种类没有金额。",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=sorted(AMOUNT_REQUIRED_KINDS)) | Q(amount__isnull=False),
                name="disposition_amount_where_required",
                violation_error_message="罚款和没收违法所得须填写金额。",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gt=0),
                name="disposition_amount_positive",
                violation_error_message="金额须大于 0。",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Contest(FactModel):
    """An administrative review or suit about a decision; while it covers a day, nothing counts."""

    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, related_name="contests", verbose_name="处理决定"
    )
    contested_from = models.DateField("自")
    contested_until = models.DateField("至（不含）", null=True, blank=True)
    document = models.CharField("文书", max_length=100)
    outcome = models.TextField("结果", blank=True)

    objects: models.Manager[Any] = FactQuerySet.as_manager()
    history = FactHistory(verbose_name="复议诉讼历史")

    class Meta(FactModel.Meta):
        verbose_name = "复议诉讼"
        verbose_name_plural = "复议诉讼"
        ordering = ["contested_from", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(contested_until__isnull=True)
                | Q(contested_until__gt=F("contested_from")),
                name="contest_ends_after_it_begins",
                violation_error_message="结束日期须晚于开始日期。",
            )
        ]

    def __str__(self) -> str:
        return self.document
