"""Rule sets, the grade of each organisation now, its changes, and what is still to be graded."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from core.models import BypassError
from grading.review_models import Flag, Outcome, RequestKind, Review, ReviewRequest, ReviewState
from grading.tier_checks import tiers_are_lawful
from grading.tiers import regulation
from grading.wording_models import WordsVersion
from subjects.models import Subject

__all__ = [
    "Cause",
    "CountBy",
    "FeedCounter",
    "Flag",
    "Grade",
    "GradeChange",
    "Outcome",
    "RegradeRequest",
    "RequestKind",
    "Review",
    "ReviewRequest",
    "ReviewState",
    "RuleSet",
    "Standing",
    "WordsVersion",
]


class Grade(models.TextChoices):
    A = "A", "信用优良"
    B = "B", "一般失信"
    C = "C", "严重失信"


class CountBy(models.TextChoices):
    DECISION = "decision", "按处理决定计"
    VIOLATION = "violation", "按失信行为计"


class Cause(models.TextChoices):
    """Why a grade is looked at again."""

    DECISION = "decision", "处理决定"
    CONTEST = "contest", "复议诉讼"
    REVOCATION = "revocation", "撤销"
    REPAIR = "repair", "信用修复"
    LIST_ENTRY = "list_entry", "名单"
    FACTOR = "factor", "参考因素"
    TAKEOVER = "takeover", "历史记录接收"
    MERGE = "merge", "监管对象并档"
    CORRECTION = "correction", "更正"
    TIME = "time", "期限届至"
    RULE_SET = "rule_set", "规则版本"
    VERIFY = "verify", "夜间核验"
    COMMAND = "command", "手动重新评定"


class RuleSet(models.Model):
    """The limits of chapter three as dated figures, and which laws' records are sealed.

    In force on a day: approved not later than that day, ``effective_from`` not later, the latest
    of these. ``laws`` maps a normalised law name to whether its records are sealed; a law that is
    not named there counts as sealed (law.md, "sealed records").
    """

    name = models.CharField("名称", max_length=100, unique=True)
    effective_from = models.DateField("施行日期")
    approved_on = models.DateField("批准日期", null=True, blank=True)
    warning_limit = models.PositiveSmallIntegerField("警告、责令改正上限（不含）", default=3)
    penalty_limit = models.PositiveSmallIntegerField("行政处罚上限（不含）", default=3)
    breach_limit = models.PositiveSmallIntegerField("违反许可承诺上限（不含）", default=3)
    amount_limit = models.DecimalField(
        "罚没款上限（元，含）", max_digits=14, decimal_places=2, default=500000
    )
    window_months = models.PositiveSmallIntegerField("计数期间（月）", default=12)
    count_by = models.CharField(
        "计数口径", max_length=10, choices=CountBy.choices, default=CountBy.DECISION
    )
    laws = models.JSONField("法律名称与是否封存", default=dict)
    tiers = models.JSONField(
        "信用修复分档与公示月数",
        default=regulation,
        validators=[tiers_are_lawful],
        help_text="轻微、一般、严重三档各按哪些程序、处理种类和罚款数额认定，最短和最长公示几个月。",
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="proposed_rule_sets",
        verbose_name="起草人",
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="approved_rule_sets",
        verbose_name="批准人",
    )

    history = HistoricalRecords(verbose_name="规则版本历史")

    class Meta:
        verbose_name = "规则版本"
        verbose_name_plural = "规则版本"
        ordering = ["-effective_from", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["effective_from"],
                condition=Q(approved_on__isnull=False),
                name="rule_set_one_a_day",
                violation_error_message="这一天已有批准的规则版本。",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | Q(proposed_by__isnull=True)
                | ~Q(approved_by=F("proposed_by")),
                name="rule_set_two_persons",
                violation_error_message="起草人不能批准自己的规则版本。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Evaluated(models.Model):
    """The columns of one evaluation and its disclosable twin; stored in standings and changes.

    ``clauses``, ``exceeded`` and ``flags`` are sorted ids joined by one blank; money is in fen.
    """

    grade = models.CharField("等级", max_length=1, choices=Grade.choices, blank=True)
    clauses = models.CharField("条款", max_length=60, blank=True)
    exceeded = models.CharField("达到上限的条款", max_length=60, blank=True)
    flags = models.CharField("标记", max_length=60, blank=True)
    warnings = models.PositiveIntegerField("警告、责令改正", default=0)
    penalties = models.PositiveIntegerField("行政处罚", default=0)
    breaches = models.PositiveIntegerField("违反许可承诺", default=0)
    amount_fen = models.BigIntegerField("罚没款（分）", default=0)
    next_change_on = models.DateField("下次变化", null=True, blank=True)
    disclosable_grade = models.CharField(
        "可公开等级", max_length=1, choices=Grade.choices, blank=True
    )
    disclosable_clauses = models.CharField(max_length=60, blank=True)
    disclosable_exceeded = models.CharField(max_length=60, blank=True)
    disclosable_flags = models.CharField(max_length=60, blank=True)
    disclosable_warnings = models.PositiveIntegerField(default=0)
    disclosable_penalties = models.PositiveIntegerField(default=0)
    disclosable_breaches = models.PositiveIntegerField(default=0)
    disclosable_amount_fen = models.BigIntegerField(default=0)
    disclosable_next_change_on = models.DateField(null=True, blank=True)
    rule_set = models.ForeignKey(
        RuleSet, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="规则版本"
    )

    class Meta:
        abstract = True


class Standing(Evaluated):
    """The grade of one organisation now: narrow, one row a subject that ever had a fact."""

    subject = models.OneToOneField(
        Subject, on_delete=models.PROTECT, primary_key=True, related_name="standing"
    )
    # The earliest day of a decision that counts: with the counts, all that a plain subject's
    # evaluation depends on (``grading.bulk``).
    earliest_on = models.DateField(null=True)
    disclosable_earliest_on = models.DateField(null=True)
    since = models.DateField("现等级自", null=True)
    changed_at = models.DateTimeField("最近变动", null=True)

    class Meta:
        verbose_name = "当前等级"
        verbose_name_plural = "当前等级"
        indexes = [
            models.Index(
                fields=["next_change_on"],
                name="standing_next",
                condition=Q(next_change_on__isnull=False),
            ),
            models.Index(
                fields=["disclosable_next_change_on"],
                name="standing_disclosable_next",
                condition=Q(disclosable_next_change_on__isnull=False),
            ),
            # The register is read in this order, page after page from a key on: a whole run
            # changes thousands in one moment, so the subject is part of it.
            models.Index(fields=["-changed_at", "-subject"], name="standing_in_order"),
            models.Index(fields=["grade", "-changed_at", "-subject"], name="standing_by_grade"),
            models.Index(
                fields=["-changed_at", "-subject"], name="standing_flagged", condition=~Q(flags="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_id} {self.grade or '未定级'}"


class GradeChange(Evaluated):
    """One change of an evaluation, with everything needed to explain it in years; append-only.

    ``counted`` holds the ids of the violations that counted, ``entries`` those of the list entries,
    ``causes`` what asked for the evaluation.
    """

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="grade_changes")
    at = models.DateTimeField("评定时间", default=timezone.now)
    effective_on = models.DateField("变动日")
    old_grade = models.CharField("原等级", max_length=1, choices=Grade.choices, blank=True)
    old_disclosable_grade = models.CharField(max_length=1, choices=Grade.choices, blank=True)
    old_flags = models.CharField(max_length=60, blank=True)
    causes = models.JSONField("起因", default=list)
    counted = models.JSONField("计入的失信行为", default=list)
    entries = models.JSONField("计入的名单条目", default=list)
    # Its place in the feed, given by ``grading.feed`` once the row is committed; the second counts
    # the changes that are seen outside the bureau, without gaps that would tell of the others.
    feed_number = models.BigIntegerField(null=True, editable=False)
    disclosable_number = models.BigIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = "等级变更"
        verbose_name_plural = "等级变更"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject", "-id"], name="grade_change_subject"),
            models.Index(fields=["-at"], name="grade_change_at"),
            models.Index(
                fields=["id"],
                name="grade_change_unnumbered",
                condition=Q(feed_number__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["feed_number"],
                condition=Q(feed_number__isnull=False),
                name="grade_change_feed_number",
            ),
            models.UniqueConstraint(
                fields=["disclosable_number"],
                condition=Q(disclosable_number__isnull=False),
                name="grade_change_disclosable",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_id} {self.old_grade or '-'} → {self.grade or '-'}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise BypassError("GradeChange: changes are only ever added")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise BypassError("GradeChange: changes are only ever added")


class FeedCounter(models.Model):
    """The last numbers given in the feed: one row, locked by whoever gives the next."""

    last = models.BigIntegerField(default=0)
    last_disclosable = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "变更编号"
        verbose_name_plural = "变更编号"

    def __str__(self) -> str:
        return f"{self.last} / {self.last_disclosable}"


class RegradeRequest(models.Model):
    """One reason to grade a subject again, written in the transaction of its fact (domain.md §4).

    A row per change, closed by the evaluation that saw it: never one row a subject, never a flag.
    """

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="regrade_requests")
    cause = models.CharField("起因", max_length=12, choices=Cause.choices)
    source = models.CharField("来源", max_length=120, blank=True)
    requested_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "重新评定请求"
        verbose_name_plural = "重新评定请求"
        indexes = [
            models.Index(
                fields=["subject"], name="regrade_open", condition=Q(done_at__isnull=True)
            ),
            models.Index(
                fields=["requested_at"], name="regrade_open_age", condition=Q(done_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_id} {self.cause}"
