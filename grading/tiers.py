"""How grave an act is for credit repair: light, general or serious (信用修复管理办法, art. 3 ff.).

Plain Python. The map stands in the rule set (law.md, "tiers, default map"): which procedure, kinds
of disposition and fines make a tier, and how many months its records are shown at least and at
most. A map may be milder than the law's bounds, never harder.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

LIGHT, GENERAL, SERIOUS = "light", "general", "serious"
TIERS = (LIGHT, GENERAL, SERIOUS)
LABELS = {LIGHT: "轻微失信", GENERAL: "一般失信", SERIOUS: "严重失信"}

# Months that the law allows at most: before repair becomes possible, and of being shown at all.
LONGEST = {LIGHT: (0, 3), GENERAL: (3, 12), SERIOUS: (12, 36)}

REGULATION: dict[str, Any] = {
    LIGHT: {
        "procedures": ["summary"],
        "dispositions": ["order_to_correct", "warning", "criticism"],
        "shown": False,
        "min_months": 0,
        "max_months": 3,
    },
    GENERAL: {"shown": True, "min_months": 3, "max_months": 12},
    SERIOUS: {
        "dispositions": ["stop_business", "revoke_licence", "close_down", "restrict_practice"],
        "fine_from": "500000.00",
        "shown": True,
        "min_months": 12,
        "max_months": 36,
    },
}


def regulation() -> dict[str, Any]:
    """The map of law.md: what a new rule set begins with."""
    return {tier: dict(rule) for tier, rule in REGULATION.items()}


@dataclass(frozen=True, slots=True)
class Term:
    """Whether records of a tier are shown in principle, and for how many months."""

    shown: bool
    min_months: int
    max_months: int


@dataclass(frozen=True, slots=True)
class TierMap:
    """One rule set's map. ``serious_fine_fen`` None: no fine by its amount alone is serious."""

    light_procedures: frozenset[str]
    light_kinds: frozenset[str]
    serious_kinds: frozenset[str]
    serious_fine_fen: int | None
    terms: Mapping[str, Term]

    def tier(self, *, procedure: str, kinds: Collection[str], fine_fen: int) -> str:
        """The tier of one act (3-S); its gravest treatment decides (3-H).

        An act on which nothing was imposed (a breach of a commitment found as such) is light: it
        is not graver than one with an order to correct.
        """
        if any(kind in self.serious_kinds for kind in kinds):
            return SERIOUS
        if self.serious_fine_fen is not None and fine_fen >= self.serious_fine_fen:
            return SERIOUS
        if procedure in self.light_procedures or all(kind in self.light_kinds for kind in kinds):
            return LIGHT
        return GENERAL


def read(value: Mapping[str, Any]) -> TierMap:
    """The map of a rule set. Raises ValueError, in Chinese, where it says what it cannot."""
    terms = {tier: _term(tier, value) for tier in TIERS}
    light, serious = value[LIGHT], value[SERIOUS]
    fine_from = serious.get("fine_from")
    return TierMap(
        _words(light, LIGHT, "procedures"),
        _words(light, LIGHT, "dispositions"),
        _words(serious, SERIOUS, "dispositions"),
        None if fine_from in (None, "") else _fen(fine_from),
        terms,
    )


def _term(tier: str, value: Mapping[str, Any]) -> Term:
    rule, label = value.get(tier), LABELS[tier]
    if not isinstance(rule, Mapping):
        raise ValueError(f"没有“{label}”一档。请写明 {tier}。")
    shown, least, most = rule.get("shown"), rule.get("min_months"), rule.get("max_months")
    if not isinstance(shown, bool):
        raise ValueError(f"“{label}”须写明是否公示（shown 为 true 或 false）。")
    if type(least) is not int or type(most) is not int or not 0 <= least <= most:
        raise ValueError(f"“{label}”的最短、最长公示月数须为整数，且最短不大于最长。")
    if least > LONGEST[tier][0] or most > LONGEST[tier][1]:
        raise ValueError(
            f"“{label}”的最短公示期不得超过 {LONGEST[tier][0]} 个月，最长不得超过"
            f" {LONGEST[tier][1]} 个月（信用修复管理办法）。请改短。"
        )
    return Term(shown, least, most)


def _words(rule: Mapping[str, Any], tier: str, name: str) -> frozenset[str]:
    words = rule.get(name, [])
    if not isinstance(words, list) or not all(isinstance(one, str) for one in words):
        raise ValueError(f"“{LABELS[tier]}”的 {name} 须为一列代码。")
    return frozenset(words)


def _fen(value: object) -> int:
    try:
        fen = Decimal(str(value)) * 100
    except InvalidOperation:
        fen = Decimal(-1)
    if not fen.is_finite() or fen <= 0 or fen != fen.to_integral_value():
        raise ValueError("较大数额罚款的起点（fine_from）须为大于 0、至多两位小数的金额。")
    return int(fen)
