"""Who acts next on a decision: said on screen after each step (STYLE.md §9)."""

from __future__ import annotations

from accounts.models import Officer, Unit
from violations.models import Decision
from violations.reviewers import free_reviewers

NAMED = 3


def who_confirms(unit: Unit, decision: Decision | None, *, besides: Officer | None = None) -> str:
    """In words: the reviewers of ``unit`` who are free to confirm, or else the office (2-1).

    ``besides`` is the officer who is about to record it and so will not be free.
    """
    free = free_reviewers(unit, decision)
    if besides is not None:
        free = free.exclude(pk=besides.pk)
    names = list(free.values_list("name", flat=True)[:NAMED])
    return f"{unit.name} {'、'.join(names)}" if names else "局办公室"
