"""Takes over published list entries (interfaces.md, "Commands")."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Officer
from core import audit
from core.spreadsheets import SheetError
from violations.errors import NotAllowed
from violations.import_list import import_list_entries
from violations.import_ranges import ranges
from violations.management.commands.import_decisions import line_of


class Command(BaseCommand):
    help = "接收已发布的红黑名单条目：逐行检查，全部正确才写入。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help=".csv 或 .xlsx 文件")
        parser.add_argument("--officer", required=True, help="接收人的警号")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 0 when all rows went in, 1 (CommandError) when something was wrong."""
        officer = Officer.objects.filter(number=options["officer"], is_active=True).first()
        if officer is None:
            raise CommandError(f"没有警号为 {options['officer']} 的在用账号。")
        try:
            with audit.origin("command import_list_entries"):
                report = import_list_entries(path=options["file"], officer=officer)
        except (SheetError, NotAllowed) as error:
            raise CommandError(str(error)) from error
        for fault in report.faults:
            self.stdout.write(line_of(fault))
        if report.faults:
            raise CommandError(f"发现 {len(report.faults)} 处错误，没有写入任何一行。")
        if report.skipped:
            rows = "、".join(ranges(report.skipped))
            self.stdout.write(f"库中已有，跳过 {len(report.skipped)} 行：{rows}")
        self.stdout.write(f"已接收 {report.stored} 个名单条目。")
