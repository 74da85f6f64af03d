"""``manage.py grades --as-of DAY``: every organisation on record with its grade on that day."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core import audit
from grading.counting import Both
from grading.selectors import evaluations_on_record

COLUMNS = (
    "credit_code",
    "as_of",
    "grade",
    "clauses",
    "flags",
    "warnings",
    "penalties",
    "breaches",
    "amount",
    "next_change_on",
    "disclosable_grade",
    "disclosable_next_change_on",
)


class Command(BaseCommand):
    help = "列出某一日全部有记录的监管对象的等级"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", required=True, metavar="YYYY-MM-DD", help="评定日")
        parser.add_argument(
            "--known-at", metavar="YYYY-MM-DDTHH:MM", help="按当时已知的记录（默认：现在）"
        )
        parser.add_argument("--format", choices=("csv", "json"), default="csv")

    def handle(self, *args: Any, **options: Any) -> None:
        day, known_at = _day(options["as_of"]), _moment(options["known_at"])
        rows = list(self._rows(day, known_at))
        asked = f"{day}" + (f"，按 {known_at:%Y-%m-%d %H:%M} 所知" if known_at else "")
        with audit.origin("command grades"):
            audit.record(
                actor=None, action="grading.export", details={"asked": asked, "rows": len(rows)}
            )
        if options["format"] == "json":
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        writer = csv.DictWriter(self.stdout, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)

    def _rows(self, day: date, known_at: datetime | None) -> Iterator[dict[str, Any]]:
        for credit_code, both in evaluations_on_record(day, known_at=known_at):
            yield as_row(credit_code, both)


def as_row(credit_code: str, both: Both) -> dict[str, Any]:
    """One line of the answer; empty text for no grade and no day."""
    now, outside = both.internal, both.disclosable
    return {
        "credit_code": credit_code,
        "as_of": now.day.isoformat(),
        "grade": now.decided.grade,
        "clauses": " ".join(now.decided.clauses),
        "flags": " ".join(now.decided.flags),
        "warnings": now.counts.warnings,
        "penalties": now.counts.penalties,
        "breaches": now.counts.breaches,
        "amount": f"{now.counts.amount_fen // 100}.{now.counts.amount_fen % 100:02d}",
        "next_change_on": both.next_change_on.isoformat() if both.next_change_on else "",
        "disclosable_grade": outside.decided.grade,
        "disclosable_next_change_on": (
            both.disclosable_next_change_on.isoformat() if both.disclosable_next_change_on else ""
        ),
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(
            f"--as-of：“{text}”不是有效日期，写成 2026-11-20 这样的形式。"
        ) from error


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(
            f"--known-at：“{text}”不是有效时间，写成 2026-11-20T09:30 这样的形式。"
        ) from error
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
