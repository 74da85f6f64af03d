"""What belongs to one repair beside its records: the files, and what others still owe."""

from __future__ import annotations

from typing import Any

from django.db import models

from accounts.models import Officer
from appeals.case_models import CaseMark, SideFile
from appeals.repair_models import Repair
from core.history import FactHistory
from core.models import FactQuerySet


class RepairFileQuerySet(FactQuerySet["RepairFile"]):
    def visible_to(self, officer: Officer) -> RepairFileQuerySet:
        """The files of the repairs that this officer may open."""
        return self.filter(repair__in=Repair.objects.visible_to(officer))


class RepairFile(SideFile):
    repair = models.ForeignKey(Repair, on_delete=models.PROTECT, related_name="files")

    objects = RepairFileQuerySet.as_manager()
    history = FactHistory(verbose_name="修复材料历史")

    class Meta(SideFile.Meta):
        verbose_name = "修复材料"
        verbose_name_plural = "修复材料"
        constraints = [
            models.UniqueConstraint(
                fields=["repair", "sha256"],
                name="repair_file_once",
                violation_error_message="这份文件已经上传。",
            )
        ]


class RepairMark(CaseMark):
    repair = models.ForeignKey(Repair, on_delete=models.PROTECT, related_name="marks")

    objects: models.Manager[Any] = FactQuerySet.as_manager()
    history = FactHistory(verbose_name="后续事项历史")

    class Meta(CaseMark.Meta):
        verbose_name = "修复后续事项"
        verbose_name_plural = "修复后续事项"
        constraints = [
            models.UniqueConstraint(
                fields=["repair", "kind"],
                name="repair_mark_once",
                violation_error_message="这一事项已经登记。",
            )
        ]
