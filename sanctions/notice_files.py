"""Scans kept with a reminder or interview: the signed minutes, a commitment handed in (5-5)."""

from __future__ import annotations

from django.db import models

from accounts.models import Officer
from core.history import FactHistory
from core.models import FactQuerySet
from sanctions.notice_models import Notice
from sanctions.notice_workflow import Step, locked, steps
from violations.attachment_models import CaseFile
from violations.case_files import Shelf, check_step


class NoticeFileQuerySet(FactQuerySet["NoticeFile"]):
    def visible_to(self, officer: Officer) -> NoticeFileQuerySet:
        """The files of the notices that this officer may open."""
        return self.filter(notice__in=Notice.objects.visible_to(officer))


class NoticeFile(CaseFile):
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="files")

    objects = NoticeFileQuerySet.as_manager()
    history = FactHistory(verbose_name="提醒与约谈附件历史")

    class Meta(CaseFile.Meta):
        verbose_name = "提醒与约谈附件"
        verbose_name_plural = "提醒与约谈附件"
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "sha256"],
                name="notice_file_once",
                violation_error_message="这份文件已经上传。",
            )
        ]


def _check(officer: Officer | None, notice: Notice) -> None:
    check_step(steps, Step.ADD_FILE, officer or Officer(), notice)


FILES = Shelf(Notice, steps.noun, "notice", locked, _check)
