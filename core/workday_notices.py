"""The yearly notice of holidays: read from its own words, checked, and written down by the office.

The office pastes it, one holiday a line: "一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。
1月4日（周日）上班。" Simple lines are read as well: "国庆节 10-01 至 10-07 放假，10-10 上班".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db import IntegrityError, transaction

from core import audit, workdays
from core.holiday_models import DayKind, Holiday
from core.workdays import FRIDAY, ONE_DAY

_BRACKETS = re.compile(r"[（(][^）)]*[）)]")
_DAY = r"(?:(?P<year{n}>\d{{4}})[年/-])?(?P<month{n}>\d{{1,2}})[月/-](?P<day{n}>\d{{1,2}})日?"
_UNTIL = r"\s*(?:至|到|~|—+|-{2,})\s*(?:" + _DAY.format(n=2) + r"|(?P<only>\d{1,2})日?)"
_SPAN = re.compile(f"{_DAY.format(n=1)}(?:{_UNTIL})?")
_NUMBERED = r"^\s*(?:[一二三四五六七八九十\d]{1,3}[、.]\s*)?(?:\d{4}年)?"
_NAME = re.compile(_NUMBERED + r"(?P<name>[^\d:,。\s]{1,20}?)\s*(?=[:\s\d])")
_CLAUSES = re.compile(r"[。；;，,]")
_LONGEST_SPAN = 15
# What every notice names; one that does not is shown to the officer, who knows why.
USUAL = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
LONGEST_TEXT = 5000


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """One day as the notice arranges it."""

    day: date
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class NoticeRead:
    """What could be read: ``faults`` forbid saving, ``doubts`` are shown before it."""

    days: Sequence[NoticeDay]
    faults: Sequence[str]
    doubts: Sequence[str]


class NoticeRefused(Exception):  # noqa: N818
    """The notice cannot be written down (400); ``messages`` say why."""

    def __init__(self, messages: Sequence[str]) -> None:
        self.messages = list(messages)
        super().__init__("；".join(messages))


class NoticeChanged(Exception):  # noqa: N818
    """Somebody else entered the same year meanwhile (409)."""

    def __init__(self, year: int) -> None:
        self.message = f"{year} 年的放假安排刚刚被他人修改。请先查看现在的安排，再决定是否覆盖。"
        super().__init__(self.message)


def read_notice(year: int, text: str) -> NoticeRead:
    """The days that ``text`` names for ``year``, each with what is wrong or doubtful."""
    days: dict[date, NoticeDay] = {}
    faults: list[str] = []
    for number, line in enumerate(text[:LONGEST_TEXT].splitlines(), start=1):
        plain = _BRACKETS.sub("", unicodedata.normalize("NFKC", line)).strip()
        if not re.search(r"\d", plain):
            continue
        named = _NAME.match(plain)
        if named is None:
            faults.append(f"第 {number} 行没有节日名称。写成“国庆节：10月1日至7日放假”这样的形式。")
            continue
        name = named["name"]
        found, wrong = _read_line(year, name, plain[named.end() :])
        faults += [f"第 {number} 行（{name}）：{words}" for words in wrong]
        for one in found:
            there = days.setdefault(one.day, one)
            if there.kind != one.kind:
                faults.append(f"{one.day} 既写了放假又写了上班。请对照通知核对。")
    listed = [days[day] for day in sorted(days)]
    return NoticeRead(listed, [*faults, *_faults_of(year, listed)], list(_doubts_of(listed)))


def _read_line(year: int, name: str, rest: str) -> tuple[list[NoticeDay], list[str]]:
    found: list[NoticeDay] = []
    wrong: list[str] = []
    for clause in _CLAUSES.split(rest):
        kind = DayKind.WORK if "上班" in clause else DayKind.OFF
        for match in _SPAN.finditer(clause):
            try:
                found += [NoticeDay(day, kind.value, name) for day in _span(year, match)]
            except ValueError as error:
                wrong.append(str(error))
    if not found and not wrong:
        wrong.append("没有读到日期。请写成 10月1日 或 10-01 这样的形式。")
    return found, wrong


def _span(year: int, match: re.Match[str]) -> list[date]:
    first = _date(int(match["year1"] or year), int(match["month1"]), int(match["day1"]), match)
    last = first
    if match["only"]:
        last = _date(first.year, first.month, int(match["only"]), match)
    elif match["month2"]:
        last = _date(int(match["year2"] or year), int(match["month2"]), int(match["day2"]), match)
    length = (last - first).days
    if not 0 <= length <= _LONGEST_SPAN:
        raise ValueError(f"“{match[0]}”首尾颠倒或过长。请对照通知核对。")
    return [first + timedelta(days=n) for n in range(length + 1)]


def _date(year: int, month: int, day: int, match: re.Match[str]) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"“{match[0]}”不是有效日期。") from None


def _faults_of(year: int, days: Sequence[NoticeDay]) -> Iterator[str]:
    if not any(one.kind == DayKind.OFF for one in days):
        yield "没有读到放假的日子。每个节日写一行，例如“国庆节：10月1日至7日放假，10月10日上班”。"
    for one in days:
        if not date(year - 1, 12, 20) <= one.day <= date(year, 12, 31):
            yield f"{one.day} 不属于 {year} 年的通知。请核对年份。"
        elif one.kind == DayKind.WORK and one.day.weekday() <= FRIDAY:
            yield f"{one.day} 本来就是工作日，不是调休上班。请对照通知核对。"


def _doubts_of(days: Sequence[NoticeDay]) -> Iterator[str]:
    named = "".join(one.name for one in days)
    missing = [one for one in USUAL if one not in named]
    if days and missing:
        yield f"没有读到：{'、'.join(missing)}。请核对通知是否完整。"


def version_of(year: int) -> int:
    """Rises with every change of the year's notice; 0 while it has none."""
    latest = Holiday.history.filter(year=year).order_by("-history_id").first()
    return int(latest.history_id) if latest else 0


