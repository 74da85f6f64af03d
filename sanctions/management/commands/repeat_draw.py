"""``manage.py repeat_draw FILE``: whether a draw comes out as its published file says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sanctions.inspection_file import UnreadableFile, repeat

SHOWN = 20


class Command(BaseCommand):
    help = "按公布的抽查文件复算抽取结果；不读数据库，结果不符时退出码为 1"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="从检查计划页面下载的抽查文件")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = repeat(Path(options["file"]).read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"读不了这个文件：{error}") from error
        except (UnreadableFile, ValueError) as error:
            raise CommandError(str(error)) from error
        for fault in found.faults[:SHOWN]:
            self.stderr.write(fault)
        if found.faults:
            raise CommandError(f"复算不符，共 {len(found.faults)} 处。")
        self.stdout.write(f"复算相符：名册 {found.members} 个对象，抽中 {found.drawn} 个。")
