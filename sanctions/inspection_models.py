"""Inspections with their results, and the conflicts of interest that keep officers away."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Officer, Unit
from accounts.roles import Can
from core.history import FactHistory
from core.models import FactModel, FactQuerySet
from sanctions.inspection_enums import FOLLOWED, Interest, Outcome, Reason, VisitState
from sanctions.inspection_plan_models import InspectionPlan
from subjects.models import Subject
from violations.models import Factor


class InspectionQuerySet(FactQuerySet["Inspection"]):
    def visible_to(self, officer: Officer) -> InspectionQuerySet:
        """Those of the own unit and those given to the officer; all for who sees all records."""
        if officer.may(Can.SEE_ALL_DECISIONS):
            return self.all()
        if officer.may(Can.RECORD_INSPECTION):
            own = Q(unit=officer.unit_id) | Q(first=officer.pk) | Q(second=officer.pk)
            return self.filter(own)
        return self.none()


class Inspection(FactModel):
    """One visit of two officers to an organisation.

    ``grade`` is the one of the day on which it was drawn or ordered; ``is_exempt`` says whether
    4-A-2 was in force then. ``seed`` is that of its inspectors where no plan has one.
    """

    plan = models.ForeignKey(
        InspectionPlan,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="inspections",
        verbose_name="计划",
    )
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, related_name="inspections", verbose_name="监管对象"
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="inspections", verbose_name="检查单位"
    )
    reason = models.CharField("检查事由", max_length=10, choices=Reason.choices)
    document = models.CharField("受理编号或文号", max_length=100, blank=True)
    grade = models.CharField("安排时的等级", max_length=1, blank=True)
    is_exempt = models.BooleanField("免于日常检查", default=False)
    due_on = models.DateField("期限")
    seed = models.CharField("检查人员种子", max_length=64, blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=VisitState.choices, default=VisitState.OPEN
    )
    first = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="检查人员甲",
    )
    second = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="检查人员乙",
    )
    helped_by = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="支援单位",
    )
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="ordered_inspections",
        verbose_name="安排人",
    )
    ordered_on = models.DateField("安排日期")
    visited_on = models.DateField("检查日期", null=True, blank=True)
    outcome = models.CharField("检查结果", max_length=8, choices=Outcome.choices, blank=True)
    found = models.TextField("检查情况", blank=True)
    correct_by = models.DateField("改正期限", null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="登记人",
    )
    recorded_at = models.DateTimeField("登记时间", null=True, blank=True)
    factor = models.OneToOneField(
        Factor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="inspection",
        verbose_name="参考因素",
    )
    closing_reason = models.CharField("不再检查的理由", max_length=500, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    created_at = models.DateTimeField("建立时间", default=timezone.now, editable=False)

    objects = InspectionQuerySet.as_manager()
    history = FactHistory(verbose_name="监督检查历史")

    class Meta(FactModel.Meta):
        verbose_name = "监督检查"
        verbose_name_plural = "监督检查"
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["unit", "state", "due_on"], name="inspection_of_unit"),
            models.Index(fields=["visited_on", "id"], name="inspection_visited"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "subject"],
                name="inspection_once_a_plan",
                violation_error_message="同一计划对同一对象只检查一次。",
            ),
            models.CheckConstraint(
                condition=~Q(reason="routine", is_exempt=True),
                name="inspection_routine_never_of_exempt",
                violation_error_message=(
                    "A 级对象除投诉举报和专项执法检查外，免于日常巡查检查（4-A-2）。"
                ),
            ),
            models.CheckConstraint(
                condition=Q(reason__in=["routine", "key"]) | ~Q(document=""),
                name="inspection_exception_is_named",
                violation_error_message="投诉举报或专项执法检查须写明受理编号或文号。",
            ),
            models.CheckConstraint(
                condition=Q(second__isnull=True) | Q(first__isnull=False) & ~Q(first=F("second")),
                name="inspection_two_inspectors",
                violation_error_message="两名检查人员不能是同一人。",
            ),
            models.CheckConstraint(
                condition=(Q(first__isnull=True) | ~Q(first=F("ordered_by")))
                & (Q(second__isnull=True) | ~Q(second=F("ordered_by"))),
                name="inspection_planner_does_not_inspect",
                violation_error_message="安排检查的人不能是检查人员。",
            ),
            models.CheckConstraint(
                condition=~Q(state="done")
                | Q(visited_on__isnull=False, first__isnull=False, second__isnull=False)
                & ~Q(outcome="")
                & (Q(recorded_by=F("first")) | Q(recorded_by=F("second"))),
                name="inspection_done_has_a_result",
                violation_error_message="检查结果由检查人员登记，须有检查日期和结果。",
            ),
            models.CheckConstraint(
                condition=~Q(state="excused") | ~Q(closing_reason=""),
                name="inspection_excused_for_a_reason",
                violation_error_message="不再检查须写明理由。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} 号检查"

    @property
    def is_open(self) -> bool:
        return self.state == VisitState.OPEN

    @property
    def is_followed(self) -> bool:
        """Whether a decision is expected after it."""
        return self.state == VisitState.DONE and self.outcome in FOLLOWED

    @property
    def inspector_ids(self) -> tuple[int, ...]:
        return tuple(one for one in (self.first_id, self.second_id) if one is not None)

    @property
    def draw_seed(self) -> str:
        """The seed by which inspectors are drawn, and drawn again."""
        return self.plan.seed if self.plan is not None else self.seed


class InterestQuerySet(FactQuerySet["OfficerInterest"]):
    def visible_to(self, officer: Officer) -> InterestQuerySet:
        """One's own; all for who plans inspections."""
        if officer.may(Can.PLAN_INSPECTION) or officer.may(Can.READ_AUDIT):
            return self.all()
        return self.filter(officer=officer.pk)

    def standing(self) -> InterestQuerySet:
        return self.filter(ended_on__isnull=True)


class OfficerInterest(FactModel):
    """A conflict of interest between an officer and an organisation: they never inspect it."""

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="interests",
        verbose_name="民警",
    )
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, related_name="+", verbose_name="监管对象"
    )
    ground = models.CharField("情形", max_length=10, choices=Interest.choices)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )
    recorded_on = models.DateField("登记日期")
    ended_on = models.DateField("结束日期", null=True, blank=True)
    end_reason = models.CharField("结束理由", max_length=200, blank=True)

    objects = InterestQuerySet.as_manager()
    history = FactHistory(verbose_name="利害关系历史")

    class Meta(FactModel.Meta):
        verbose_name = "利害关系"
        verbose_name_plural = "利害关系"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["officer", "subject"],
                condition=Q(ended_on__isnull=True),
                name="officer_interest_once",
                violation_error_message="该民警对该对象的利害关系已登记。",
            )
        ]

    def __str__(self) -> str:
        return self.get_ground_display()
