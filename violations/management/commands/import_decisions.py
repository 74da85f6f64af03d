"""Takes decisions over from an official sheet (interfaces.md, "Commands")."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Officer, Unit
from core import audit
from core.spreadsheets import SheetError
from violations.errors import NotAllowed
from violations.import_columns import FORMS
from violations.import_errors import write_errors
from violations.import_ranges import ranges
from violations.import_rows import SheetFault
from violations.imports import ImportReport, import_sheet


class Command(BaseCommand):
    help = "从官方表格导入处理决定：逐行检查，全部正确才写入。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help=".xlsx 或 .csv 文件")
        parser.add_argument("--kind", choices=sorted(FORMS), default="", help="省略时按列名判断")
        parser.add_argument("--unit", required=True, help="数据来源单位为空的行归入的单位代码")
        parser.add_argument("--officer", required=True, help="录入人的警号")
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
        parser.add_argument("--errors", type=Path, help="把有误的表另存到这里，错误处作标记")
        parser.add_argument(
            "--in-force", action="store_true", help="接收以往已生效的决定（须在接收期内）"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 0 when all rows went in, 1 (CommandError) when something was wrong."""
        unit, officer = self._who(options["unit"], options["officer"])
        path: Path = options["file"]
        try:
            with audit.origin("command import_decisions"):
                report = import_sheet(
                    path=path,
                    unit=unit,
                    officer=officer,
                    kind=options["kind"],
                    in_force=options["in_force"],
                    dry_run=options["dry_run"],
                )
        except (SheetError, NotAllowed) as error:
            raise CommandError(str(error)) from error
        self._report(report)
        if report.faults:
            self._write_errors(path, options["errors"], report)
            raise CommandError(f"发现 {len(report.faults)} 处错误，没有写入任何一行。")
        self._say_done(report, dry_run=options["dry_run"])

    def _who(self, code: str, number: str) -> tuple[Unit, Officer]:
        unit = Unit.objects.filter(code=code).first()
        if unit is None:
            raise CommandError(f"没有代码为 {code} 的单位。用 import_units 先导入单位。")
        officer = Officer.objects.filter(number=number, is_active=True).first()
        if officer is None:
            raise CommandError(f"没有警号为 {number} 的在用账号。")
        return unit, officer

    def _report(self, report: ImportReport) -> None:
        for fault in report.faults:
            self.stdout.write(line_of(fault))
        for warning in report.warnings:
            self.stdout.write(f"提示\t{line_of(warning)}")
        if report.skipped:
            rows = "、".join(ranges(report.skipped))
            self.stdout.write(f"库中已有，跳过 {len(report.skipped)} 行：{rows}")

    def _write_errors(self, path: Path, target: Path | None, report: ImportReport) -> None:
        if target is None:
            return
        if target.exists() and target.samefile(path):
            raise CommandError("--errors 不能是导入的文件本身。换一个文件名。")
        try:
            write_errors(source=path, target=target, kind=report.kind, faults=report.faults)
        except OSError as error:
            raise CommandError(f"错误表无法写入 {target}：{error.strerror or error}") from error
        self.stdout.write(f"已写出标记错误的表：{target}")

    def _say_done(self, report: ImportReport, *, dry_run: bool) -> None:
        if dry_run:
            self.stdout.write(f"检查通过，可导入 {report.to_store} 行。未写入。")
        elif report.stored:
            stored = report.stored
            self.stdout.write(
                f"已导入 {report.to_store} 行：{stored.decisions} 份决定、"
                f"{stored.violations} 个失信行为，涉及 {len(stored.subject_ids)} 个监管对象。"
            )


def line_of(fault: SheetFault) -> str:
    """Row, column and reason, divided by tabs."""
    return f"{fault.row}\t{fault.column}\t{fault.message}"
