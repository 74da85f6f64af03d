"""What a sheet would do to grades: grading says so, and it lives above this app.

It names its answer here when the application starts. Where nobody did, no effect is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from violations.inputs import DecisionInput


class Effect(NamedTuple):
    """One organisation whose grade or flags would differ; flags and clauses joined by one blank."""

    subject_id: int | None
    credit_code: str
    name: str
    old_grade: str
    grade: str
    old_flags: str
    flags: str
    clauses: str
    decisions: int


# From the decisions, in the order of their organisations' first mention.
Foresight = Callable[[Sequence[DecisionInput]], Iterable[Effect]]


def _nothing(decisions: Sequence[DecisionInput]) -> Iterable[Effect]:
    return ()


_foresight: Foresight = _nothing


def ask(foresight: Foresight) -> None:
    """Let ``foresight`` answer ``effects_of`` from now on."""
    global _foresight
    _foresight = foresight


def effects_of(decisions: Sequence[DecisionInput]) -> Iterable[Effect]:
    """Whose grade or flags would differ if ``decisions`` came into force; writes nothing."""
    return _foresight(decisions)
