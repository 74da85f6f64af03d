"""What objections and repairs have in common: persons, files of a side, what others owe."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.models import FactModel
from violations.attachment_models import CaseFile


def person(label: str, **options: Any) -> models.ForeignKey[Any, Any]:
    options = {"related_name": "+", **options}
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=label, **options
    )


def maybe(label: str, **options: Any) -> models.ForeignKey[Any, Any]:
    return person(label, null=True, blank=True, **options)


class Side(models.TextChoices):
    """Who brought a file."""

    PARTY = "party", "申请人"
    UNIT = "unit", "原单位"
    OFFICE = "office", "局办公室"


class MarkKind(models.TextChoices):
    """What others owe once a record changed (条例 arts. 42, 43; 行政处罚法 art. 48)."""

    SHARED = "shared", "通知共享单位删除"
    PUBLISHED = "published", "撤回公示并说明理由"


class SideFile(CaseFile):
    """Evidence of one side."""

    side = models.CharField("提交人", max_length=8, choices=Side.choices)

    class Meta(CaseFile.Meta):
        abstract = True


class CaseMark(FactModel):
    """One thing that others do after a record changed, and when it was done."""

    kind = models.CharField("事项", max_length=10, choices=MarkKind.choices)
    done_on = models.DateField("办结日期")
    words = models.CharField("说明", max_length=200)
    marked_by = person("登记人")
    marked_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)

    class Meta(FactModel.Meta):
        abstract = True
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.done_on}"
