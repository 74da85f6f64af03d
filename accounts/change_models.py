"""What one administrator proposes and another agrees to: accounts, roles, tokens."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class ChangeKind(models.TextChoices):
    ACCOUNT = "account", "新账号"
    ROLES = "roles", "增加角色"
    UNIT = "unit", "调动单位"
    ENABLE = "enable", "重新启用"
    PASSWORD = "password", "重置密码"
    TOKEN = "token", "接口令牌"


class ChangeState(models.TextChoices):
    PROPOSED = "proposed", "待另一位管理员同意"
    AGREED = "agreed", "已同意"
    REFUSED = "refused", "不同意"
    WITHDRAWN = "withdrawn", "已撤回"


# What is agreed to here gives somebody a secret, which is made and shown once afterwards.
WITH_SECRET = frozenset({ChangeKind.ACCOUNT, ChangeKind.PASSWORD, ChangeKind.TOKEN})
_DECIDED = [ChangeState.AGREED, ChangeState.REFUSED]


class AccountChange(models.Model):
    """More power for somebody, proposed with a reason; nothing of it holds before it is agreed to.

    ``officer`` is who it is about: None for a new account until it is there, and for a token of an
    outside client. ``payload`` says what is to be, by names and codes; it never holds a secret.
    ``seen`` is the account as the proposer saw it.
    """

    kind = models.CharField("种类", max_length=12, choices=ChangeKind.choices)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="account_changes",
        verbose_name="民警",
    )
    payload = models.JSONField("内容", default=dict)
    seen = models.CharField("提出时的账号", max_length=300, blank=True)
    reason = models.CharField("理由", max_length=200)
    state = models.CharField(
        "状态", max_length=12, choices=ChangeState.choices, default=ChangeState.PROPOSED
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="提出人",
    )
    proposed_at = models.DateTimeField("提出时间", default=timezone.now, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="办理人",
    )
    decided_at = models.DateTimeField("办理时间", null=True, blank=True, editable=False)
    remark = models.CharField("意见", max_length=200, blank=True)
    secret_at = models.DateTimeField("领取时间", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "账号变更"
        verbose_name_plural = "账号变更"
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="account_change_two_persons",
                violation_error_message="提出与同意须由两位管理员完成。",
            ),
            models.CheckConstraint(
                condition=Q(officer__isnull=True)
                | (
                    ~Q(officer=F("proposed_by"))
                    & (Q(decided_by__isnull=True) | ~Q(officer=F("decided_by")))
                ),
                name="account_change_not_oneself",
                violation_error_message="不能办理自己的账号。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_DECIDED, decided_by__isnull=False)
                | (~Q(state__in=_DECIDED) & Q(decided_by__isnull=True)),
                name="account_change_decided_by_somebody",
                violation_error_message="已办结的变更须写明办理人。",
            ),
            models.UniqueConstraint(
                fields=["officer", "kind"],
                condition=Q(state=ChangeState.PROPOSED) & ~Q(kind=ChangeKind.TOKEN),
                name="account_change_one_open_a_kind",
                violation_error_message="这名民警已有一项同类变更待办理。",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "proposed_at"], name="account_change_state"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.about}"

    @property
    def about(self) -> str:
        """Whose it is, in words."""
        if self.officer is not None:
            return str(self.officer)
        value: dict[str, Any] = self.payload
        if self.kind == ChangeKind.TOKEN:
            return f"{value['client']}（外部用户）"
        return f"{value['name']}（{value['number']}）"

    @property
    def is_open(self) -> bool:
        return self.state == ChangeState.PROPOSED

    @property
    def has_secret(self) -> bool:
        """Agreed to, and its password or token has not been shown yet."""
        waits = self.state == ChangeState.AGREED and self.secret_at is None
        return waits and self.kind in WITH_SECRET
