"""Since when an installation explains grades in which words (``grading.wording``)."""

from __future__ import annotations

from django.db import models


class WordsVersion(models.Model):
    """One row a version after the first, written by the migration that came with it."""

    number = models.PositiveSmallIntegerField("版本", primary_key=True)
    since = models.DateTimeField("使用起始")

    class Meta:
        verbose_name = "说明文字版本"
        verbose_name_plural = "说明文字版本"

    def __str__(self) -> str:
        return str(self.number)
