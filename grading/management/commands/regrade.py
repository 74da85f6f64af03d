"""``manage.py regrade (--all | --subject CODE ...)``: grade now, and show how far it is."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import audit
from grading import services
from grading.locks import ranges
from grading.models import Cause
from subjects.models import Subject


class Command(BaseCommand):
    help = "立即重新评定（全部，或指定的统一社会信用代码）"

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--all", action="store_true", help="全部监管对象")
        which.add_argument("--subject", nargs="+", metavar="CODE", help="统一社会信用代码")

    def handle(self, *args: Any, **options: Any) -> None:
        with audit.origin("command regrade"):
            changed = self._all() if options["all"] else self._some(options["subject"])
            asked = "全部" if options["all"] else "、".join(options["subject"])[:300]
            audit.record(
                actor=None, action="grading.regrade", details={"asked": asked, "count": changed}
            )
        self.stdout.write(f"已完成，等级或计数有变动的记录 {changed} 条")

    def _some(self, codes: list[str]) -> int:
        found = dict(Subject.objects.filter(credit_code__in=codes).values_list("credit_code", "pk"))
        unknown = [code for code in codes if code not in found]
        if unknown:
            raise CommandError(f"没有登记这些统一社会信用代码：{'、'.join(unknown)}")
        return len(services.regrade(found.values(), cause=Cause.COMMAND))

    def _all(self) -> int:
        changed = 0
        for low, high in ranges():
            changed += len(services.regrade_range(low, high, cause=Cause.COMMAND))
            self.stdout.write(f"已评定至编号 {high}，变动 {changed} 条")
        return changed
