"""Papers that leave the bureau: numbered without gaps, rendered once, kept with their hash.

What a paper says is frozen by the database itself (``core.append_only.freeze``): after it was
issued only its service and what supersedes it are written. Files lie below ``VAR_DIR/files``.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Officer, Unit
from accounts.roles import Can
from core.history import FactHistory
from core.models import FactModel, FactQuerySet
from subjects.models import Subject
from violations.models import Decision, ListEntry

# The columns of a paper that stay as they were written; the database refuses to change them.
FROZEN = (
    "kind",
    "label",
    "number",
    "year",
    "sequence",
    "unit_id",
    "subject_id",
    "decision_id",
    "list_entry_id",
    "content",
    "texts",
    "text_versions",
    "issued_by_id",
    "issued_on",
    "issued_at",
    "stored",
    "sha256",
    "size",
    "pages",
)


class PaperCounter(models.Model):
    """The last number of one kind of one unit in one year; locked while the next is given."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="单位")
    kind = models.CharField("文书种类", max_length=40)
    year = models.PositiveSmallIntegerField("年度")
    last = models.PositiveIntegerField("最后序号", default=0)

    class Meta:
        verbose_name = "文书序号"
        verbose_name_plural = "文书序号"
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind", "year"], name="paper_counter_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kind} {self.year}: {self.last}"


class PaperQuerySet(FactQuerySet["Paper"]):
    def visible_to(self, officer: Officer) -> PaperQuerySet:
        """Those this officer may open; others do not exist for them (404).

        Who reads all records reads all papers; who issues papers those of the own unit.
        """
        if officer.may(Can.SEE_ALL_DECISIONS):
            return self.all()
        if officer.may(Can.ISSUE_PAPER):
            return self.filter(unit=officer.unit_id)
        return self.none()

    def standing(self) -> PaperQuerySet:
        """Without those that another paper took the place of."""
        return self.filter(superseded_by__isnull=True)


class Paper(FactModel):
    """One paper as it went out. ``content`` and ``texts`` are what it was rendered from."""

    kind = models.CharField("文书种类", max_length=40)
    label = models.CharField("文书名称", max_length=40)
    number = models.CharField("文号", max_length=100, unique=True)
    year = models.PositiveSmallIntegerField("年度")
    sequence = models.PositiveIntegerField("序号")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="papers", verbose_name="出具单位"
    )
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, related_name="papers", verbose_name="监管对象"
    )
    decision = models.ForeignKey(
        Decision,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="papers",
        verbose_name="处理决定",
    )
    list_entry = models.ForeignKey(
        ListEntry,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="papers",
        verbose_name="名单记录",
    )
    content = models.JSONField("内容", default=dict)
    texts = models.JSONField("文本段落", default=dict)
    text_versions = models.JSONField("文本版本", default=dict)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="出具人"
    )
    issued_on = models.DateField("文书日期")
    issued_at = models.DateTimeField("出具时间", default=timezone.now, editable=False)
    stored = models.CharField("存放位置", max_length=64, unique=True, editable=False)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveIntegerField("大小（字节）")
    pages = models.PositiveSmallIntegerField("页数")
    served_on = models.DateField("送达日期", null=True, blank=True)
    superseded_by = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="supersedes",
        verbose_name="重新出具为",
    )
    superseded_reason = models.CharField("重新出具理由", max_length=300, blank=True)

    objects = PaperQuerySet.as_manager()
    history = FactHistory(verbose_name="文书历史", excluded_fields=["content", "texts"])

    class Meta(FactModel.Meta):
        verbose_name = "文书"
        verbose_name_plural = "文书"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["unit", "kind"], name="paper_unit_kind"),
            models.Index(fields=["subject", "kind"], name="paper_subject_kind"),
            models.Index(
                fields=["issued_on"],
                name="paper_unserved",
                condition=Q(served_on__isnull=True, superseded_by__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "kind", "year", "sequence"],
                name="paper_number_once",
                violation_error_message="该文号已经使用。",
            ),
            models.CheckConstraint(
                condition=Q(sequence__gte=1) & Q(pages__gte=1) & Q(size__gte=1),
                name="paper_numbered_and_rendered",
                violation_error_message="文书须有序号和已生成的文件。",
            ),
            models.CheckConstraint(
                condition=Q(served_on__isnull=True) | Q(served_on__gte=F("issued_on")),
                name="paper_served_after_issued",
                violation_error_message="送达日期不能早于文书日期。",
            ),
            models.CheckConstraint(
                condition=Q(superseded_by__isnull=True, superseded_reason="")
                | (
                    Q(superseded_by__isnull=False)
                    & ~Q(superseded_by=F("id"))
                    & ~Q(superseded_reason="")
                ),
                name="paper_superseded_with_reason",
                violation_error_message="重新出具须写明理由，且不能以自己替代自己。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.number}"

    @property
    def is_superseded(self) -> bool:
        return self.superseded_by_id is not None
