"""The register of organisations: legal persons, social organisations and registered businesses.

Natural persons are never subjects (clauses.md, Scope).
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.models import Unit
from core.history import FactHistory
from core.models import FactModel, FactQuerySet
from subjects.enums import SPECIAL_INDUSTRIES, Industry, RegistryStatus, SubjectKind


class SubjectQuerySet(FactQuerySet["Subject"]):
    def surviving(self) -> SubjectQuerySet:
        """Without the entries that were merged into another."""
        return self.filter(merged_into__isnull=True)


class Subject(FactModel):
    """An organisation, known by its unified social credit code.

    Two entries for one organisation are merged by ``merged_into``, which always points at an entry
    that is itself not merged; the records stay where they are and count for the survivor.
    """

    credit_code = models.CharField("统一社会信用代码", max_length=18, unique=True)
    code_exception = models.CharField(
        "校验位例外理由",
        max_length=200,
        blank=True,
        help_text="登记机关实际核发而校验位不符的代码，写明如何核实。",
    )
    name = models.CharField("名称", max_length=200)
    name_initials = models.CharField("名称拼音首字母", max_length=200, blank=True, editable=False)
    kind = models.CharField("类别", max_length=16, choices=SubjectKind.choices)
    registry_status = models.CharField(
        "登记状态", max_length=16, choices=RegistryStatus.choices, default=RegistryStatus.ACTIVE
    )
    address = models.CharField("住所", max_length=200, blank=True)
    principal = models.CharField("法定代表人（负责人）", max_length=64, blank=True)
    industry = models.CharField(
        "行业", max_length=20, choices=Industry.choices, default=Industry.OTHER
    )
    unit_in_charge = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="subjects",
        verbose_name="归口单位",
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_from",
        verbose_name="并入",
    )
    created_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)

    objects = SubjectQuerySet.as_manager()
    history = FactHistory(verbose_name="监管对象历史")

    class Meta(FactModel.Meta):
        verbose_name = "监管对象"
        verbose_name_plural = "监管对象"
        ordering = ["id"]
        indexes = [
            # Names and initials: migration 0002, for PostgreSQL alone (``subjects.pieces``).
            models.Index(fields=["industry"], name="subject_industry"),
            models.Index(Coalesce("merged_into", "id"), name="subject_survivor"),
            models.Index(
                fields=["registry_status"],
                name="subject_not_active",
                condition=~models.Q(registry_status=RegistryStatus.ACTIVE),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")),
                name="subject_not_into_itself",
                violation_error_message="监管对象不能并入自己。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.credit_code}）"

    @property
    def is_special_industry(self) -> bool:
        """Whether its line of business is a special industry (特种行业)."""
        return self.industry in SPECIAL_INDUSTRIES

    @property
    def survivor_id(self) -> int:
        """The id under which its records count: its own, or the entry's it was merged into."""
        return self.merged_into_id or self.pk

    @cached_property
    def family_ids(self) -> list[int]:
        """The ids under which its own records stand: its own, and those merged into it.

        Asked once: a condition on both sides of the join would read the records of everybody.
        """
        merged = type(self).objects.filter(merged_into=self).order_by("pk")
        return [self.pk, *merged.values_list("pk", flat=True)]


class StandingCodes(models.Manager.from_queryset(FactQuerySet)):  # type: ignore[misc]
    """Without codes that a correction took back: they never were, or are again, somebody's own."""

    def get_queryset(self) -> FactQuerySet[Any]:
        found: FactQuerySet[Any] = super().get_queryset().filter(is_void=False)
        return found


class SubjectCode(FactModel):
    """A code that an organisation had before (重新赋码, 变更登记); found like the present one."""

    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, related_name="former_codes", verbose_name="监管对象"
    )
    code = models.CharField("曾用代码", max_length=18)
    until = models.DateField("使用至", null=True, blank=True)
    reason = models.CharField("变更理由", max_length=200, blank=True)
    is_void = models.BooleanField("已作废", default=False, editable=False)

    objects: models.Manager[Any] = StandingCodes()
    every: models.Manager[Any] = FactQuerySet.as_manager()
    history = FactHistory(verbose_name="曾用代码历史")

    class Meta(FactModel.Meta):
        base_manager_name = "every"
        verbose_name = "曾用代码"
        verbose_name_plural = "曾用代码"
        indexes = [
            # The beginning of a code is looked for, as with the present one.
            models.Index(
                fields=["code"], name="subject_code_prefix", opclasses=["varchar_pattern_ops"]
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=models.Q(is_void=False),
                name="subject_code_once",
                violation_error_message="该代码已是另一监管对象的曾用代码。",
            )
        ]

    def __str__(self) -> str:
        return self.code


class SubjectName(FactModel):
    """A name that an organisation had before."""

    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, related_name="former_names", verbose_name="监管对象"
    )
    name = models.CharField("曾用名称", max_length=200)
    name_initials = models.CharField("拼音首字母", max_length=200, blank=True, editable=False)
    until = models.DateField("使用至", null=True, blank=True)

    objects: models.Manager[Any] = FactQuerySet.as_manager()
    history = FactHistory(verbose_name="曾用名称历史")

    class Meta(FactModel.Meta):
        verbose_name = "曾用名称"
        verbose_name_plural = "曾用名称"

    def __str__(self) -> str:
        return self.name
