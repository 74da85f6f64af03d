"""Tokens of the API, and the clients outside the bureau that may hold one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.scopes import DISCLOSABLE, Scope


class Client(models.Model):
    """A department or system outside the bureau that asks for grades; it writes nothing, ever."""

    name = models.CharField("名称", max_length=64, unique=True)
    contact = models.CharField(
        "联系部门", max_length=100, blank=True, help_text="部门和公用电话，不写个人信息。"
    )
    created_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)

    is_authenticated = True
    is_anonymous = False
    is_active = True
    unit_code = ""

    class Meta:
        verbose_name = "外部用户"
        verbose_name_plural = "外部用户"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def number(self) -> str:
        """What stands in the trail where an officer's police number would."""
        return f"client-{self.pk}"


class ApiToken(models.Model):
    """A secret that stands for an officer or an outside client, for some scopes, until a day.

    Only the SHA-256 digest of the secret is kept: it has 256 random bits, so that nothing slower is
    needed. ``prefix`` is its public part, by which it is found and named in the trail. ``scopes``
    are sorted values joined by one blank; they never change: a new purpose gets a new token.
    """

    prefix = models.CharField("前缀", max_length=12, unique=True, editable=False)
    digest = models.CharField("摘要", max_length=64, editable=False)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="api_tokens",
        verbose_name="民警",
    )
    client = models.ForeignKey(
        Client,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="api_tokens",
        verbose_name="外部用户",
    )
    scopes = models.CharField("范围", max_length=200)
    valid_until = models.DateField("有效期至（含）")
    created_at = models.DateTimeField("签发时间", default=timezone.now, editable=False)
    last_used_on = models.DateField("最近使用", null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField("撤销时间", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "接口令牌"
        verbose_name_plural = "接口令牌"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(officer__isnull=False, client__isnull=True)
                | Q(officer__isnull=True, client__isnull=False),
                name="api_token_one_holder",
                violation_error_message="令牌属于一名民警或一个外部用户。",
            ),
            models.CheckConstraint(
                condition=Q(client__isnull=True) | Q(scopes__in=sorted(DISCLOSABLE)),
                name="api_token_client_disclosable_only",
                violation_error_message="外部用户只能查询可公开的等级。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix} {self.officer or self.client}"

    @property
    def scope_set(self) -> frozenset[str]:
        return frozenset(self.scopes.split())

    @property
    def holder(self) -> object:
        """The officer or the client it stands for."""
        return self.officer or self.client

    def allows(self, scope: Scope) -> bool:
        return scope.value in self.scope_set
