"""Planned, done and found as bars: an SVG that prints and can be tested as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from sanctions.inspection_statistics import Figures

_ROW, _BAR = 54, 12
_WIDE, _NARROW = (1100, 70), (340, 56)  # width, and where bars begin


class Line(NamedTuple):
    label: str
    figures: Figures

    @property
    def words(self) -> str:
        one = self.figures
        return f"{self.label}计划 {one.planned} 项，完成 {one.done} 项，发现问题 {one.found} 项"


class Chart(NamedTuple):
    """The same for a page and for a phone."""

    wide: SafeString
    narrow: SafeString


def chart(lines: Sequence[Line]) -> Chart:
    return Chart(_svg(lines, *_WIDE), _svg(lines, *_NARROW))


def _svg(lines: Sequence[Line], width: int, left: int) -> SafeString:
    most = max([1, *(line.figures.planned for line in lines)])
    room = width - left - 56
    bars = [
        (
            line.label if at == 0 else "",
            row * _ROW + at * (_BAR + 2) + 4,
            left,
            round(room * count / most, 1),
            _BAR,
            colour,
            left + round(room * count / most, 1) + 6,
            row * _ROW + at * (_BAR + 2) + 14,
            count,
        )
        for row, line in enumerate(lines)
        for at, (count, colour) in enumerate(
            (
                (line.figures.planned, "f-bg"),
                (line.figures.done, "f-br"),
                (line.figures.found, "f-n"),
            )
        )
    ]
    drawn = format_html_join(
        "",
        '<text x="0" y="{7}">{0}</text>'
        '<rect x="{2}" y="{1}" width="{3}" height="{4}" rx="2" class="{5}"/>'
        '<text x="{6}" y="{7}" class="n">{8}</text>',
        bars,
    )
    return format_html(
        '<svg class="viz" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        width,
        len(lines) * _ROW,
        "；".join(line.words for line in lines),
        drawn,
    )
