"""The register of credit reminders and integrity interviews: whom, when, how, what (5-5).

Names of people stand here for the minutes; their phones are encrypted and left out of the history.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Officer, Unit
from accounts.roles import Can
from core.encrypted_fields import EncryptedField
from core.history import FactHistory
from core.models import FactModel, FactQuerySet
from grading.models import Grade
from sanctions.notice_enums import (
    Channel,
    Hindrance,
    NoticeState,
    PersonRole,
    Push,
    Way,
)
from sanctions.paper_models import Paper
from subjects.models import Subject
from violations.models import Decision, ListEntry

_UNFINISHED = Q(state__in=["draft", "cancelled"])


class NoticeQuerySet(FactQuerySet["Notice"]):
    def visible_to(self, officer: Officer) -> NoticeQuerySet:
        """Those this officer may open; others do not exist for them (404).

        Units see their own register; who reads all records, all that was reported.
        """
        if officer.may(Can.KEEP_NOTICES) or officer.may(Can.SEE_ALL_DECISIONS):
            return self.filter(~Q(state=NoticeState.DRAFT) | Q(unit=officer.unit_id))
        if officer.may(Can.RECORD_NOTICE):
            return self.filter(unit=officer.unit_id)
        return self.none()


class Notice(FactModel):
    """One reminder or interview: a draft of its unit until it is reported to the office.

    ``grade`` is the one of the day on which it took place: it says which ways were open (5-1).
    ``paper`` is the written reminder, or the notice of the interview; ``record_paper`` the minutes.
    """

    way = models.CharField("告知方式", max_length=9, choices=Way.choices)
    state = models.CharField(
        "状态", max_length=9, choices=NoticeState.choices, default=NoticeState.DRAFT
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="notices", verbose_name="登记单位"
    )
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, related_name="notices", verbose_name="监管对象"
    )
    grade = models.CharField("当时等级", max_length=1, choices=Grade.choices)
    person_name = models.CharField("被告知人", max_length=64, blank=True)
    person_role = models.CharField("身份", max_length=11, choices=PersonRole.choices, blank=True)
    phone = EncryptedField("联系电话", blank=True, default="")
    held_on = models.DateField("日期", null=True, blank=True)
    held_at = models.TimeField("时间", null=True, blank=True)
    held_until = models.TimeField("结束时间", null=True, blank=True)
    place = models.CharField("地点", max_length=200, blank=True)
    channel = models.CharField("提醒途径", max_length=5, choices=Channel.choices, blank=True)
    by_whom = models.CharField("经办民警", max_length=200, blank=True)
    recorder = models.CharField("记录人", max_length=64, blank=True)
    acts_words = models.TextField("指出失信行为", blank=True)
    laws_words = models.TextField("宣传法律、法规、规章和政策", blank=True)
    urged_words = models.TextField("督促严格自律、诚信守法", blank=True)
    pointed_out = models.BooleanField("已指出失信行为", default=False)
    explained = models.BooleanField("已宣传法律、法规、规章和政策", default=False)
    urged = models.BooleanField("已督促严格自律、诚信守法", default=False)
    statement = models.TextField("当事人陈述", blank=True)
    commitment = models.TextField("当事人承诺", blank=True)
    follow_up_on = models.DateField("回访日期", null=True, blank=True)
    followed_up_on = models.DateField("实际回访日期", null=True, blank=True)
    follow_up_result = models.TextField("回访结果", blank=True)
    paper = models.ForeignKey(
        Paper,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name="提醒书或约谈通知书",
    )
    record_paper = models.ForeignKey(
        Paper,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="recorded_notices",
        verbose_name="约谈笔录",
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )
    created_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)
    reported_at = models.DateTimeField("报送时间", null=True, blank=True)
    returned_at = models.DateTimeField("退回时间", null=True, blank=True)
    returned_remark = models.TextField("退回意见", blank=True)
    kept_at = models.DateTimeField("留存时间", null=True, blank=True)
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="留存经办人",
    )
    push = models.CharField("是否推送", max_length=3, choices=Push.choices, blank=True)
    push_reason = models.TextField("推送与否的理由", blank=True)
    push_decided_at = models.DateTimeField("推送决定时间", null=True, blank=True)
    push_decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="推送决定人",
    )
    cancelled_reason = models.TextField("作废理由", blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = NoticeQuerySet.as_manager()
    history = FactHistory(verbose_name="提醒与约谈历史", excluded_fields=["phone"])

    class Meta(FactModel.Meta):
        verbose_name = "提醒与约谈"
        verbose_name_plural = "提醒与约谈"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["unit", "state"], name="notice_unit_state"),
            # What the office has to look at, and what a unit has to follow up.
            models.Index(
                fields=["reported_at"],
                name="notice_open_at_office",
                condition=(Q(state="reported") | Q(state="kept", push="")),
            ),
            models.Index(
                fields=["follow_up_on"],
                name="notice_to_follow_up",
                condition=Q(follow_up_on__isnull=False, followed_up_on__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(way="written", grade__in=["B", "C"])
                | Q(way="oral", grade="B")
                | Q(way="interview", grade="C"),
                name="notice_way_fits_grade",
                violation_error_message=(
                    "一般失信用口头或书面提醒，严重失信用书面提醒或约谈（制度五）。"
                ),
            ),
            models.CheckConstraint(
                condition=_UNFINISHED
                | Q(held_on__isnull=False, reported_at__isnull=False)
                & ~Q(person_name="")
                & ~Q(person_role="")
                & ~Q(by_whom="")
                & ~Q(acts_words=""),
                name="notice_reported_in_full",
                violation_error_message="报送的登记须有对象、身份、时间、经办人和指出的行为。",
            ),
            models.CheckConstraint(
                condition=_UNFINISHED
                | ~Q(way="interview")
                | Q(pointed_out=True, explained=True, urged=True)
                & ~Q(laws_words="")
                & ~Q(urged_words="")
                & ~Q(place=""),
                name="notice_interview_covers_all",
                violation_error_message="约谈须指出失信行为、宣传法律法规、督促诚信守法。",
            ),
            models.CheckConstraint(
                condition=_UNFINISHED | ~Q(way="written") | Q(paper__isnull=False),
                name="notice_written_has_paper",
                violation_error_message="书面提醒须有信用提醒书。",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(returned_remark=""),
                name="notice_returned_with_remark",
                violation_error_message="退回须写明要补正什么。",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancelled_reason=""),
                name="notice_cancelled_with_reason",
                violation_error_message="作废须写明理由。",
            ),
            models.CheckConstraint(
                condition=~Q(state="kept") | Q(kept_by__isnull=False, kept_at__isnull=False),
                name="notice_kept_by_the_office",
                violation_error_message="留存须有经办人和时间。",
            ),
            models.CheckConstraint(
                condition=Q(push="", push_decided_by__isnull=True)
                | Q(state="kept", push__in=["yes", "no"], push_decided_by__isnull=False)
                & ~Q(push_reason=""),
                name="notice_push_decided_with_reason",
                violation_error_message="推送与否由局办公室逐件决定，须写明理由。",
            ),
            models.CheckConstraint(
                condition=Q(followed_up_on__isnull=True) | ~Q(follow_up_result=""),
                name="notice_follow_up_has_result",
                violation_error_message="回访须写明结果。",
            ),
            models.CheckConstraint(
                condition=_UNFINISHED | Q(commitment="") | Q(follow_up_on__isnull=False),
                name="notice_commitment_is_followed_up",
                violation_error_message="有承诺的，须定回访日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_way_display()} {self.held_on or '未定日期'}"

    @property
    def is_interview(self) -> bool:
        return self.way == Way.INTERVIEW

    @property
    def is_written(self) -> bool:
        return self.way == Way.WRITTEN

    @property
    def is_oral(self) -> bool:
        return self.way == Way.ORAL

    @property
    def is_open(self) -> bool:
        """In the hands of the unit."""
        return self.state in (NoticeState.DRAFT, NoticeState.RETURNED)


_ONE_OF_BOTH = Q(decision__isnull=False, list_entry__isnull=True) | Q(
    decision__isnull=True, list_entry__isnull=False
)


class NoticeCause(models.Model):
    """What a notice points out: a decision with all its acts, or a black-list entry.

    Rows of a draft come and go with its form; once it is reported they stay.
    """

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="causes")
    decision = models.ForeignKey(
        Decision,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="notice_causes",
        verbose_name="处理决定",
    )
    list_entry = models.ForeignKey(
        ListEntry,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="notice_causes",
        verbose_name="名单条目",
    )

    class Meta:
        verbose_name = "指出的记录"
        verbose_name_plural = "指出的记录"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=_ONE_OF_BOTH, name="notice_cause_is_one_record"),
            models.UniqueConstraint(fields=["notice", "decision"], name="notice_decision_once"),
            models.UniqueConstraint(fields=["notice", "list_entry"], name="notice_entry_once"),
        ]

    def __str__(self) -> str:
        return str(self.decision or self.list_entry)


class NoticeAttempt(FactModel):
    """Why somebody who was to be told could not be told on a day; says why a task is late."""

    decision = models.ForeignKey(
        Decision,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="notice_attempts",
        verbose_name="处理决定",
    )
    list_entry = models.ForeignKey(
        ListEntry,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="notice_attempts",
        verbose_name="名单条目",
    )
    on = models.DateField("日期")
    hindrance = models.CharField("情况", max_length=10, choices=Hindrance.choices)
    remark = models.CharField("情况说明", max_length=500)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="单位")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)

    objects: models.Manager[Any] = FactQuerySet.as_manager()
    history = FactHistory(verbose_name="未能提醒的历史")

    class Meta(FactModel.Meta):
        verbose_name = "未能提醒的情况"
        verbose_name_plural = "未能提醒的情况"
        ordering = ["on", "id"]
        constraints = [
            models.CheckConstraint(condition=_ONE_OF_BOTH, name="notice_attempt_of_one_record"),
            models.CheckConstraint(
                condition=~Q(remark=""),
                name="notice_attempt_says_why",
                violation_error_message="须写明情况。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.get_hindrance_display()}"
