"""``manage.py verify_audit [--anchor FILE]``: whether the trail is as it was sealed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.audit_anchors import AnchorError, read
from core.audit_verify import SHOWN, verify


class Command(BaseCommand):
    help = "核验审计记录有无改动、删除、插入、乱序，给出锚点时还查截尾；不符时退出码为 1"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anchor", metavar="FILE", help="anchor_audit 写出、另处保管的文件")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            anchors = read(Path(options["anchor"])) if options["anchor"] else []
        except AnchorError as error:
            raise CommandError(str(error)) from error
        report = verify(anchors)
        if report.faults:
            for line in report.lines:
                self.stdout.write(line)
            if report.faults > SHOWN:
                self.stdout.write(f"另有 {report.faults - SHOWN} 处，未逐一列出。")
            self.stdout.write(f"审计记录有 {report.faults} 处与封存不符。")
            sys.exit(1)
        self.stdout.write(
            f"全部一致：{report.rows} 行审计记录，{report.links} 号封存，"
            f"其中 {report.unsealed} 行尚未封存。"
        )
