"""Units of the bureau and the officers who work in them."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.change_models import AccountChange
from accounts.roles import Can, Role, permissions_of
from accounts.token_models import ApiToken, Client

__all__ = ["AccountChange", "ApiToken", "Client", "Officer", "RoleGrant", "Unit"]


class Unit(models.Model):
    """A unit or police station of the bureau; exactly one is the Bureau Office (2-3)."""

    code = models.CharField("单位代码", max_length=32, unique=True)
    name = models.CharField("单位名称", max_length=64, unique=True)
    is_office = models.BooleanField("局办公室", default=False)
    is_active = models.BooleanField("在用", default=True)

    history = HistoricalRecords(verbose_name="单位历史")

    class Meta:
        verbose_name = "单位"
        verbose_name_plural = "单位"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_office"],
                condition=models.Q(is_office=True),
                name="unit_one_office",
                violation_error_message="局办公室只能有一个。",
            )
        ]

    def __str__(self) -> str:
        return self.name


class OfficerManager(BaseUserManager["Officer"]):
    def get_queryset(self) -> models.QuerySet[Officer]:
        return super().get_queryset().select_related("unit")

    def create_user(
        self,
        number: str,
        password: str | None = None,
        *,
        roles: tuple[str, ...] = (),
        **fields: Any,
    ) -> Officer:
        """An officer with roles; without a password nobody can sign in as them."""
        officer = self.model(number=number, **fields)
        officer.set_password(password)
        officer.save(using=self._db)
        for role in roles:
            RoleGrant.objects.create(officer=officer, role=role)
        return officer


class Officer(AbstractBaseUser):
    """A police officer who uses the system; signs in with the police number (警号)."""

    number = models.CharField(
        "警号",
        max_length=32,
        unique=True,
        validators=[RegexValidator(r"^[0-9A-Za-z]{4,32}$", "警号由 4 到 32 位数字或字母组成。")],
    )
    name = models.CharField("姓名", max_length=64)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="officers", verbose_name="单位"
    )
    is_active = models.BooleanField("启用", default=True)
    date_joined = models.DateTimeField("建立时间", default=timezone.now, editable=False)
    must_change_password = models.BooleanField("下次登录须改密码", default=False)

    objects: ClassVar[OfficerManager] = OfficerManager()
    history = HistoricalRecords(verbose_name="账号历史", excluded_fields=["password", "last_login"])

    USERNAME_FIELD = "number"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "unit"]

    class Meta:
        verbose_name = "民警"
        verbose_name_plural = "民警"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.name}（{self.number}）"

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles granted to this officer, read once a request."""
        return frozenset(self.role_grants.values_list("role", flat=True))

    @cached_property
    def permissions(self) -> frozenset[Can]:
        """What this officer may do; nothing for a disabled one."""
        return permissions_of(self.roles) if self.is_active else frozenset()

    @property
    def unit_code(self) -> str:
        return self.unit.code

    @property
    def role_names(self) -> list[str]:
        """The roles in Chinese, in the order of domain.md."""
        return [role.label for role in Role if role.value in self.roles]

    @property
    def is_staff(self) -> bool:
        """Whether the admin site lets this officer in."""
        return self.may(Can.ADMINISTER)

    @property
    def is_superuser(self) -> bool:
        """Never: there is no officer who may do everything (reliability.md)."""
        return False

    def may(self, what: Can) -> bool:
        """Whether this officer may do ``what`` at all; which rows is the querysets' matter."""
        return what in self.permissions

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """For the admin site: administrators view, add and change; nobody deletes there."""
        return self.may(Can.ADMINISTER) and ".delete_" not in perm

    def has_perms(self, perms: Any, obj: object = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        return self.may(Can.ADMINISTER)


class RoleGrant(models.Model):
    """One role of one officer."""

    officer = models.ForeignKey(
        Officer, on_delete=models.CASCADE, related_name="role_grants", verbose_name="民警"
    )
    role = models.CharField("角色", max_length=20, choices=Role.choices)
    granted_at = models.DateTimeField("授予时间", default=timezone.now, editable=False)

    history = HistoricalRecords(verbose_name="角色历史")

    class Meta:
        verbose_name = "角色"
        verbose_name_plural = "角色"
        constraints = [
            models.UniqueConstraint(
                fields=["officer", "role"],
                name="role_once_an_officer",
                violation_error_message="该民警已有这个角色。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.officer_id} {self.get_role_display()}"
