"""Credit repair (5-9): one application of one organisation for any number of its records.

Each record is decided by itself. Who decides is another than who handled the case, and has nothing
to do with the record: the constraints compare the persons that stand on the row itself.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Officer, Unit
from accounts.roles import Can
from appeals.case_models import maybe, person
from appeals.repair_enums import (
    DECIDED_VERDICTS,
    OPEN_STATES,
    Channel,
    Proof,
    RepairState,
    Verdict,
    Word,
)
from core.case_clock import Wait
from core.encrypted_fields import EncryptedField
from core.history import FactHistory
from core.models import FactModel, FactQuerySet
from sanctions.paper_models import Paper
from subjects.models import Subject
from violations.models import Violation

_SECRET = ["contact_name", "contact_phone"]


class RepairQuerySet(FactQuerySet["Repair"]):
    def visible_to(self, officer: Officer) -> RepairQuerySet:
        """Those this officer may open; others do not exist for them (404).

        Who reads every record reads every case; a unit's reviewer those about its own records.
        """
        if officer.may(Can.SEE_ALL_DECISIONS):
            return self.all()
        if officer.may(Can.STATE_FOR_UNIT):
            own = RepairItem.objects.filter(unit=officer.unit_id).order_by()
            return self.filter(pk__in=own.values("repair"))
        return self.none()

    def open(self) -> RepairQuerySet:
        return self.filter(state__in=OPEN_STATES)


class Repair(FactModel):
    """One application. ``handler`` is whose turn it is in the office; it can be handed on."""

    number = models.CharField("编号", max_length=20, unique=True, editable=False)
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, related_name="repairs", verbose_name="监管对象"
    )
    state = models.CharField(
        "状态", max_length=12, choices=RepairState.choices, default=RepairState.RECEIVED
    )
    channel = models.CharField("收到方式", max_length=8, choices=Channel.choices)
    received_on = models.DateField("收到日期")
    received_by = person("收件人")
    handler = person("经办人", related_name="handled_repairs")
    statement = models.TextField("申请理由", blank=True)
    materials = models.TextField("提交的材料")
    contact_name = EncryptedField("联系人", blank=True)
    contact_phone = EncryptedField("联系电话", blank=True)
    # The public commitment: its paper, when and as what it was signed, and that it may be shown.
    commitment = models.CharField("信用承诺书", max_length=200, blank=True)
    committed_on = models.DateField("承诺日期", null=True, blank=True)
    commitment_public = models.BooleanField("同意公开承诺", default=False)

    accepted_on = models.DateField("受理日期", null=True, blank=True)
    accepted_by = maybe("受理人")
    extended_on = models.DateField("延期日期", null=True, blank=True)
    extended_reason = models.TextField("延期理由", blank=True)
    proposed_by = maybe("提出认定意见的人")
    proposed_on = models.DateField("提出日期", null=True, blank=True)
    returned_remark = models.TextField("退回意见", blank=True)
    decided_by = maybe("复核人")
    decided_on = models.DateField("认定日期", null=True, blank=True)
    decided_at = models.DateTimeField("认定时间", null=True, blank=True)
    closed_reason = models.TextField("不予受理、撤回或了结的理由", blank=True)
    closed_on = models.DateField("结束日期", null=True, blank=True)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    receipt = models.ForeignKey(
        Paper,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="回执",
    )
    answer = models.ForeignKey(
        Paper,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="答复书",
    )
    # Both grades before and after the decision, as they were when it was taken.
    effects = models.JSONField("等级影响", default=dict)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    created_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)

    objects: models.Manager[Any] = RepairQuerySet.as_manager()
    history = FactHistory(verbose_name="信用修复历史", excluded_fields=[*_SECRET, "effects"])

    class Meta(FactModel.Meta):
        verbose_name = "信用修复"
        verbose_name_plural = "信用修复"
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["state", "received_on"],
                name="repair_open",
                condition=Q(state__in=[one.value for one in OPEN_STATES]),
            ),
            models.Index(fields=["subject"], name="repair_subject"),
        ]
        constraints = [
            # A comparison with NULL is unknown, and CHECK lets the unknown pass.
            models.CheckConstraint(
                condition=~Q(decided_by=F("handler"))
                & ~Q(decided_by=F("proposed_by"))
                & ~Q(decided_by=F("received_by"))
                & ~Q(decided_by=F("accepted_by")),
                name="repair_two_persons",
                violation_error_message="收件、受理、经办或提出意见的人不能认定。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["decided", "answered"])
                | Q(
                    decided_by__isnull=False,
                    decided_on__isnull=False,
                    proposed_by__isnull=False,
                    accepted_on__isnull=False,
                ),
                name="repair_decided_by_two",
                violation_error_message="认定须先受理、由一人提出、另一人审批。",
            ),
            models.CheckConstraint(
                condition=Q(extended_on__isnull=True) | ~Q(extended_reason=""),
                name="repair_extended_with_reason",
                violation_error_message="延期须写明理由。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["not_accepted", "withdrawn", "overtaken"])
                | ~Q(closed_reason="") & Q(closed_on__isnull=False),
                name="repair_closed_with_reason",
                violation_error_message="不予受理、撤回和了结须写明理由。",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    def waits(self) -> list[Wait]:
        """The stops of its deadlines; of prefetched pauses without a query."""
        return [one.wait for one in self.pauses.all()]

    def open_pause(self) -> RepairPause | None:
        """What is awaited now."""
        return next((one for one in self.pauses.all() if one.ends_on is None), None)


class RepairPause(FactModel):
    """The one request for what is missing (一次性告知补正); until it comes the deadlines stop."""

    repair = models.ForeignKey(Repair, on_delete=models.PROTECT, related_name="pauses")
    begins_on = models.DateField("告知日期")
    ends_on = models.DateField("补正日期", null=True, blank=True)
    wanted = models.TextField("须补正的材料")
    brought = models.TextField("补正的材料", blank=True)
    asked_by = person("告知人")

    objects: models.Manager[Any] = FactQuerySet.as_manager()
    history = FactHistory(verbose_name="补正历史")

    class Meta(FactModel.Meta):
        verbose_name = "补正"
        verbose_name_plural = "补正"
        ordering = ["begins_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["repair"],
                name="repair_asked_once",
                violation_error_message="补正须一次性告知，本申请已经告知过。",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("begins_on")),
                name="repair_pause_ends_after_it_begins",
                violation_error_message="补正日期不能早于告知日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.repair_id} {self.begins_on}"

    @property
    def wait(self) -> Wait:
        return Wait(self.begins_on, self.ends_on, "等待补正")


class RepairItem(FactModel):
    """One record of an application: its conditions, the unit's word, what was decided.

    ``unit``, ``recorded_by`` and ``confirmed_by`` are those of the record, written down when the
    application came, so that the database itself can compare them with who decides.
    """

    repair = models.ForeignKey(
        Repair, on_delete=models.PROTECT, related_name="items", verbose_name="信用修复"
    )
    violation = models.ForeignKey(
        Violation, on_delete=models.PROTECT, related_name="repair_items", verbose_name="失信行为"
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="repair_items", verbose_name="原单位"
    )
    recorded_by = person("录入人")
    confirmed_by = maybe("审核人")
    performance = models.CharField("履行", max_length=10, choices=Proof.choices, blank=True)
    performance_proof = models.CharField("履行证明", max_length=300, blank=True)
    correction = models.CharField("纠正", max_length=10, choices=Proof.choices, blank=True)
    correction_proof = models.CharField("纠正证明", max_length=300, blank=True)
    checked_by = maybe("核对人")
    word = models.CharField("单位意见", max_length=10, choices=Word.choices, blank=True)
    word_reason = models.TextField("核实情况", blank=True)
    word_by = maybe("核实人")
    word_on = models.DateField("核实日期", null=True, blank=True)
    proposal = models.CharField("拟认定", max_length=12, choices=Verdict.choices, blank=True)
    proposal_reason = models.TextField("拟认定理由", blank=True)
    verdict = models.CharField("认定", max_length=12, choices=Verdict.choices, blank=True)
    verdict_reason = models.TextField("认定理由", blank=True)
    decided_by = maybe("认定人")
    decided_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: models.Manager[Any] = FactQuerySet.as_manager()
    history = FactHistory(verbose_name="修复事项历史")

    class Meta(FactModel.Meta):
        verbose_name = "修复事项"
        verbose_name_plural = "修复事项"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["violation"],
                condition=Q(verdict=""),
                name="repair_one_open_a_record",
                violation_error_message="这条记录已有在办的信用修复。",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("recorded_by")) & ~Q(decided_by=F("confirmed_by")),
                name="repair_item_not_by_who_recorded",
                violation_error_message="录入或审核过这条记录的人不能认定。",
            ),
            models.CheckConstraint(
                condition=~Q(decided_unit=F("unit")),
                name="repair_item_not_by_its_unit",
                violation_error_message="作出处理的单位不能认定自己记录的修复。",
            ),
            models.CheckConstraint(
                condition=~Q(verdict__in=[one.value for one in DECIDED_VERDICTS])
                | Q(decided_by__isnull=False, decided_unit__isnull=False) & ~Q(verdict_reason=""),
                name="repair_item_decided_with_reason",
                violation_error_message="认定须有认定人和理由。",
            ),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.GRANTED)
                | Q(performance__in=["met", "not_needed"], correction__in=["met", "not_needed"]),
                name="repair_item_granted_when_fulfilled",
                violation_error_message="履行和纠正经确认后才能准予修复。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.repair_id} · {self.violation_id}"
