"""What belongs to one objection: the units' words, the pauses, the files, what others still owe."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from accounts.models import Officer, Unit
from appeals.case_models import CaseMark, SideFile, maybe, person
from appeals.objection_enums import Advice, PauseKind
from appeals.objection_models import Objection
from core.case_clock import Wait
from core.history import FactHistory
from core.models import FactModel, FactQuerySet


class ObjectionStatement(FactModel):
    """One unit that provided a record is asked, and answers (art. 41: within 3 working days)."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="statements")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="objection_statements", verbose_name="原单位"
    )
    asked_on = models.DateField("转交日期")
    asked_by = person("转交人")
    question = models.TextField("核实要求", blank=True)
    advice = models.CharField("单位意见", max_length=8, choices=Advice.choices, blank=True)
    words = models.TextField("核实情况", blank=True)
    document = models.CharField("单位文书", max_length=100, blank=True)
    stated_on = models.DateField("答复日期", null=True, blank=True)
    stated_by = maybe("核实人")

    objects: models.Manager[Any] = FactQuerySet.as_manager()
    history = FactHistory(verbose_name="核实历史")

    class Meta(FactModel.Meta):
        verbose_name = "原单位核实"
        verbose_name_plural = "原单位核实"
        ordering = ["asked_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["objection", "unit"],
                condition=Q(stated_on__isnull=True),
                name="objection_unit_asked_once",
                violation_error_message="该单位已在核实。",
            ),
            models.CheckConstraint(
                condition=Q(stated_on__isnull=True)
                | Q(stated_on__gte=F("asked_on"), stated_by__isnull=False)
                & ~Q(advice="")
                & ~Q(words=""),
                name="objection_unit_states_in_words",
                violation_error_message="核实须有意见、情况和核实人。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.objection_id} {self.unit_id}"


class ObjectionPause(FactModel):
    """A time in which material or an expert is awaited: the deadline stands still."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="pauses")
    kind = models.CharField("等待", max_length=8, choices=PauseKind.choices)
    begins_on = models.DateField("自")
    ends_on = models.DateField("至", null=True, blank=True)
    why = models.TextField("等待什么")
    brought = models.TextField("结果", blank=True)
    asked_by = person("登记人")

    objects: models.Manager[Any] = FactQuerySet.as_manager()
    history = FactHistory(verbose_name="等待历史")

    class Meta(FactModel.Meta):
        verbose_name = "异议等待"
        verbose_name_plural = "异议等待"
        ordering = ["begins_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["objection"],
                condition=Q(ends_on__isnull=True),
                name="objection_one_pause_at_a_time",
                violation_error_message="已经在等待，不能再次暂停。",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("begins_on")),
                name="objection_pause_ends_after_it_begins",
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.objection_id} {self.begins_on}"

    @property
    def wait(self) -> Wait:
        return Wait(self.begins_on, self.ends_on, self.get_kind_display())


class ObjectionFileQuerySet(FactQuerySet["ObjectionFile"]):
    def visible_to(self, officer: Officer) -> ObjectionFileQuerySet:
        """The files of the objections that this officer may open."""
        return self.filter(objection__in=Objection.objects.visible_to(officer))


class ObjectionFile(SideFile):
    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="files")

    objects = ObjectionFileQuerySet.as_manager()
    history = FactHistory(verbose_name="异议材料历史")

    class Meta(SideFile.Meta):
        verbose_name = "异议材料"
        verbose_name_plural = "异议材料"
        constraints = [
            models.UniqueConstraint(
                fields=["objection", "sha256"],
                name="objection_file_once",
                violation_error_message="这份文件已经上传。",
            )
        ]


class ObjectionMark(CaseMark):
    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="marks")

    objects: models.Manager[Any] = FactQuerySet.as_manager()
    history = FactHistory(verbose_name="后续事项历史")

    class Meta(CaseMark.Meta):
        verbose_name = "异议后续事项"
        verbose_name_plural = "异议后续事项"
        constraints = [
            models.UniqueConstraint(
                fields=["objection", "kind"],
                name="objection_mark_once",
                violation_error_message="这一事项已经登记。",
            )
        ]
