"""Objections (5-9, 河南省社会信用条例 art. 41): one case about records or a grade of one subject.

Each claim is decided by itself. Who decides is another than who handled the case or proposed its
outcome, and has nothing to do with the record: the constraints compare the persons and units that
stand on the row itself, written down when the objection came.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Officer, Unit
from accounts.roles import Can
from appeals.case_models import maybe
from appeals.objection_enums import (
    BY_PARTY,
    CLOSED_STATES,
    DECIDED_STATES,
    OPEN_STATES,
    GradeSight,
    Ground,
    ObjectionState,
    Origin,
    Verdict,
)
from core.case_clock import Wait
from core.encrypted_fields import EncryptedField
from core.history import FactHistory
from core.models import FactModel, FactQuerySet
from sanctions.paper_models import Paper
from subjects.models import Subject
from violations.correction_models import Correction
from violations.models import ListEntry, Violation

_SECRET = ["contact_name", "contact_phone"]
READERS = (Can.HANDLE_APPEAL, Can.DECIDE_APPEAL, Can.READ_AUDIT)


class ObjectionQuerySet(FactQuerySet["Objection"]):
    def visible_to(self, officer: Officer) -> ObjectionQuerySet:
        """Those this officer may open; others do not exist for them (404).

        Who handles or decides sees all; a unit's reviewer those about which the unit was asked.
        """
        if any(officer.may(what) for what in READERS):
            return self.all()
        if officer.may(Can.STATE_FOR_UNIT):
            return self.filter(statements__unit=officer.unit_id).distinct()
        return self.none()

    def open(self) -> ObjectionQuerySet:
        return self.filter(state__in=OPEN_STATES)


class Objection(FactModel):
    """One objection. ``handler`` is whose turn it is in the office; it can be handed on.

    ``reviews`` is the objection whose outcome this one asks to look at again; its decider and
    handler stand here too, for neither of them decides this one.
    """

    number = models.CharField("回执号", max_length=20, unique=True, editable=False)
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, related_name="objections", verbose_name="监管对象"
    )
    state = models.CharField(
        "状态", max_length=12, choices=ObjectionState.choices, default=ObjectionState.RECEIVED
    )
    origin = models.CharField("来源", max_length=8, choices=Origin.choices)
    received_on = models.DateField("收到日期")
    received_by = maybe("收件人")
    handler = maybe("经办人", related_name="handled_objections")
    statement = models.TextField("事实和理由", blank=True)
    contact_role = models.CharField("申请人身份", max_length=40, blank=True)
    contact_name = EncryptedField("申请人", blank=True)
    contact_phone = EncryptedField("联系电话", blank=True)
    reviews = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="second_stage",
        verbose_name="再次核查",
    )
    first_handler = maybe("原经办人")
    first_proposer = maybe("原提出人")
    first_decider = maybe("原认定人")

    accepted_on = models.DateField("受理日期", null=True, blank=True)
    accepted_by = maybe("受理人")
    proposed_on = models.DateField("提出日期", null=True, blank=True)
    proposed_by = maybe("提出人")
    returned_remark = models.TextField("退回意见", blank=True)
    decided_on = models.DateField("认定日期", null=True, blank=True)
    decided_at = models.DateTimeField("认定时间", null=True, blank=True)
    decided_by = maybe("认定人")
    effects = models.JSONField("等级影响", default=list)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    closed_on = models.DateField("结束日期", null=True, blank=True)
    closed_reason = models.TextField("不予受理、撤回或了结的理由", blank=True)
    late_reason = models.TextField("逾期原因", blank=True)
    receipt = models.ForeignKey(
        Paper,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="受理通知",
    )
    answer = models.ForeignKey(
        Paper,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="答复书",
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    created_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)

    objects: models.Manager[Any] = ObjectionQuerySet.as_manager()
    history = FactHistory(verbose_name="异议历史", excluded_fields=[*_SECRET, "effects"])

    class Meta(FactModel.Meta):
        verbose_name = "异议"
        verbose_name_plural = "异议"
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["state", "received_on"],
                name="objection_open",
                condition=Q(state__in=[one.value for one in OPEN_STATES]),
            ),
            models.Index(fields=["subject"], name="objection_subject"),
        ]
        constraints = [
            # A comparison with NULL is unknown, and CHECK lets the unknown pass.
            models.CheckConstraint(
                condition=~Q(decided_by=F("handler"))
                & ~Q(decided_by=F("proposed_by"))
                & ~Q(decided_by=F("accepted_by")),
                name="objection_two_persons",
                violation_error_message="受理、经办或提出意见的人不能认定。",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("first_decider"))
                & ~Q(decided_by=F("first_handler"))
                & ~Q(decided_by=F("first_proposer")),
                name="objection_another_reviews",
                violation_error_message="原经办人和原认定人不能再次认定。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[one.value for one in DECIDED_STATES])
                | Q(
                    decided_by__isnull=False,
                    decided_on__isnull=False,
                    decided_at__isnull=False,
                    proposed_by__isnull=False,
                    accepted_on__isnull=False,
                ),
                name="objection_decided_by_two",
                violation_error_message="认定须先受理、由一人提出、另一人认定。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[one.value for one in CLOSED_STATES])
                | ~Q(closed_reason="") & Q(closed_on__isnull=False),
                name="objection_closed_with_reason",
                violation_error_message="不予受理、撤回和了结须写明理由。",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered")
                | Q(answer__isnull=False, answered_on__isnull=False)
                | Q(origin="office", answered_on__isnull=False),
                name="objection_answered_on_paper",
                violation_error_message="答复当事人须出具答复书。",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_decided(self) -> bool:
        return self.state in DECIDED_STATES

    @property
    def by_party(self) -> bool:
        """Whether somebody is to be answered."""
        return self.origin in BY_PARTY

    def waits(self) -> list[Wait]:
        """The stops of its deadline; of prefetched pauses without a query."""
        return [one.wait for one in self.pauses.all()]


class ObjectionClaim(FactModel):
    """What is claimed about one record or one grade, what was found, and what follows.

    ``proposal`` waits for the decider; ``verdict`` is final. A corrected record names the
    correction of the two-person service that the verdict carries out.
    """

    objection = models.ForeignKey(
        Objection, on_delete=models.PROTECT, related_name="claims", verbose_name="异议"
    )
    violation = models.ForeignKey(
        Violation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="objection_claims",
        verbose_name="失信行为",
    )
    list_entry = models.ForeignKey(
        ListEntry,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="objection_claims",
        verbose_name="名单条目",
    )
    grade = models.CharField("等级", max_length=12, choices=GradeSight.choices, blank=True)
    words = models.TextField("主张")
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="objection_claims",
        verbose_name="原单位",
    )
    recorded_by = maybe("录入人")
    confirmed_by = maybe("审核人")
    is_open = models.BooleanField("在办", default=True)
    proposal = models.CharField("拟认定", max_length=12, choices=Verdict.choices, blank=True)
    ground = models.CharField("认定理由", max_length=16, choices=Ground.choices, blank=True)
    finding = models.TextField("认定的事实和理由", blank=True)
    correction = models.ForeignKey(
        Correction,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="objection_claims",
        verbose_name="更正",
    )
    document = models.CharField("依据文书", max_length=100, blank=True)
    verdict = models.CharField("认定", max_length=12, choices=Verdict.choices, blank=True)
    decided_by = maybe("认定人")
    decided_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: models.Manager[Any] = FactQuerySet.as_manager()
    history = FactHistory(verbose_name="异议事项历史")

    class Meta(FactModel.Meta):
        verbose_name = "异议事项"
        verbose_name_plural = "异议事项"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(violation__isnull=False, list_entry__isnull=True, grade="")
                | Q(violation__isnull=True, list_entry__isnull=False, grade="")
                | Q(violation__isnull=True, list_entry__isnull=True) & ~Q(grade=""),
                name="objection_claim_about_one_thing",
                violation_error_message="每项异议须指明一条记录或一个等级。",
            ),
            models.UniqueConstraint(
                fields=["violation"],
                condition=Q(is_open=True),
                name="objection_one_open_a_record",
                violation_error_message="这条记录已有在办的异议。",
            ),
            models.UniqueConstraint(
                fields=["list_entry"],
                condition=Q(is_open=True),
                name="objection_one_open_an_entry",
                violation_error_message="这个名单条目已有在办的异议。",
            ),
            models.UniqueConstraint(
                fields=["objection", "grade"],
                condition=~Q(grade=""),
                name="objection_grade_once",
                violation_error_message="同一等级只写一项。",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("recorded_by")) & ~Q(decided_by=F("confirmed_by")),
                name="objection_not_by_who_recorded",
                violation_error_message="录入或审核过这条记录的人不能认定。",
            ),
            models.CheckConstraint(
                condition=~Q(decided_unit=F("unit")),
                name="objection_not_by_its_unit",
                violation_error_message="原单位的人不能认定对本单位记录的异议。",
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=["", "overtaken"])
                | Q(decided_by__isnull=False, decided_unit__isnull=False, is_open=False)
                & ~Q(ground="")
                & ~Q(finding=""),
                name="objection_decided_with_reason",
                violation_error_message="认定须有认定人、理由和事实。",
            ),
            models.CheckConstraint(
                condition=~Q(verdict__in=["corrected", "partly"]) | Q(correction__isnull=False),
                name="objection_corrected_by_correction",
                violation_error_message="更正须经更正程序办理。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.objection_id} · {self.violation_id or self.list_entry_id or self.grade}"
