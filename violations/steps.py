"""The steps of a case: one table says from which states, who may, and what must hold.

A list entry, a review, a notice, an objection, a repair each have such a table. Every service locks
its case first, asks here, then acts; a page asks the same table which forms it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from accounts.models import Officer
from accounts.roles import Can
from violations.errors import CaseChanged, CaseRefused, NotAllowed

# A row with ``state``, ``version`` and ``history``.
C = TypeVar("C", bound=Any)


@dataclass(frozen=True)
class Rule(Generic[C]):
    """One step: from which states, to which (None: it stays, or the service says), who may.

    A guard says why the step is not open to this officer or not now, or None. Those of ``persons``
    refuse with NotAllowed (403), the others with CaseRefused (409), in the order they stand in.
    """

    states: tuple[str, ...] | frozenset[str]
    to: str | None
    permission: Can
    persons: tuple[Callable[[Officer, C], str | None], ...] = ()
    guards: tuple[Callable[[Officer, C], str | None], ...] = ()


@dataclass(frozen=True)
class Steps(Generic[C]):
    """A table of steps with the words for each; ``noun`` is what an officer calls such a case."""

    table: Mapping[Any, Rule[C]]
    labels: Mapping[Any, str]
    noun: str

    def apply(self, case: C, step: str, *, officer: Officer, version: int) -> None:
        """Move a locked case on: sets ``state`` and the next ``version``, saves nothing.

        ``version`` is the one that the officer read. Raises NotAllowed, CaseChanged, CaseRefused.
        """
        rule, label = self.table[step], self.labels[step]
        if not officer.may(rule.permission):
            raise NotAllowed(f"您的角色不能{label}。需要办理的，请联系局办公室。")
        if refusal := _first(rule.persons, officer, case):
            raise NotAllowed(refusal)
        if version != case.version:
            raise CaseChanged(case, self.noun)
        if case.state not in rule.states:
            state = case.get_state_display()
            raise CaseRefused(
                f"该{self.noun}{state}，不能{label}。请打开{self.noun}查看现在的状态。"
            )
        if refusal := _first(rule.guards, officer, case):
            raise CaseRefused(refusal)
        case.state = rule.to or case.state
        case.version += 1

    def hindrance(self, case: C, step: str, officer: Officer) -> str | None:
        """Why ``officer`` may not take ``step`` now; None: they may, "": it is not theirs."""
        rule = self.table[step]
        if not officer.may(rule.permission) or case.state not in rule.states:
            return ""
        return _first((*rule.persons, *rule.guards), officer, case)

    def allows(self, case: C, step: str, officer: Officer) -> bool:
        """Whether ``officer`` may take ``step`` now: which forms a page shows."""
        return self.hindrance(case, step, officer) is None


def _first(
    guards: tuple[Callable[[Officer, C], str | None], ...], officer: Officer, case: C
) -> str | None:
    return next((said for guard in guards if (said := guard(officer, case))), None)
