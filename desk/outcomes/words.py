"""What set acts aside, in words: the organ, its paper, the day and the reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from violations.enums import DecisionState
from violations.models import Decision, Violation
from violations.outcome_basis import parse


@dataclass(frozen=True, slots=True)
class Annulment:
    """Acts of one decision that one paper set aside; ``is_whole`` where the decision fell too."""

    on: date
    organ: str
    document: str
    reason: str
    ordinals: Sequence[int]
    is_whole: bool

    @property
    def title(self) -> str:
        if self.is_whole:
            return "撤销整份决定"
        return f"撤销违法行为 {'、'.join(map(str, self.ordinals))}"

    @property
    def source(self) -> str:
        """Who did it, by which paper."""
        return _joined(self.organ, self.document)


def annulments(decision: Decision, acts: Iterable[Violation]) -> list[Annulment]:
    """In the order of their days; acts that fell by the same paper are one."""
    fallen: dict[tuple[date, str, str, str], list[int]] = {}
    standing = 0
    for act in acts:
        if act.revoked_on is None:
            standing += 1
            continue
        by = (act.revoked_on, act.revoked_basis, act.revoked_document, act.revoked_reason)
        fallen.setdefault(by, []).append(act.ordinal)
    rows = sorted(fallen.items())
    gone = decision.state == DecisionState.WITHDRAWN and not standing
    return [
        Annulment(on, organ_of(basis), document, reason, ordinals, gone and number == len(rows))
        for number, ((on, basis, document, reason), ordinals) in enumerate(rows, 1)
    ]


def organ_of(basis: str) -> str:
    """Who decided it: an organ elsewhere, or the objection here; empty where none was kept."""
    read = parse(basis)
    return read.words if read else ""


def why_set_aside(act: Any) -> str:
    """Organ, paper and reason of an act that fell; ``act`` may be a row of its history."""
    source = _joined(organ_of(act.revoked_basis), act.revoked_document)
    return "；".join(part for part in (source, act.revoked_reason) if part)


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
