"""Template filters that say what grading stores as ids; built in, as ``core.templatetags.ui``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from django import template

from grading.clauses import CLAUSES
from grading.explanations import money
from grading.models import Cause

register = template.Library()

NOTHING_COUNTED = "没有计入的失信记录"


class Counted(Protocol):
    """The counts of a standing, of a change, or of an evaluation; money in fen."""

    @property
    def warnings(self) -> int: ...
    @property
    def penalties(self) -> int: ...
    @property
    def breaches(self) -> int: ...
    @property
    def amount_fen(self) -> int: ...


@register.filter
def clause_words(clauses: str | Iterable[str] | None) -> str:
    """Clause ids ("3-B-1 3-B-2", or a list) as places in the regulation, joined by “、”."""
    ids = clauses.split() if isinstance(clauses, str) else (clauses or [])
    return "、".join(CLAUSES[one].title if one in CLAUSES else one for one in ids)


@register.filter
def cause_words(causes: Iterable[dict[str, str]]) -> str:
    """The causes of a grade change, each said once, joined by “、”."""
    labels = dict(Cause.choices)
    return "、".join(dict.fromkeys(labels.get(one["cause"], one["cause"]) for one in causes))


@register.filter
def tally(counts: Counted | None) -> str:
    """What counts, in words; only what there is: "处罚 3 件，罚没款 560,000 元"."""
    if counts is None:
        return NOTHING_COUNTED
    parts = [
        f"{words} {number} {unit}"
        for words, number, unit in (
            ("处罚", counts.penalties, "件"),
            ("警告、责令改正", counts.warnings, "次"),
            ("违反许可承诺", counts.breaches, "次"),
        )
        if number
    ]
    if counts.amount_fen:
        parts.append(f"罚没款 {money(counts.amount_fen)} 元")
    return "，".join(parts) or NOTHING_COUNTED
