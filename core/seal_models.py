"""The chain over the audit trail: what was sealed, by numbers that nobody can bend unseen."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models


class AuditSeal(models.Model):
    """One link: all audit rows with ids from ``first_id`` to ``last_id``, as they were then.

    Ranges follow upon each other without a gap, so that a row that is slipped in anywhere falls
    into one. ``digest`` is the SHA-256 over the rows in order; ``marks`` holds eight bytes of id
    and eight of the digest of each row, to say which row was touched; ``hash`` covers all columns
    and the hash of the link before. Only ever added to, by ``core.sealing`` alone.
    """

    number = models.PositiveBigIntegerField("编号", unique=True, editable=False)
    first_id = models.BigIntegerField("起", editable=False)
    last_id = models.BigIntegerField("止", editable=False)
    count = models.PositiveIntegerField("行数", editable=False)
    digest = models.CharField("摘要", max_length=64, editable=False)
    marks = models.BinaryField("逐行印记", editable=False)
    previous = models.CharField("上一封存的校验值", max_length=64, editable=False)
    hash = models.CharField("校验值", max_length=64, editable=False)
    sealed_at = models.DateTimeField("封存时间", editable=False)

    class Meta:
        verbose_name = "审计封存"
        verbose_name_plural = "审计封存"
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"第 {self.number} 号封存（{self.first_id}-{self.last_id}）"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise RuntimeError("AuditSeal: the chain is only ever added to")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise RuntimeError("AuditSeal: the chain is only ever added to")
