"""A month, quarter or year as it stands in the address: 2026-11, 2026-Q4, 2026."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from core.clock import today
from violations.quality import Period

_WRITTEN = re.compile(r"(20\d\d)(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?")
KINDS = {"month": "月", "quarter": "季", "year": "年"}
FIRST_YEAR = 2015


@dataclass(frozen=True, slots=True)
class Span:
    """``months`` from ``first``: 1, 3 or 12; the days after today are no part of it yet."""

    first: date
    months: int

    @property
    def kind(self) -> str:
        return {1: "month", 3: "quarter", 12: "year"}[self.months]

    @property
    def code(self) -> str:
        year, month = self.first.year, self.first.month
        return {
            1: f"{year}-{month:02d}",
            3: f"{year}-Q{(month + 2) // 3}",
            12: str(year),
        }[self.months]

    @property
    def words(self) -> str:
        year, month = self.first.year, self.first.month
        return {
            1: f"{year} 年 {month} 月",
            3: f"{year} 年第 {(month + 2) // 3} 季度",
            12: f"{year} 年",
        }[self.months]

    @property
    def period(self) -> Period:
        return Period(self.first, min(self.shifted(1).first - timedelta(days=1), today()))

    def shifted(self, by: int) -> Span:
        """The one so many before (negative) or after."""
        month = self.first.year * 12 + self.first.month - 1 + by * self.months
        return Span(date(month // 12, month % 12 + 1, 1), self.months)

    @property
    def before(self) -> Span | None:
        earlier = self.shifted(-1)
        return earlier if earlier.first.year >= FIRST_YEAR else None

    @property
    def after(self) -> Span | None:
        later = self.shifted(1)
        return later if later.first <= today() else None


def read_span(code: str) -> Span:
    """What ``code`` means; the month of today where it means nothing or lies ahead."""
    day = today()
    this = Span(date(day.year, day.month, 1), 1)
    match = _WRITTEN.fullmatch(code)
    if match is None:
        return this
    year, quarter, month = int(match[1]), match[2], match[3]
    if quarter:
        span = Span(date(year, int(quarter) * 3 - 2, 1), 3)
    elif month:
        span = Span(date(year, int(month), 1), 1)
    else:
        span = Span(date(year, 1, 1), 12)
    return span if span.first <= day and year >= FIRST_YEAR else this


def same_day_spans(span: Span) -> list[tuple[str, Span, bool]]:
    """Month, quarter and year around the last day of ``span``: their names, and the present one."""
    last = span.period.last
    quarter = date(last.year, (last.month - 1) // 3 * 3 + 1, 1)
    spans = [
        Span(date(last.year, last.month, 1), 1),
        Span(quarter, 3),
        Span(date(last.year, 1, 1), 12),
    ]
    return [(KINDS[one.kind], one, one.kind == span.kind) for one in spans]
