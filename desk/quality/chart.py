"""Shares of what was entered as bars: an SVG that prints and can be tested as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_ROW, _BAR = 30, 14
_WIDE, _NARROW = (1180, 90), (360, 74)  # width, and where bars begin


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure: so many, and which share of all in percent."""

    label: str
    count: int
    share: float

    @property
    def words(self) -> str:
        return f"{self.count} 件，{self.share:.1f}%"


@dataclass(frozen=True, slots=True)
class BarChart:
    bars: Sequence[Bar]

    def wide(self) -> SafeString:
        """For a page of ordinary width and for paper."""
        return self._svg(*_WIDE)

    def narrow(self) -> SafeString:
        """For a phone."""
        return self._svg(*_NARROW)

    def _svg(self, width: int, left: int) -> SafeString:
        room = width - left - 96
        rows = format_html_join(
            "",
            '<text x="0" y="{0}">{1}</text>'
            '<rect x="{2}" y="{3}" width="{4}" height="{5}" rx="2" class="f-bg"/>'
            '<rect x="{2}" y="{3}" width="{6}" height="{5}" rx="2" class="f-br"/>'
            '<text x="{7}" y="{0}" class="n">{8}</text>',
            (
                (
                    at * _ROW + 19,
                    bar.label,
                    left,
                    at * _ROW + 8,
                    room,
                    _BAR,
                    round(room * min(bar.share, 100) / 100, 1),
                    left + room + 8,
                    bar.words,
                )
                for at, bar in enumerate(self.bars)
            ),
        )
        spoken = "占录入件数的比例：" + "；".join(f"{b.label} {b.words}" for b in self.bars)
        return format_html(
            '<svg class="viz" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
            width,
            len(self.bars) * _ROW + 4,
            spoken,
            rows,
        )
