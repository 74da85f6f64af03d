"""What the templates of papers need beyond Django's own filters."""

from __future__ import annotations

import re

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
_GRADE = re.compile(r"[ABC]级（(?:信用优良|一般失信|严重失信)）")


@register.filter
def sentence(words: str) -> str:
    """With its full stop, which who fills in a box may have left out."""
    words = words.strip()
    return words if not words or words[-1] in "。；！？" else f"{words}。"


@register.filter
def grade_in_bold(sentence: str) -> SafeString:
    """The sentence with the grade that it names in bold, as the reminder is drawn."""
    escaped = str(conditional_escape(sentence))
    return mark_safe(_GRADE.sub(lambda found: f"<b>{found[0]}</b>", escaped))
