"""What is typed into an entry form and not handed in yet."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from violations.enums import DecisionKind


class EntryDraft(models.Model):
    """What an officer has typed into an entry form and not yet handed in; any state of disorder."""

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="entry_drafts"
    )
    kind = models.CharField("决定种类", max_length=10, choices=DecisionKind.choices)
    decision = models.ForeignKey(
        "violations.Decision",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="entry_drafts",
    )
    # Given by the form itself: saved twice before the first answer, it is still one draft.
    key = models.UUIDField("表单标识", null=True, blank=True, editable=False)
    data = models.JSONField("内容", default=dict)
    label = models.CharField("标题", max_length=200, blank=True)
    updated_at = models.DateTimeField("保存时间", auto_now=True)

    class Meta:
        verbose_name = "录入草稿"
        verbose_name_plural = "录入草稿"
        ordering = ["-updated_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["officer", "key"],
                name="violations_entry_draft_once",
                violation_error_message="这张表单已有草稿。",
            ),
        ]

    def __str__(self) -> str:
        return self.label or f"草稿 {self.pk}"
