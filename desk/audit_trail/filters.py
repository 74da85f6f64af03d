"""What the auditor asks the trail for: object, unit, officer, month, kind of action."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from accounts.models import Officer, Unit
from core.clock import today
from core.models import AuditEntry
from desk.audit_trail.targets import Found, about, find
from desk.audit_trail.used import used_values
from desk.audit_trail.words import Kind, action_words, kind_of
from subjects.models import Subject

PAGE_SIZE = 50
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
_NAMES = ("q", "subject", "unit", "officer", "month", "kind", "action")


@dataclass
class Filters:
    """What was asked; what is no value of its box counts as not asked."""

    values: dict[str, str] = field(default_factory=dict)
    found: Found = field(default_factory=Found)
    entry_unit: Unit | None = None

    @property
    def asks_for_object(self) -> bool:
        return bool(self.values.get("q") or self.values.get("subject"))

    @property
    def is_undecided(self) -> bool:
        """An object was asked for, and it is not one: nothing is listed until it is chosen."""
        return self.asks_for_object and self.found.condition is None

    def rows(self) -> QuerySet[AuditEntry]:
        """The rows asked for, the latest first."""
        rows = AuditEntry.objects.order_by("-at", "-id")
        if self.is_undecided:
            return rows.none()
        if self.found.condition is not None:
            rows = rows.filter(self.found.condition)
        if unit := self.values.get("unit"):
            rows = rows.filter(unit=unit)
        if officer := self.values.get("officer"):
            rows = rows.filter(actor=officer)
        if month := self.values.get("month"):
            since, until = _bounds(month)
            rows = rows.filter(at__gte=since, at__lt=until)
        if action := self.values.get("action"):
            rows = rows.filter(action=action)
        elif kind := self.values.get("kind"):
            rows = rows.filter(action__in=[a for a in used_values("action") if kind_of(a) == kind])
        return rows

    def page(self, before: str) -> tuple[list[AuditEntry], str]:
        """The rows of one page, and the key of the next; empty where there is none."""
        rows = self.rows()
        if before.isascii() and before.isdigit() and len(before) < 19:
            last = AuditEntry.objects.filter(pk=int(before)).values_list("at", flat=True).first()
            if last is not None:
                # One comparison of both columns would use the index, too; this reads the same on
                # both databases: the first part leads into the index, the second is exact.
                rows = rows.filter(at__lte=last).exclude(Q(at=last) & Q(pk__gte=int(before)))
        found = list(rows[: PAGE_SIZE + 1])
        return found[:PAGE_SIZE], str(found[PAGE_SIZE - 1].pk) if len(found) > PAGE_SIZE else ""

    def address(self, **more: str) -> str:
        """The query string of these filters."""
        values = {name: text for name, text in {**self.values, **more}.items() if text}
        return f"?{urlencode(values)}" if values else ""

    def in_words(self) -> str:
        """The filters as a sentence, for the trail and the sheet."""
        value = self.values.get
        parts = [
            f"对象 {self.found.label or value('q', '')}" if self.asks_for_object else "",
            f"单位 {self.entry_unit or value('unit')}" if value("unit") else "",
            f"民警 {value('officer')}" if value("officer") else "",
            f"{value('month')} 月" if value("month") else "",
            f"类别 {Kind(value('kind', '')).label}" if value("kind") else "",
            f"操作 {action_words(value('action', ''))}" if value("action") else "",
        ]
        return "；".join(part for part in parts if part) or "全部记录"


def parse(query: QueryDict, officer: Officer) -> Filters:
    """The filters of an address; an unknown value is as good as none."""
    values = {name: query.get(name, "").strip()[:100].replace("\0", "") for name in _NAMES}
    if not _MONTH.fullmatch(values["month"]):
        values["month"] = ""
    if values["kind"] not in Kind.values:
        values["kind"] = ""
    if values["action"] and values["action"] not in used_values("action"):
        values["action"] = ""
    if not (values["subject"].isascii() and values["subject"].isdigit()):
        values["subject"] = ""
    found = Found()
    if subject := _chosen(values["subject"]):
        found = about(subject)
        values["q"] = subject.name
    else:
        values["subject"] = ""
        found = find(values["q"], officer) if values["q"] else found
    unit = Unit.objects.filter(code=values["unit"]).first() if values["unit"] else None
    if unit is None:
        values["unit"] = ""
    return Filters({name: text for name, text in values.items() if text}, found, unit)


def _chosen(pk: str) -> Subject | None:
    return Subject.objects.filter(pk=int(pk)).first() if pk and len(pk) < 19 else None


def months() -> list[tuple[str, str]]:
    """The months from the first row of the trail to the present one, the latest first."""
    first = AuditEntry.objects.order_by("at").values_list("at", flat=True).first()
    until, since = today(), timezone.localdate(first) if first else today()
    year, month = until.year, until.month
    found: list[tuple[str, str]] = []
    while (year, month) >= (since.year, since.month) and len(found) < 240:
        found.append((f"{year}-{month:02d}", f"{year} 年 {month} 月"))
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return found


def _bounds(month: str) -> tuple[datetime, datetime]:
    year, number = (int(part) for part in month.split("-"))
    following = date(year + 1, 1, 1) if number == 12 else date(year, number + 1, 1)
    first, end = (datetime.combine(day, time()) for day in (date(year, number, 1), following))
    return timezone.make_aware(first), timezone.make_aware(end)
