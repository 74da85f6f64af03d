"""Attempts to serve a paper: each is a row that stays as it was written."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.models import FactModel, FactQuerySet
from sanctions.paper_models import Paper


class Way(models.TextChoices):
    """How a paper is brought to its addressee."""

    DIRECT = "direct", "直接送达"
    LEFT = "left", "留置送达"
    MAIL = "mail", "邮寄送达"
    PUBLIC = "public", "公告送达"


class Result(models.TextChoices):
    """What came of an attempt."""

    SERVED = "served", "已送达"
    ABSENT = "absent", "无人在场，未送达"
    REFUSED = "refused", "拒绝签收，未留置"
    NOT_FOUND = "not_found", "地址不符或查无此单位"
    RETURNED = "returned", "邮件退回"
    TAKEN_BACK = "taken_back", "原登记有误，予以更正"


class ServiceAttempt(FactModel):
    """One attempt on one day; the first that succeeds ends the row of them.

    A service that was recorded wrong is taken back by a row of another officer, and the next
    ``round`` of attempts begins; rows stay as they were written.

    ``document`` is the receipt (送达回证) or the number of the letter; ``recipient`` who signed and
    in what function; ``witness`` who saw that it was refused and left.
    """

    paper = models.ForeignKey(
        Paper, on_delete=models.PROTECT, related_name="attempts", verbose_name="文书"
    )
    ordinal = models.PositiveSmallIntegerField("次数")
    round = models.PositiveSmallIntegerField("轮次", default=1)
    on = models.DateField("日期")
    way = models.CharField("送达方式", max_length=8, choices=Way.choices)
    result = models.CharField("结果", max_length=10, choices=Result.choices)
    document = models.CharField("送达凭证", max_length=100, blank=True)
    recipient = models.CharField("签收人及职务", max_length=100, blank=True)
    witness = models.CharField("见证人", max_length=100, blank=True)
    servers = models.CharField("送达人", max_length=100, blank=True)
    remark = models.CharField("情况说明", max_length=500, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)

    objects: models.Manager[Any] = FactQuerySet.as_manager()

    class Meta(FactModel.Meta):
        verbose_name = "送达记录"
        verbose_name_plural = "送达记录"
        ordering = ["paper_id", "ordinal"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "ordinal"],
                name="service_attempt_once",
                violation_error_message="该次送达已经登记。",
            ),
            models.UniqueConstraint(
                fields=["paper", "round"],
                condition=Q(result="served"),
                name="service_succeeds_once",
                violation_error_message="该文书已经送达。",
            ),
            models.CheckConstraint(
                condition=~Q(result="served") | ~Q(document=""),
                name="service_served_has_receipt",
                violation_error_message="已送达的须有送达回证或邮件凭证。",
            ),
            models.CheckConstraint(
                condition=~Q(result="served", way="direct") | ~Q(recipient=""),
                name="service_direct_has_recipient",
                violation_error_message="直接送达须写明签收人及职务。",
            ),
            models.CheckConstraint(
                condition=~Q(way="left", result="served") | (~Q(witness="") & ~Q(remark="")),
                name="service_left_is_witnessed",
                violation_error_message="留置送达须写明拒收情况和见证人。",
            ),
            models.CheckConstraint(
                condition=Q(result="served") | ~Q(remark=""),
                name="service_failed_says_why",
                violation_error_message="未送达的须写明情况。",
            ),
            models.CheckConstraint(
                condition=~Q(way="left") | Q(result__in=["served", "taken_back"]),
                name="service_left_is_served",
                violation_error_message="留置送达即为送达。",
            ),
            models.CheckConstraint(
                condition=~Q(way="public") | Q(result__in=["served", "taken_back"]) & ~Q(remark=""),
                name="service_public_says_why",
                violation_error_message="公告送达须写明无法以其他方式送达的情况。",
            ),
            models.CheckConstraint(
                condition=~Q(result="returned") | Q(way="mail"),
                name="service_returned_by_mail",
                violation_error_message="只有邮寄的文书可以退回。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_way_display()} {self.on} {self.get_result_display()}"