def as_text(year: int) -> str:
    """The notice as it stands, in lines that ``read_notice`` reads."""
    rows = list(Holiday.objects.filter(year=year).exclude(kind=DayKind.PLAIN).order_by("day"))
    lines = []
    for name in dict.fromkeys(row.name for row in rows):
        own = [row for row in rows if row.name == name]
        off = "、".join(_spans(row.day for row in own if row.kind == DayKind.OFF))
        work = "、".join(f"{row.day:%m-%d}" for row in own if row.kind == DayKind.WORK)
        parts = [f"{off} 放假" if off else "", f"{work} 上班" if work else ""]
        lines.append(f"{name}：{'，'.join(part for part in parts if part)}")
    return "\n".join(lines)


def _spans(days: Iterable[date]) -> Iterator[str]:
    """Runs of days: "10-01 至 10-07"; a day of another year than the last names its year."""
    listed = list(days)
    for _, run in groupby(enumerate(listed), key=lambda pair: pair[1] - pair[0] * ONE_DAY):
        block = [day for _, day in run]
        ends = block if len(block) == 1 else [block[0], block[-1]]
        yield " 至 ".join(
            f"{day:%m-%d}" if day.year == listed[-1].year else f"{day}" for day in ends
        )


def planned(year: int, days: Sequence[NoticeDay]) -> workdays.Calendar:
    """The calendar as it would be with these days as the notice of ``year``."""
    now = workdays.calendar()
    dropped = set(
        Holiday.objects.filter(year=year).exclude(kind=DayKind.PLAIN).values_list("day", flat=True)
    )
    special = {day: one for day, one in now.special.items() if day not in dropped}
    special |= {one.day: workdays.Special(one.kind == DayKind.WORK, one.name) for one in days}
    return workdays.Calendar(special, now.years | {year})


@transaction.atomic
def keep_year(
    *, actor: Any, year: int, text: str, notice: str, reason: str, version: int
) -> list[Holiday]:
    """Write the notice of ``year`` down; what it no longer names is as any day again.

    ``version`` is the one on the officer's screen. Returns the rows that changed. Raises
    NoticeRefused, and NoticeChanged where somebody was there meanwhile.
    """
    read = read_notice(year, text)
    messages = list(read.faults)
    messages += [] if notice.strip() else ["没有填写通知文号或名称。请对照通知填写。"]
    messages += [] if reason.strip() else ["没有填写理由。请写明依据哪份通知录入或更改。"]
    if messages:
        raise NoticeRefused(messages)
    rows = {row.day: row for row in Holiday.objects.select_for_update().filter(year=year)}
    if version_of(year) != version:
        raise NoticeChanged(year)
    wanted = {one.day: one for one in read.days}
    changed = []
    for day in sorted(rows.keys() | wanted.keys()):
        row = rows.get(day) or Holiday(day=day, year=year)
        one = wanted.get(day)
        kind, name = (one.kind, one.name) if one else (DayKind.PLAIN.value, row.name)
        if (row.kind, row.name, row.notice) != (kind, name, notice.strip()):
            row.kind, row.name, row.notice = kind, name, notice.strip()
            changed.append(row)
    try:
        with transaction.atomic():
            for row in changed:
                row._history_user = actor  # type: ignore[attr-defined]
                row._change_reason = reason.strip()[:100]  # type: ignore[attr-defined]
                row.save()
    except IntegrityError:
        raise NoticeChanged(year) from None
    workdays.forget()
    audit.record(
        actor=actor,
        action="holiday.keep_year",
        reason=reason.strip(),
        details={
            "year": year,
            "notice": notice.strip(),
            "days": {str(row.day): row.kind for row in changed},
        },
    )
    return changed
