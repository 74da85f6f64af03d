"""How a factor stands on a day, in words, and whether it asks officers to look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from violations.enums import SIGNAL_KINDS, FactorKind
from violations.models import Factor


@dataclass(frozen=True, slots=True)
class State:
    """A word for the state, and whether the factor is in force."""

    word: str
    in_force: bool = False

    @property
    def tag(self) -> str:
        return "ok" if self.in_force else ""


def state_of(factor: Factor, day: date) -> State:
    """Revoked, to come, past or in force."""
    if factor.revoked_on:
        return State(f"{factor.revoked_on} 撤销")
    if factor.in_force_from > day:
        return State("尚未生效")
    if factor.in_force_until and factor.in_force_until < day:
        return State("已过")
    return State("有效", in_force=True)


def in_force(day: date) -> Q:
    """The condition of being in force on ``day``."""
    begun = Q(revoked_on__isnull=True, in_force_from__lte=day)
    return begun & (Q(in_force_until__isnull=True) | Q(in_force_until__gte=day))


def opens_signal(factor: Factor) -> bool:
    """Whether it opens an outside signal while it is in force (domain.md §3)."""
    national = factor.kind == FactorKind.NATIONAL and factor.is_worst
    return national or factor.kind in SIGNAL_KINDS
