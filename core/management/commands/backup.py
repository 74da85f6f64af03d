"""``manage.py backup --to DIR``: the database, the stored files and a manifest, of one moment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import audit
from core.backup import make, read
from core.dumps import DumpError


class Command(BaseCommand):
    help = "备份数据库和文件到 DIR 下的新目录，附各表行数和 SHA-256 校验值"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, required=True, metavar="DIR", help="存放备份的目录")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = make(options["to"].resolve())
            manifest = read(made)
        except DumpError as error:
            raise CommandError(str(error)) from None
        rows, size = sum(manifest.rows.values()), sum(f["bytes"] for f in manifest.files.values())
        with audit.origin("command backup"):
            audit.record(actor=None, action="backup.make", details={"rows": rows, "bytes": size})
        self.stdout.write(
            f"已备份到 {made}：{len(manifest.rows)} 张表、{rows} 行、"
            f"{manifest.stored_files} 个文件，共 {size / 1e6:.1f} MB。"
        )
