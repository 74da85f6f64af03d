"""What every app may use: the audit trail, the office's settings, and the manager of facts."""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from core.holiday_models import Holiday
from core.seal_models import AuditSeal

__all__ = [
    "AuditEntry",
    "AuditSeal",
    "BypassError",
    "FactModel",
    "FactQuerySet",
    "Holiday",
    "OfficeSetting",
]

M = TypeVar("M", bound=models.Model)


class BypassError(RuntimeError):
    """Raised where rows would be written past history, re-grading and the audit trail."""


class FactQuerySet(models.QuerySet[M]):
    """A queryset of facts: reads as any other, refuses each way of writing that skips signals.

    The sanctioned ways are ``save()`` in a service, and ``core.bulk.create_facts``, which writes
    rows and their history together (house.md, habit 5).
    """

    def _refuse(self, what: str) -> NoReturn:
        raise BypassError(
            f"{self.model.__name__}.{what} would skip history and re-grading; use a service"
        )

    def update(self, **kwargs: Any) -> NoReturn:
        self._refuse("update")

    def delete(self) -> NoReturn:
        self._refuse("delete")

    def bulk_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        self._refuse("bulk_create")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        self._refuse("bulk_update")

    def update_or_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        self._refuse("update_or_create")


class FactModel(models.Model):
    """A fact on record: written by services alone, never deleted."""

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise BypassError(f"{type(self).__name__}: nothing is ever deleted; revoke it instead")


class AuditEntry(models.Model):
    """One change, look-up or refused attempt: who, unit, when, from where, what, why.

    Names are stored as text and not as foreign keys: the trail must read the same in ten years,
    and ``core`` knows no other app. Rows are only ever added.
    """

    at = models.DateTimeField("时间", default=timezone.now, editable=False)
    actor = models.CharField("警号", max_length=32, blank=True)
    actor_name = models.CharField("姓名", max_length=64, blank=True)
    unit = models.CharField("单位", max_length=32, blank=True)
    origin = models.CharField("来源", max_length=120, blank=True)
    action = models.CharField("操作", max_length=64)
    target_type = models.CharField("对象类型", max_length=64, blank=True)
    target_id = models.CharField("对象编号", max_length=64, blank=True)
    target_label = models.CharField("对象", max_length=200, blank=True)
    reason = models.TextField("理由", blank=True)
    details = models.JSONField("内容", default=dict, blank=True)

    class Meta:
        verbose_name = "审计记录"
        verbose_name_plural = "审计记录"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["target_type", "target_id"], name="audit_target"),
            # The auditor's questions, each answered in order without sorting the whole trail.
            models.Index(fields=["at", "id"], name="audit_at"),
            models.Index(fields=["unit", "at"], name="audit_unit_at"),
            models.Index(fields=["actor", "at"], name="audit_actor_at"),
            models.Index(fields=["action", "at"], name="audit_action_at"),
            # The last nightly check is asked for at every look at /readyz.
            models.Index(
                fields=["at"], name="audit_verify", condition=models.Q(action="grading.verify")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor} {self.action} {self.target_label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise BypassError("AuditEntry: the trail is only ever added to")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise BypassError("AuditEntry: the trail is only ever added to")


class OfficeSetting(models.Model):
    """One value that the office sets, in force from a day on; the latest not after a day counts.

    Grading figures stand in rule sets, never here (domain.md §5).
    """

    key = models.CharField("设置项", max_length=64)
    value = models.CharField("值", max_length=200, blank=True)
    effective_from = models.DateField("生效日期")
    reason = models.CharField("理由", max_length=200, blank=True)

    history = HistoricalRecords(verbose_name="设置历史")

    class Meta:
        verbose_name = "办公室设置"
        verbose_name_plural = "办公室设置"
        ordering = ["key", "-effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "effective_from"],
                name="setting_one_value_a_day",
                violation_error_message="该设置项在这一天已有取值，请改那一条。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}（{self.effective_from} 起）"
