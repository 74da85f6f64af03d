"""Makes the demonstration: units, officers, and a made-up register (interfaces.md, "Commands")."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from core import audit
from core.clock import today
from desk.demo.answers import Answers
from desk.demo.lists import make_lists
from desk.demo.objections import make_objections
from desk.demo.people import OFFICERS, make_people, password_of
from desk.demo.register import make_register
from desk.demo.waiting import make_waiting
from subjects.models import Subject

ANSWERS = "demo-expected-grades.csv"
MOST = 1_000_000


class Command(BaseCommand):
    help = "载入演示数据：单位、演示账号和一份虚构的登记册。正式环境中拒绝运行。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--subjects", type=int, default=300, help="监管对象数，0 为不生成")
        parser.add_argument("--seed", type=int, default=1, help="同一种子生成同样的登记册")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("正式环境（WUGANG_PROFILE=production）不载入演示数据。")
        if not 0 <= options["subjects"] <= MOST:
            raise CommandError(f"--subjects 须在 0 到 {MOST} 之间。")
        with audit.origin("command demo"):
            made = make_people()
            self.stdout.write(f"已建立 {made} 个演示账号。" if made else "演示账号已在，没有改动。")
            if options["subjects"]:
                self._make_register(options["subjects"], options["seed"])
        number = OFFICERS[0][0]
        self.stdout.write(f"演示账号：{number} 等，密码为 demo- 加警号，如 {password_of(number)}。")

    def _make_register(self, subjects: int, seed: int) -> None:
        if Subject.objects.exists():
            self.stdout.write("登记册中已有监管对象，没有生成样例。")
            return
        started, day = time.monotonic(), today()
        path = settings.VAR_DIR / ANSWERS
        with path.open("w", encoding="utf-8", newline="") as file, transaction.atomic():
            answers = Answers(file, day)
            first = make_register(subjects, seed=seed, day=day, answer=answers.write)
            make_waiting(first, day=day)
            make_lists(first[8:], day=day)
            make_objections(first, day=day)
        took = time.monotonic() - started
        self.stdout.write(
            f"已生成 {subjects} 个虚构的监管对象（{took:.1f} 秒）；{day} 的正确等级见 {path}。"
        )
