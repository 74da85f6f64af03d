"""``manage.py verify_standings [--repair]``: recompute all, compare, exit 1 on any difference."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core import audit
from grading.verification import verify


class Command(BaseCommand):
    help = "从处理种类重新计算全部等级并与存储值比较；有差异时退出码为 1"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="同时按计算结果更正")

    def handle(self, *args: Any, **options: Any) -> None:
        with audit.origin("command verify_standings"):
            found = verify(repair=options["repair"])
        for difference in found.standings:
            self.stdout.write(
                f"监管对象 {difference.subject_id} {difference.column}："
                f"存储 {difference.stored!r}，计算 {difference.computed!r}"
            )
        for line in found.severities:
            self.stdout.write(f"失信行为的计入类别或金额与处理不符：{line}")
        self.stdout.write(f"差异 {len(found)} 处" if len(found) else "全部一致")
        if len(found):
            sys.exit(1)
