"""Corrections of what is on record: proposed by one officer, carried out when another agrees.

A correction is the only way to change a fact in force (domain.md §5). It keeps what the proposer
saw (``base``), each value from and to, why, and on which paper.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Officer
from accounts.roles import Can
from core.history import FactHistory
from core.models import FactModel, FactQuerySet
from subjects.models import Subject

MIN_REASON = 10


class CorrectionKind(models.TextChoices):
    """What is corrected."""

    DECISION = "decision", "处理决定"
    LIST_ENTRY = "list_entry", "名单条目"
    FACTOR = "factor", "参考因素"
    SUBJECT = "subject", "登记事项"
    MERGE = "merge", "并档"
    UNMERGE = "unmerge", "解除并档"


class CorrectionState(models.TextChoices):
    PROPOSED = "proposed", "待同意"
    CARRIED_OUT = "carried_out", "已更正"
    REFUSED = "refused", "不同意"
    WITHDRAWN = "withdrawn", "已撤回"
    UNDONE = "undone", "已还原"


# States that a second officer has decided.
DECIDED = ("carried_out", "refused", "undone")


class CorrectionQuerySet(FactQuerySet["Correction"]):
    def visible_to(self, officer: Officer) -> CorrectionQuerySet:
        """All of them for those who propose or agree, and for the auditor; none for others."""
        readers = (Can.PROPOSE_CORRECTION, Can.AGREE_TO_CORRECTION, Can.READ_AUDIT)
        return self.all() if any(officer.may(what) for what in readers) else self.none()

    def waiting(self) -> CorrectionQuerySet:
        return self.filter(state=CorrectionState.PROPOSED)

    def decidable_by(self, officer: Officer) -> CorrectionQuerySet:
        """Those that wait for this officer: neither proposed by them nor about their own record."""
        if not officer.may(Can.AGREE_TO_CORRECTION):
            return self.none()
        return (
            self.waiting()
            .exclude(proposed_by=officer)
            .exclude(decision__recorded_by=officer)
            .exclude(decision__confirmed_by=officer)
            .exclude(decision__editors__officer=officer)
            .exclude(list_entry__proposed_by=officer)
            .exclude(list_entry__approved_by=officer)
            .exclude(factor__recorded_by=officer)
        )


class Correction(FactModel):
    """One proposal to change one record, and what became of it.

    ``subject`` is whom the record concerns; ``undoes`` the correction that this one takes back.
    ``changes`` are ``{"path", "label", "from", "to"}`` in the order of the form. ``effects`` are
    the grades that moved when it was carried out; ``result_base`` what the record was then.
    """

    kind = models.CharField("对象", max_length=10, choices=CorrectionKind.choices)
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, related_name="corrections", verbose_name="监管对象"
    )
    decision = models.ForeignKey(
        "violations.Decision",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name="处理决定",
    )
    list_entry = models.ForeignKey(
        "violations.ListEntry",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name="名单条目",
    )
    factor = models.ForeignKey(
        "violations.Factor",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name="参考因素",
    )
    survivor = models.ForeignKey(
        Subject,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections_as_survivor",
        verbose_name="并入",
    )
    undoes = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="undone_by",
        verbose_name="还原",
    )
    changes = models.JSONField("更正内容", default=list)
    reason = models.TextField("理由")
    document = models.CharField("依据文书", max_length=100, blank=True)
    base = models.CharField("提出时的内容", max_length=64, editable=False)
    result_base = models.CharField("更正后的内容", max_length=64, blank=True, editable=False)
    state = models.CharField(
        "状态", max_length=12, choices=CorrectionState.choices, default=CorrectionState.PROPOSED
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="proposed_corrections",
        verbose_name="提出人",
    )
    proposed_at = models.DateTimeField("提出时间", default=timezone.now, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decided_corrections",
        verbose_name="决定人",
    )
    decided_at = models.DateTimeField("办结时间", null=True, blank=True)
    remark = models.TextField("办结意见", blank=True)
    effects = models.JSONField("等级影响", default=list)

    objects = CorrectionQuerySet.as_manager()
    history = FactHistory(verbose_name="更正历史")

    class Meta(FactModel.Meta):
        verbose_name = "更正"
        verbose_name_plural = "更正"
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "id"], name="correction_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="correction_two_persons",
                violation_error_message="提出人不能决定自己提出的更正。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=DECIDED) | Q(decided_by__isnull=False),
                name="correction_decided_by_somebody",
                violation_error_message="办结的更正须有决定人。",
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind="decision", decision__isnull=False)
                    | Q(kind="list_entry", list_entry__isnull=False)
                    | Q(kind="factor", factor__isnull=False)
                    | Q(kind__in=("merge", "unmerge"), survivor__isnull=False)
                    | Q(kind="subject")
                ),
                name="correction_has_its_record",
                violation_error_message="更正须指明所更正的记录。",
            ),
            models.UniqueConstraint(
                fields=["undoes"],
                condition=Q(state__in=("proposed", "carried_out")),
                name="correction_undone_once",
                violation_error_message="该更正已有一件还原。",
            ),
        ]

    def __str__(self) -> str:
        what = "还原更正" if self.undoes_id else "更正"
        return f"{what} {self.pk} · {self.get_kind_display()}"

    @property
    def is_waiting(self) -> bool:
        return self.state == CorrectionState.PROPOSED
