"""Papers kept with a record: scans of the decision, receipts of service, evidence.

The row is written after the file: a row without its file cannot be, a file without a row is swept
(``violations.attachment_files``). Files never leave the bureau: nothing here is ever published.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Officer
from accounts.roles import Can
from core.history import FactHistory
from core.models import FactModel, FactQuerySet
from violations.enums import AttachmentKind, FileType
from violations.list_models import ListEntry

SHOWN_PAGES = 5


class StoredFile(models.Model):
    """What both say of a file: as whom it came, what it is, and where it lies.

    ``name`` is what the officer's computer called it and is text only; the place (``stored``) is
    random and says nothing.
    """

    kind = models.CharField("种类", max_length=8, choices=AttachmentKind.choices)
    name = models.CharField("原文件名", max_length=200)
    stored = models.CharField("存放位置", max_length=64, unique=True, editable=False)
    file_type = models.CharField("格式", max_length=4, choices=FileType.choices)
    size = models.PositiveIntegerField("大小（字节）")
    pages = models.PositiveSmallIntegerField("页数", default=1)
    sha256 = models.CharField("SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间", default=timezone.now, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def shown_pages(self) -> range:
        """The pages that a preview draws."""
        return range(1, min(self.pages, SHOWN_PAGES) + 1)


class CaseFile(StoredFile, FactModel):
    """A file of a case that the app of the case keeps (``violations.case_files`` adds them)."""

    class Meta(FactModel.Meta):
        abstract = True
        ordering = ["id"]


class StagedFile(StoredFile):
    """A file uploaded into an entry form that is not handed in yet; it goes as its draft goes."""

    entry_draft = models.ForeignKey(
        "violations.EntryDraft",
        on_delete=models.CASCADE,
        related_name="files",
        verbose_name="录入草稿",
    )

    class Meta:
        verbose_name = "草稿附件"
        verbose_name_plural = "草稿附件"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry_draft", "sha256"],
                name="staged_file_once",
                violation_error_message="这份文件已经上传。",
            )
        ]


class AttachmentQuerySet(FactQuerySet["Attachment"]):
    def visible_to(self, officer: Officer) -> AttachmentQuerySet:
        """Those this officer may open; others do not exist for them (404).

        Another unit's officers never see files, whatever else they see of a record (domain.md §5).
        """
        from violations.models import Decision  # which imports this module

        own = Q(decision__in=Decision.objects.visible_to(officer))
        if officer.may(Can.SEE_ALL_DECISIONS):
            own |= Q(list_entry__isnull=False)
        return self.filter(own)

    def standing(self) -> AttachmentQuerySet:
        """Without those that were withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class Attachment(StoredFile, FactModel):
    """A file on record: never deleted, withdrawn with a reason where it does not belong there."""

    decision = models.ForeignKey(
        "violations.Decision",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="attachments",
        verbose_name="处理决定",
    )
    list_entry = models.ForeignKey(
        ListEntry,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="attachments",
        verbose_name="名单记录",
    )
    withdrawn_at = models.DateTimeField("撤下时间", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="撤下人",
    )
    withdrawn_reason = models.CharField("撤下理由", max_length=200, blank=True)

    objects = AttachmentQuerySet.as_manager()
    history = FactHistory(verbose_name="附件历史")

    class Meta(FactModel.Meta):
        verbose_name = "附件"
        verbose_name_plural = "附件"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__isnull=False, list_entry__isnull=True)
                | Q(decision__isnull=True, list_entry__isnull=False),
                name="attachment_of_one_record",
                violation_error_message="附件须属于一项记录。",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | (
                    Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                    & ~Q(withdrawn_reason="")
                ),
                name="attachment_withdrawn_with_reason",
                violation_error_message="撤下附件须写明理由。",
            ),
            models.UniqueConstraint(
                fields=["decision", "sha256"],
                condition=Q(withdrawn_at__isnull=True),
                name="attachment_once_a_decision",
                violation_error_message="这份文件已经上传。",
            ),
        ]

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None


class RemarkDraft(models.Model):
    """What a reviewer has typed about a submitted decision and not yet sent; theirs alone."""

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="remark_drafts"
    )
    decision = models.ForeignKey(
        "violations.Decision", on_delete=models.CASCADE, related_name="remark_drafts"
    )
    remark = models.TextField("退回意见", blank=True)
    updated_at = models.DateTimeField("保存时间", auto_now=True)

    class Meta:
        verbose_name = "退回意见草稿"
        verbose_name_plural = "退回意见草稿"
        constraints = [
            models.UniqueConstraint(fields=["officer", "decision"], name="remark_draft_once")
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.officer_id}"
