"""The days on which the State Council's yearly notice moves work: holidays and make-up days."""

from __future__ import annotations

from django.db import models

from core.history import FactHistory


class DayKind(models.TextChoices):
    OFF = "off", "放假"
    WORK = "work", "上班"
    PLAIN = "plain", "照常"  # once named, and taken back by a later notice: nothing is deleted


class Holiday(models.Model):
    """One day of a yearly notice that overrides Monday to Friday.

    ``year`` is the year of the notice: that of 2023 began on 2022-12-31. A year with rows has its
    notice; a year without makes every deadline in it provisional.
    """

    day = models.DateField("日期", unique=True)
    kind = models.CharField("安排", max_length=5, choices=DayKind.choices)
    name = models.CharField("节日", max_length=30)
    year = models.PositiveSmallIntegerField("通知年度", db_index=True)
    notice = models.CharField("依据", max_length=200)

    history = FactHistory(verbose_name="节假日历史")

    class Meta:
        verbose_name = "节假日"
        verbose_name_plural = "节假日"
        ordering = ["day"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=DayKind.values),
                name="holiday_kind_known",
                violation_error_message="安排须为放假、上班或照常。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}{self.get_kind_display()}"
