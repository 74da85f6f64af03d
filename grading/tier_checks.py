"""What a rule set may say about tiers; refused in words that its drafter can act on."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from grading.tiers import read
from violations.enums import DispositionKind, Procedure


def tiers_are_lawful(value: Any) -> None:
    """Refuse a map of tiers that cannot be read, or that is harder than the law allows."""
    try:
        found = read(value if isinstance(value, dict) else {})
    except ValueError as refused:
        raise ValidationError(str(refused)) from None
    unknown = (found.light_kinds | found.serious_kinds) - set(DispositionKind.values)
    unknown |= found.light_procedures - set(Procedure.values)
    if unknown:
        raise ValidationError(f"分档中有未知的代码：{'、'.join(sorted(unknown))}。请改正。")
