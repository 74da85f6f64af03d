"""Reviews: an officer's look where the text of the regulation leaves the grade open (domain.md §3).

Opened by a flag, looked into by one officer, decided by another. What was looked at is stored: the
same flag opens the next review only when more than that is on record (``grading.reviews``).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from core.case_clock import Wait
from subjects.models import Subject


class Flag(models.TextChoices):
    OVER_LIMIT = "over_limit", "达到上限，待复核"
    LIST_CONFLICT = "list_conflict", "名单冲突，待核对"
    OUTSIDE_SIGNAL = "outside_signal", "外部信号，待研判"


class ReviewState(models.TextChoices):
    OPEN = "open", "待提出意见"
    PROPOSED = "proposed", "待复核人审批"
    DECIDED = "decided", "已办结"
    LAPSED = "lapsed", "自动结束"  # the flag went by itself


class Outcome(models.TextChoices):
    """What a review ends with; none of them changes the grade."""

    KEEP = "keep", "维持现等级，加强监管"
    BLACK_LIST = "black_list", "提请列入黑名单"
    RED_REMOVAL = "red_removal", "提请移出红名单"


class RequestKind(models.TextChoices):
    """What a unit is asked for."""

    STATEMENT = "statement", "单位说明"
    MATERIAL = "material", "补充材料"


class Review(models.Model):
    """One look at one flag of one organisation; one open a subject and flag.

    ``handler`` has it in hand. ``seen_*`` are the counts that the proposal looked at, and with the
    decision those that were looked at for good. ``follows`` is the earlier review whose counts
    were exceeded. ``paper``, ``condition``, ``legal_basis`` and ``term_months`` are what a list
    procedure needs, which opens with the decision: ``list_entry``.
    """

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="reviews")
    flag = models.CharField("标记", max_length=16, choices=Flag.choices)
    state = models.CharField(
        "状态", max_length=10, choices=ReviewState.choices, default=ReviewState.OPEN
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    opened_at = models.DateTimeField("开始", default=timezone.now)
    opened_by_change = models.ForeignKey(
        "grading.GradeChange", on_delete=models.PROTECT, null=True, related_name="+"
    )
    follows = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="followed_by",
        verbose_name="前次复核",
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reviews_in_hand",
        verbose_name="经办人",
    )
    outcome = models.CharField("处理意见", max_length=12, choices=Outcome.choices, blank=True)
    reason = models.TextField("理由", blank=True)
    differs_reason = models.TextField("与先例不同的理由", blank=True)
    paper = models.CharField("文书", max_length=100, blank=True)
    legal_basis = models.CharField("法律依据", max_length=300, blank=True)
    condition = models.ForeignKey(
        "violations.ListCondition",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="列入条件",
    )
    term_months = models.PositiveSmallIntegerField("列入期限（月）", null=True, blank=True)
    list_entry = models.ForeignKey(
        "violations.ListEntry",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reviews",
        verbose_name="名单条目",
    )
    seen_warnings = models.PositiveIntegerField("所看警告、责令改正", null=True, blank=True)
    seen_penalties = models.PositiveIntegerField("所看行政处罚", null=True, blank=True)
    seen_breaches = models.PositiveIntegerField("所看违反许可承诺", null=True, blank=True)
    seen_amount_fen = models.BigIntegerField("所看罚没款（分）", null=True, blank=True)
    seen_exceeded = models.CharField("所看达到上限的条款", max_length=60, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="proposed_reviews",
        verbose_name="提出意见人",
    )
    proposed_at = models.DateTimeField("提出时间", null=True, blank=True)
    returned_remark = models.TextField("退回意见", blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decided_reviews",
        verbose_name="复核人",
    )
    closed_at = models.DateTimeField("结束", null=True, blank=True)
    closed_because = models.CharField("结束原因", max_length=200, blank=True)

    history = HistoricalRecords(verbose_name="复核历史")

    class Meta:
        verbose_name = "等级复核"
        verbose_name_plural = "等级复核"
        ordering = ["opened_at", "id"]
        indexes = [
            models.Index(fields=["subject", "flag", "-id"], name="review_of_subject"),
            models.Index(fields=["state", "-id"], name="review_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "flag"],
                condition=Q(closed_at__isnull=True),
                name="review_one_open",
                violation_error_message="该监管对象已有同类复核在办。",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(proposed_by__isnull=False) & ~Q(decided_by=F("proposed_by")),
                name="review_two_persons",
                violation_error_message="经办人不能担任复核人。",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["open", "proposed"], closed_at__isnull=True, decided_by__isnull=True
                )
                | Q(state="lapsed", closed_at__isnull=False, decided_by__isnull=True)
                | Q(state="decided", closed_at__isnull=False, decided_by__isnull=False),
                name="review_closed_by_state",
                violation_error_message="办结的复核须有复核人和结束时间。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "lapsed"])
                | ~Q(outcome="")
                & ~Q(reason="")
                & Q(
                    proposed_by__isnull=False,
                    seen_warnings__isnull=False,
                    seen_penalties__isnull=False,
                    seen_breaches__isnull=False,
                    seen_amount_fen__isnull=False,
                ),
                name="review_proposal_complete",
                violation_error_message="复核意见须有理由、提出人和所看的计数。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.get_flag_display()}"

    @property
    def number(self) -> str:
        """FH-2026-0037: the year in which it began and its id.

        A mark to quote, not the number of a paper: it may leave gaps, and opening many reviews
        at once waits for no counter.
        """
        return f"FH-{timezone.localdate(self.opened_at).year}-{self.pk:04d}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def seen(self) -> tuple[int, int, int, int]:
        """W, P, L, M as looked at; only once there was a proposal."""
        return (
            self.seen_warnings or 0,
            self.seen_penalties or 0,
            self.seen_breaches or 0,
            self.seen_amount_fen or 0,
        )

    def waits(self) -> list[Wait]:
        """The stops of its deadline; of prefetched requests without a query."""
        return [one.wait for one in self.requests.all()]

    def waiting(self) -> list[ReviewRequest]:
        """What is still awaited; of prefetched requests without a query."""
        return [one for one in self.requests.all() if one.is_waiting]


class ReviewRequest(models.Model):
    """What the office asks a unit for; the review is on hold until it comes or is given up."""

    review = models.ForeignKey(
        Review, on_delete=models.PROTECT, related_name="requests", verbose_name="等级复核"
    )
    kind = models.CharField("种类", max_length=10, choices=RequestKind.choices)
    unit = models.ForeignKey(
        "accounts.Unit",
        on_delete=models.PROTECT,
        related_name="review_requests",
        verbose_name="单位",
    )
    question = models.TextField("要求")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="要求人",
    )
    asked_at = models.DateTimeField("要求时间", default=timezone.now)
    answer = models.TextField("说明", blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="说明人",
    )
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)

    history = HistoricalRecords(verbose_name="复核要求历史")

    class Meta:
        verbose_name = "复核要求"
        verbose_name_plural = "复核要求"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "unit"],
                condition=Q(ended_at__isnull=True),
                name="review_request_one_open",
                violation_error_message="已向该单位提出要求，尚未答复。",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_by__isnull=True)
                | ~Q(answer="") & Q(answered_by__isnull=False, ended_at__isnull=False),
                name="review_request_answered",
                violation_error_message="单位说明须有说明人和时间。",
            ),
        ]
        indexes = [
            models.Index(
                fields=["unit"], name="review_request_waiting", condition=Q(ended_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.unit_id}"

    @property
    def is_waiting(self) -> bool:
        return self.ended_at is None

    @property
    def wait(self) -> Wait:
        begins = timezone.localdate(self.asked_at)
        ends = timezone.localdate(self.ended_at) if self.ended_at else None
        return Wait(begins, ends, f"待{self.get_kind_display()}")
