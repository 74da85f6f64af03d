"""``manage.py verify_measures [--repair]``: the rows of measures beside the grades, exit 1 on any
difference. With ``--repair`` it also makes them for a register that was graded before."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core import audit
from sanctions.measure_wake import verify


class Command(BaseCommand):
    help = "核对适用的措施与等级是否一致；有差异时退出码为 1"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="同时按等级更正或补建")

    def handle(self, *args: Any, **options: Any) -> None:
        with audit.origin("command verify_measures"):
            found = verify(repair=options["repair"])
        if not (found.ended or found.begun):
            self.stdout.write("全部一致")
            return
        done = "已" if options["repair"] else "应"
        self.stdout.write(f"{done}结束 {found.ended} 项，{done}开始 {found.begun} 项")
        sys.exit(1)
