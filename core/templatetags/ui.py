"""Template tags of the pages; built in, so that no template has to load them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

register = template.Library()

GRADE_WORDS = {"A": "信用优良", "B": "一般失信", "C": "严重失信"}
UNGRADED = "未定级"
FLAG_WORDS = {
    "over_limit": "达到上限，待复核",
    "list_conflict": "名单冲突，待核对",
    "outside_signal": "外部信号，待研判",
}
FLAG_KINDS = {"over_limit": "warn", "list_conflict": "bad", "outside_signal": "info"}
WEEKDAYS = "一二三四五六日"


# --- icons and badges -------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _icon(name: str, classes: str) -> str:
    return str(lucide(name, size=18, **{"class": classes, "aria-hidden": "true"}))


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """An outline icon of the lucide set, inlined and hidden from screen readers.

    ``extra`` is one more class: ``ic-s`` for the small size. Raises IconDoesNotExist.
    """
    return mark_safe(_icon(str(name), f"ic {extra}".strip()))


@register.simple_tag
def grade_badge(grade: str | None, large: bool = False) -> SafeString:
    """A grade as shape, letter and word; an empty grade is 未定级."""
    size = " grade-lg" if large else ""
    if not grade:
        return format_html('<span class="grade grade-n{}"><span>{}</span></span>', size, UNGRADED)
    return format_html(
        '<span class="grade grade-{}{}"><b>{}</b><span>{}</span></span>',
        grade.lower(),
        size,
        grade,
        GRADE_WORDS.get(grade, ""),
    )


@register.filter
def grade_words(grade: str | None) -> str:
    """ "B" -> "B 一般失信"; an empty grade -> "未定级"."""
    return f"{grade} {GRADE_WORDS.get(grade, '')}".strip() if grade else UNGRADED


@register.simple_tag
def flag_tags(flags: Any) -> SafeString:
    """The flags of a standing ("list_conflict over_limit", or a list) as tags."""
    names = flags.split() if isinstance(flags, str) else (flags or [])
    return format_html_join(
        " ",
        '<span class="tag tag-{}">{}{}</span>',
        (
            (FLAG_KINDS.get(name, "info"), icon("triangle-alert"), FLAG_WORDS.get(name, name))
            for name in names
        ),
    )


# --- counters as SVG --------------------------------------------------------------------------


@register.simple_tag
def segments(value: int, limit: int, unit: str = "次", width: int = 140) -> SafeString:
    """A count against a limit that is not included: one segment each; amber one below, then red."""
    return _segments(int(value), max(int(limit), 1), unit, width)


@lru_cache(maxsize=1000)  # a long list has the same few counts in every row
def _segments(count: int, top: int, unit: str, width: int) -> SafeString:
    colour = "f-c" if count >= top else "f-warn" if top > 1 and count == top - 1 else "f-br"
    gap = 3
    step = (width - gap * (top - 1)) / top
    rects = format_html_join(
        "",
        '<rect x="{}" y="0" width="{}" height="8" rx="2" class="{}"/>',
        (
            (f"{place * (step + gap):.1f}", f"{step:.1f}", colour if place < count else "f-bg")
            for place in range(top)
        ),
    )
    label = f"{count} {unit}，上限 {top} {unit}（不含）"
    return _svg(width, label, rects)


@register.simple_tag
def bar(fen: int, limit_fen: int, width: int = 140) -> SafeString:
    """Money in fen against a limit that is included: amber from 80 %, red above the limit."""
    amount, top = int(fen), max(int(limit_fen), 1)
    share = min(amount / top, 1)
    colour = "f-c" if amount > top else "f-warn" if amount * 10 >= top * 8 else "f-br"
    rects = format_html(
        '<rect width="{0}" height="8" rx="2" class="f-bg"/>'
        '<rect width="{1}" height="8" rx="2" class="{2}"/>',
        width,
        f"{width * share:.1f}",
        colour,
    )
    return _svg(width, f"{fen_money(amount)} 元，上限 {fen_money(top)} 元", rects)


def _svg(width: int, label: str, content: SafeString) -> SafeString:
    return format_html(
        '<svg class="mt-svg" width="{0}" height="8" viewBox="0 0 {0} 8" role="img"'
        ' aria-label="{1}">{2}</svg>',
        width,
        label,
        content,
    )


# --- numbers, days, words ---------------------------------------------------------------------


@register.filter
def money(yuan: Decimal | int | None) -> str:
    """Yuan as people read it: "320,000", or "200,000.01" where there are fen; "" for None."""
    return "" if yuan is None else fen_money(int((Decimal(yuan) * 100).to_integral_value()))


@register.filter
def grouped(number: int) -> str:
    """1284 -> "1,284"."""
    return f"{number:,}"


@register.filter
def fen_money(fen: int | None) -> str:
    """Fen as yuan: 32000000 -> "320,000", 20000001 -> "200,000.01"; "" for None."""
    if fen is None:
        return ""
    whole, rest = divmod(abs(int(fen)), 100)
    sign = "−" if int(fen) < 0 else ""
    return f"{sign}{whole:,}" + (f".{rest:02d}" if rest else "")


@register.filter
def day(value: date | datetime | None) -> str:
    """A day as 2026-11-23 (in Shanghai, where it is a moment); "—" for None."""
    if not value:
        return "—"
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{value:%Y-%m-%d}"


@register.filter
def moment(value: datetime | None) -> str:
    """A moment as 2026-11-23 10:46 in Shanghai; "—" for None."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else "—"


@register.filter
def weekday(value: date) -> str:
    """星期一 to 星期日."""
    return f"星期{WEEKDAYS[value.weekday()]}"


# --- links and form controls ------------------------------------------------------------------


@register.simple_tag
def query_with(request: HttpRequest, **changes: Any) -> str:
    """The present query string with some parameters set; None or "" takes one away."""
    query = request.GET.copy()
    for key, value in changes.items():
        if value is None or value == "":
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The widget of a form field with the classes and ARIA attributes of its state."""
    attributes = dict(field.field.widget.attrs)
    plain = "form-select" if hasattr(field.field, "choices") else "form-control"
    classes = [attributes.get("class") or plain]
    described = []
    if field.help_text:
        described.append(f"{field.id_for_label}_h")
    if field.errors:
        classes.append("bad")
        attributes["aria-invalid"] = "true"
        described.append(f"{field.id_for_label}_e")
    if described:
        attributes["aria-describedby"] = " ".join(described)
    attributes["class"] = " ".join(classes)
    return field.as_widget(attrs=attributes)
