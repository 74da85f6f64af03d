"""``manage.py seal_audit``: seal the trail now, as the task does by the clock."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from core.audit_chain import seal


class Command(BaseCommand):
    help = "封存已提交的审计记录（平时由定时任务完成）"

    def handle(self, *args: Any, **options: Any) -> None:
        total = 0
        while sealed := seal():
            total += sealed
        self.stdout.write(f"已封存 {total} 行审计记录。")
