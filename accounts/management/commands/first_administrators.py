"""``manage.py first_administrators --unit CODE NUMBER NAME ...``: the two who then work in pairs.

An empty production register has nobody who could propose or agree. Whoever runs the machine makes
the first two administrators at once, or a second one where only one is left; nothing else, and
never a third.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.changes import one_time_password
from accounts.models import Officer, RoleGrant, Unit
from accounts.roles import Role
from core import audit

NEEDED = 2


class Command(BaseCommand):
    help = "建立最初的两位系统管理员（或补足到两位），各打印一个一次性密码"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--unit", required=True, metavar="CODE", help="单位代码")
        parser.add_argument("people", nargs="+", metavar="NUMBER NAME", help="警号和姓名，成对写")

    def handle(self, *args: Any, **options: Any) -> None:
        people = options["people"]
        if len(people) % 2:
            raise CommandError("警号和姓名要成对写，例如 410007 郑管一 410010 陈管二。")
        pairs = list(zip(people[::2], people[1::2], strict=True))
        with audit.origin("command first_administrators"), transaction.atomic():
            for number, name, password in self._make(options["unit"], pairs):
                self.stdout.write(f"{number} {name} {password}")
        self.stderr.write("以上密码只显示这一次，本人第一次登录后须改掉。")

    def _make(self, code: str, pairs: list[tuple[str, str]]) -> list[tuple[str, str, str]]:
        unit = Unit.objects.select_for_update().filter(code=code).first()
        if unit is None:
            raise CommandError(f"没有代码为 {code} 的单位。请先用 import_units 导入单位。")
        present = Officer.objects.filter(
            is_active=True, role_grants__role=Role.ADMINISTRATOR
        ).count()
        if present + len(pairs) != NEEDED:
            raise CommandError(
                f"在用的系统管理员现有 {present} 位，本命令只用于补足到 {NEEDED} 位。"
                "已有两位的，由他们在“账号变更”页办理。"
            )
        return [self._administrator(number, name, unit) for number, name in pairs]

    def _administrator(self, number: str, name: str, unit: Unit) -> tuple[str, str, str]:
        if Officer.objects.filter(number=number).exists():
            raise CommandError(f"警号 {number} 已有账号。请换一个警号。")
        password = one_time_password()
        officer = Officer(number=number, name=name, unit=unit, must_change_password=True)
        officer.full_clean(exclude=["password"])
        officer.set_password(password)
        officer.save()
        RoleGrant.objects.create(officer=officer, role=Role.ADMINISTRATOR)
        audit.record(
            actor=None,
            action="account.first",
            target=officer,
            reason="建立最初的系统管理员",
            details={"roles": [Role.ADMINISTRATOR.value]},
        )
        return number, name, password
