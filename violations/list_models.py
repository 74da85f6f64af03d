"""Entries of the red and black list (domain.md §2)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Officer
from accounts.roles import Can
from core.history import FactHistory
from core.models import FactModel, FactQuerySet
from subjects.models import Subject
from violations.enums import (
    HEARD,
    LISTED_STATES,
    Closing,
    Hearing,
    ListKind,
    ListState,
)
from violations.list_condition_models import ListCondition


class ListEntryQuerySet(FactQuerySet["ListEntry"]):
    def visible_to(self, officer: Officer) -> ListEntryQuerySet:
        """Those this officer may open; others do not exist for them (404).

        What is only proposed is read by who reads every record; nobody else learns of it.
        """
        if officer.may(Can.SEE_ALL_DECISIONS):
            return self.all()
        return self.filter(state__in=LISTED_STATES)


class ListEntry(FactModel):
    """An entry of the bureau's red or black list (3-A, 3-C); every entry has a term and a basis.

    ``notice_days`` is the period that the notice named; its end is worked out from the calendar
    until approval, which writes it down (``notice_ends_on``) for the database to compare.
    """

    list = models.CharField("名单", max_length=5, choices=ListKind.choices)
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, related_name="list_entries", verbose_name="监管对象"
    )
    state = models.CharField(
        "状态", max_length=10, choices=ListState.choices, default=ListState.PROPOSED
    )
    notified_on = models.DateField("告知（公示）日期", null=True, blank=True)
    listed_on = models.DateField("列入日期")
    expires_on = models.DateField("有效期至（含）")
    removed_on = models.DateField("移出日期", null=True, blank=True)
    document = models.CharField("文书", max_length=100)
    legal_basis = models.CharField("依据", max_length=300)
    reason = models.TextField("事由")
    closing_reason = models.TextField("移出或撤销理由", blank=True)
    closing_document = models.CharField("移出或撤销文书", max_length=100, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="proposed_list_entries",
        verbose_name="提出人",
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="approved_list_entries",
        verbose_name="批准人",
    )
    taken_over = models.BooleanField("接收的历史记录", default=False)
    created_at = models.DateTimeField("录入时间", default=timezone.now, editable=False)

    condition = models.ForeignKey(
        ListCondition,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="entries",
        verbose_name="列入条件",
    )
    evidence = models.TextField("证据材料", blank=True)
    # The day that the proposal named; approval may set a later first day.
    planned_on = models.DateField("拟列入日期", null=True, blank=True)
    renews = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="renewals",
        verbose_name="续列",
    )
    notice_document = models.CharField("告知书（公示）文号", max_length=100, blank=True)
    notice_days = models.PositiveSmallIntegerField("告知（公示）期", null=True, blank=True)
    notice_ends_on = models.DateField("告知（公示）期满", null=True, blank=True, editable=False)
    waived_on = models.DateField("放弃陈述申辩日期", null=True, blank=True)
    waiver_document = models.CharField("放弃声明", max_length=100, blank=True)
    statement_on = models.DateField("陈述申辩日期", null=True, blank=True)
    statement = models.TextField("陈述申辩内容", blank=True)
    hearing = models.CharField("听取结果", max_length=8, choices=Hearing.choices, blank=True)
    hearing_reason = models.TextField("采纳与否的理由", blank=True)
    returned_remark = models.TextField("退回意见", blank=True)
    published_document = models.CharField("发布文书", max_length=100, blank=True)
    approved_on = models.DateField("批准日期", null=True, blank=True, editable=False)
    closing = models.CharField("提前结束", max_length=10, choices=Closing.choices, blank=True)
    closing_on = models.DateField("拟移出日期", null=True, blank=True)
    closing_proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="提请移出或撤销人",
    )
    closing_approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="批准移出或撤销人",
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects: models.Manager[Any] = ListEntryQuerySet.as_manager()
    history = FactHistory(verbose_name="名单历史")

    class Meta(FactModel.Meta):
        verbose_name = "名单条目"
        verbose_name_plural = "名单条目"
        ordering = ["-listed_on", "-id"]
        indexes = [models.Index(fields=["subject", "list"], name="list_entry_subject")]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__gte=F("listed_on")),
                name="list_entry_has_a_term",
                violation_error_message="有效期不能早于列入日期。",
            ),
            models.CheckConstraint(
                condition=Q(removed_on__isnull=True) | Q(removed_on__gte=F("listed_on")),
                name="list_entry_removed_after_listed",
                violation_error_message="移出日期不能早于列入日期。",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | ~Q(approved_by=F("proposed_by"))
                | Q(taken_over=True),
                name="list_entry_two_persons",
                violation_error_message="提出人不能批准自己提出的条目。",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(approved_by__isnull=False),
                name="list_entry_published_is_approved",
                violation_error_message="发布的条目须有批准人。",
            ),
            # A comparison with NULL is unknown, and CHECK lets the unknown pass: hence "isnull".
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(notified_on__isnull=False, notified_on__lt=F("listed_on")),
                name="list_entry_notified_before_listed",
                violation_error_message="须先告知（公示），后列入。",
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(taken_over=True)
                | Q(
                    notice_ends_on__isnull=False,
                    notice_ends_on__gt=F("notified_on"),
                    notice_ends_on__lt=F("listed_on"),
                    approved_on__isnull=False,
                    approved_on__gt=F("notice_ends_on"),
                )
                | Q(list="black", waived_on__isnull=False, waived_on__gte=F("notified_on"))
                & Q(waived_on__lte=F("listed_on"))
                & ~Q(waiver_document=""),
                name="list_entry_period_has_run",
                violation_error_message="告知（公示）期满后才能列入；放弃陈述申辩的，须有书面声明。",
            ),
            models.CheckConstraint(
                condition=~Q(state="published", list="black")
                | Q(taken_over=True)
                | Q(hearing__in=sorted(HEARD)),
                name="list_entry_party_heard",
                violation_error_message="须先听取当事人的陈述申辩，采纳的不得列入。",
            ),
            models.CheckConstraint(
                condition=Q(closing_approved_by__isnull=True)
                | Q(closing_proposed_by__isnull=False)
                & ~Q(closing_approved_by=F("closing_proposed_by")),
                name="list_entry_closed_by_two",
                violation_error_message="提请人不能批准自己提请的移出或撤销。",
            ),
            models.CheckConstraint(
                condition=Q(removed_on__isnull=True) & ~Q(state="revoked")
                | Q(closing_approved_by__isnull=False),
                name="list_entry_closing_is_approved",
                violation_error_message="移出或撤销须经另一人批准。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_list_display()} {self.paper}"

    @property
    def paper(self) -> str:
        """The document that put it on the list; before that, the one that proposed it."""
        return self.published_document or self.document

    @property
    def is_red(self) -> bool:
        return self.list == ListKind.RED

    @property
    def is_proposed(self) -> bool:
        return self.state == ListState.PROPOSED

    @property
    def awaits_closing(self) -> bool:
        """Whether a removal or revocation waits for its second person."""
        return bool(self.closing) and self.closing_approved_by_id is None
