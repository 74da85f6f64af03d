"""Numbers of cases: a word, the year, a gapless sequence (XF-2026-0008 for repairs)."""

from __future__ import annotations

from django.db import models

REPAIR = "XF"


class CaseCounter(models.Model):
    """The last number of one kind of case in one year; locked while the next is given."""

    kind = models.CharField("案件种类", max_length=4)
    year = models.PositiveSmallIntegerField("年度")
    last = models.PositiveIntegerField("最后序号", default=0)

    class Meta:
        verbose_name = "案件序号"
        verbose_name_plural = "案件序号"
        constraints = [models.UniqueConstraint(fields=["kind", "year"], name="case_counter_once")]

    def __str__(self) -> str:
        return f"{self.kind}-{self.year}: {self.last}"


def next_number(kind: str, year: int) -> str:
    """The next number; the caller holds the transaction, and what fails takes no number."""
    CaseCounter.objects.get_or_create(kind=kind, year=year)
    counter = CaseCounter.objects.select_for_update().get(kind=kind, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{kind}-{year}-{counter.last:04d}"
