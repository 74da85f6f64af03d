"""``manage.py anchor_audit [--out FILE]``: the head of the chain, to be kept elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.audit_anchors import AnchorError, append, as_line
from core.audit_chain import seal


class Command(BaseCommand):
    help = "写出审计链的链头（封存编号、校验值、末行编号、行数、时间），请存到本机以外"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", metavar="FILE", help="在文件末尾添一行；不写时写到标准输出")

    def handle(self, *args: Any, **options: Any) -> None:
        seal()
        try:
            line = append(Path(options["out"])) if options["out"] else as_line()
        except AnchorError as error:
            raise CommandError(str(error)) from error
        if not line:
            raise CommandError("还没有封存过审计记录，没有链头可写。")
        self.stdout.write(line)
