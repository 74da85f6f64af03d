"""``manage.py restore_drill DIR [--into URL]``: prove that a backup can be restored."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import audit
from core.dumps import DumpError
from core.restoring import drill


class Command(BaseCommand):
    help = "把一份备份恢复到空数据库，核对行数并重新计算全部等级；不影响正在使用的数据库"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR", help="一份备份的目录")
        parser.add_argument(
            "--into", default="", metavar="URL", help="空的 PostgreSQL 数据库；SQLite 备份不需要"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        directory: Path = options["directory"].resolve()
        try:
            drill(directory, into=options["into"], tell=self.stdout.write)
        except DumpError as error:
            raise CommandError(f"恢复演练没有通过。{error}") from None
        with audit.origin("command restore_drill"):
            audit.record(actor=None, action="backup.drill", details={"backup": directory.name})
        self.stdout.write(f"恢复演练通过，用时 {time.monotonic() - started:.0f} 秒。")
