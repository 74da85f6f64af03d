"""The three kinds of decision: their words in addresses and on screen."""

from __future__ import annotations

from violations.enums import DecisionKind

KINDS: dict[str, str] = {
    "penalties": DecisionKind.PENALTY.value,
    "orders": DecisionKind.ORDER.value,
    "breaches": DecisionKind.BREACH.value,
}
# What the page calls the three kinds: tab, title, the word for one paper.
WORDS: dict[str, tuple[str, str, str]] = {
    "penalty": ("处罚决定", "录入处罚决定", "处罚决定"),
    "order": ("责令改正", "录入责令改正", "责令改正文书"),
    "breach": ("违反许可承诺", "录入违反许可承诺认定", "认定文书"),
}


def slug_of(kind: str) -> str:
    """The word in the address for a kind of decision."""
    return next(slug for slug, value in KINDS.items() if value == kind)
