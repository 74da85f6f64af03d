"""How the number of a paper and the signature below it read."""

from __future__ import annotations

import re

from accounts.models import Unit
from sanctions.paper_kinds import PaperKind

BUREAU = "舞钢市公安局"
PREFIX = "舞公"
_RANKS = re.compile(r"(管理|警察|保卫)?(大队|支队|中队|派出所|科|室)$")


def number_of(kind: PaperKind, unit: Unit, year: int, sequence: int) -> str:
    """舞公信提〔2026〕27号; a unit other than the office stands in brackets after 舞公."""
    return f"{_before_year(kind, unit)}〔{year}〕{sequence}号"


def blank_number(kind: PaperKind, unit: Unit, year: int) -> str:
    """The number of a paper that was not issued yet."""
    return f"{_before_year(kind, unit)}〔{year}〕　　号"


def _before_year(kind: PaperKind, unit: Unit) -> str:
    return f"{PREFIX}{'' if unit.is_office else f'（{short_name(unit)}）'}{kind.number_word}"


def short_name(unit: Unit) -> str:
    """垭口 of 垭口派出所, 治安 of 治安管理大队; the whole name where two units would read alike."""
    short = _RANKS.sub("", unit.name)
    others = Unit.objects.exclude(pk=unit.pk).values_list("name", flat=True)
    if not short or short in {_RANKS.sub("", name) for name in others}:
        return unit.name
    return short


def signed_by(unit: Unit) -> str:
    """舞钢市公安局办公室, 舞钢市公安局垭口派出所."""
    return BUREAU + unit.name.removeprefix("局")
