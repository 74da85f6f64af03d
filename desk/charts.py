"""The grade of one organisation over time as an SVG that prints and can be tested as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

LEVELS = {"A": 31.0, "": 65.0, "B": 99.0, "C": 133.0}
NAMES = {"A": "A 信用优良", "": "未定级", "B": "B 一般失信", "C": "C 严重失信"}
BOTTOM, EVENTS_AT, HEIGHT = 184.0, 167.0, 210


class Step(NamedTuple):
    """From ``day`` on the grade is ``grade``; not ``certain`` where it is only worked out."""

    day: date
    grade: str
    certain: bool


class Event(NamedTuple):
    """Something numbered under the chart; ``to_come`` draws it as a ring."""

    day: date
    words: str
    to_come: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn. ``steps`` are in order of days, the first at ``first``; ``last`` closes it."""

    first: date
    last: date
    today: date
    window: tuple[date, date]
    steps: Sequence[Step]
    events: Sequence[Event] = field(default=())

    @property
    def spoken(self) -> str:
        """The chart as a sentence, for who does not see it."""
        said = [f"{step.day:%Y-%m-%d} 起{NAMES[step.grade]}" for step in self.steps]
        return "等级变动：" + "；".join(said)

    def wide(self) -> SafeString:
        """For a page of ordinary width and for paper."""
        return _Drawing(self, width=800, left=76).svg()

    def narrow(self) -> SafeString:
        """For a phone."""
        return _Drawing(self, width=360, left=48).svg()


class _Drawing:
    def __init__(self, chart: Chart, *, width: int, left: int) -> None:
        self.chart, self.width, self.left = chart, width, left
        self.right = width - 10
        self.days = max((chart.last - chart.first).days, 1)

    def x(self, day: date) -> float:
        """Where a day lies; what is out of range lies at the edge."""
        part = min(max((day - self.chart.first).days / self.days, 0), 1)
        return round(self.left + part * (self.right - self.left), 1)

    def svg(self) -> SafeString:
        parts = [self._window(), self._levels(), self._ticks(), self._bars(), self._today()]
        parts.append(self._events())
        return format_html(
            '<svg class="viz" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
            self.width,
            HEIGHT,
            self.chart.spoken,
            SafeString("".join(parts)),
        )

    def _window(self) -> SafeString:
        first, last = self.chart.window
        words = f"一年窗口 {first:%Y-%m-%d} 至 {last:%Y-%m-%d}" if self.width > 500 else "一年窗口"
        return format_html(
            '<rect x="{0}" y="6" width="{1}" height="144" class="f-win"/>'
            '<text x="{2}" y="18">{3}</text>',
            self.x(first),
            round(self.x(last) - self.x(first), 1),
            self.x(first) + 6,
            words,
        )

    def _levels(self) -> SafeString:
        short = self.width < 500
        lines = format_html_join(
            "",
            '<text x="0" y="{}">{}</text><line x1="{}" x2="{}" y1="{}" y2="{}" class="s-l"/>',
            (
                (y + 4, self._name(grade, short), self.left, self.right, y, y)
                for grade, y in LEVELS.items()
            ),
        )
        return format_html('{}<text x="0" y="{}">事件</text>', lines, EVENTS_AT + 4)

    @staticmethod
    def _name(grade: str, short: bool) -> str:
        return f"{grade} 级" if short and grade else NAMES[grade]

    def _ticks(self) -> SafeString:
        months = self.days / 30.4
        room = 8 if self.width > 500 else 4
        step = next((one for one in (1, 2, 3, 6, 12) if months / one <= room), 24)
        return format_html_join(
            "",
            '<line x1="{0}" x2="{0}" y1="184" y2="189" class="s-ink"/>'
            '<text class="n" x="{0}" y="203" text-anchor="middle">{1}</text>',
            ((self.x(day), f"{day:%Y-%m}") for day in self._firsts_of_months(step)),
        )

    def _firsts_of_months(self, step: int) -> list[date]:
        found, year, month = [], self.chart.first.year, 1
        while (day := date(year, month, 1)) <= self.chart.last:
            if day >= self.chart.first and self.left + 16 < self.x(day) < self.right - 18:
                found.append(day)
            year, month = year + (month - 1 + step) // 12, (month - 1 + step) % 12 + 1
        return found

    def _bars(self) -> SafeString:
        drawn = []
        steps = list(self.chart.steps)
        ends = [step.day for step in steps[1:]] + [self.chart.last]
        for place, (step, end) in enumerate(zip(steps, ends, strict=True)):
            start, stop, y = self.x(step.day), self.x(end), LEVELS[step.grade]
            width = round(max(stop - start, 2), 1)
            if step.certain:
                shape = format_html(
                    '<rect x="{}" y="{}" width="{}" height="12" rx="2" class="f-{}"/>',
                    start,
                    y - 6,
                    width,
                    step.grade.lower() or "n",
                )
            else:
                shape = format_html(
                    '<rect x="{}" y="{}" width="{}" height="10" class="s-{}"/>',
                    start,
                    y - 5,
                    width,
                    step.grade.lower() or "n",
                )
            drawn.append(shape)
            if place and steps[place - 1].grade != step.grade:
                drawn.append(self._riser(start, LEVELS[steps[place - 1].grade], y, step.certain))
        return SafeString("".join(drawn))

    @staticmethod
    def _riser(x: float, before: float, after: float, certain: bool) -> SafeString:
        dash = "" if certain else SafeString(' stroke-dasharray="4 3"')
        return format_html(
            '<line x1="{0}" x2="{0}" y1="{1}" y2="{2}" class="s-ink"{3}/>', x, before, after, dash
        )

    def _today(self) -> SafeString:
        x = self.x(self.chart.today)
        return format_html(
            '<line x1="{0}" x2="{0}" y1="6" y2="{1}" class="s-br" stroke-width="2"/>'
            '<text class="d" x="{2}" y="18">今天</text>',
            x,
            BOTTOM,
            x + 6,
        )

    def _events(self) -> SafeString:
        drawn, free = [], 0.0
        for number, event in enumerate(self.chart.events, start=1):
            x = max(self.x(event.day), free)
            free = x + 20  # two circles never lie on each other
            drawn.append(
                format_html(
                    '<circle cx="{0}" cy="{1}" r="9" class="{2} s-br" stroke-width="1.5"/>'
                    '<text class="n {3}" x="{0}" y="{4}" text-anchor="middle">{5}</text>',
                    round(x, 1),
                    EVENTS_AT,
                    "f-no" if event.to_come else "f-br",
                    "k" if event.to_come else "w",
                    EVENTS_AT + 4,
                    number,
                )
            )
        return SafeString("".join(drawn))


def span(days: Sequence[date], today: date) -> tuple[date, date]:
    """From a month before the earliest of ``days`` to a month after the latest.

    Never less than 13 months back and 3 ahead, never more than 3 years back and 2 ahead.
    """
    month = timedelta(days=31)
    first = min([today - 13 * month, *(day - month for day in days)])
    last = max([today + 3 * month, *(day + month for day in days)])
    return max(first, today - timedelta(days=3 * 365)), min(last, today + timedelta(days=2 * 366))
