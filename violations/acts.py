"""The acts of a decision and what was imposed for them, written as they were handed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import Officer
from core.history import written_together
from violations.inputs import DispositionInput, ViolationInput
from violations.laws import law_key
from violations.models import Decision, Disposition, Violation
from violations.severity import bucket_of, money_fen
from violations.writing import remove_from_draft, save_as


def write_acts(decision: Decision, acts: Sequence[ViolationInput], *, officer: Officer) -> None:
    """Make the acts of ``decision`` those of ``acts``, checked before, in the order of the paper.

    Rows that stand already are changed and not written anew, so that their history goes on; those
    too many leave the draft. The caller holds the transaction.
    """
    stored: list[Violation] = list(
        decision.violations.order_by("ordinal").prefetch_related("dispositions")
    )
    for row in stored[len(acts) :]:
        imposed: list[Disposition] = list(row.dispositions.all())
        remove_from_draft(decision, imposed, officer=officer)
        remove_from_draft(decision, [row], officer=officer)
    with written_together():
        for i, act in enumerate(acts):
            standing = stored[i] if i < len(stored) else None
            _write_act(decision, standing, i + 1, act, officer)


def derived(decision_kind: str, act: ViolationInput) -> dict[str, Any]:
    """The columns of an act that follow from others: law_key, bucket and money (3-H)."""
    bucket = bucket_of(decision_kind, [d.kind for d in act.dispositions])
    return {
        "law_key": law_key(act.law),
        "bucket": bucket.value,
        "amount_fen": money_fen(bucket, act.dispositions),
    }


@dataclass(frozen=True)
class _Change:
    """Sets values of a row and saves it only where something differs."""

    officer: Officer

    def write(self, row: Violation | Disposition, values: dict[str, Any]) -> None:
        if row.pk and all(getattr(row, name) == value for name, value in values.items()):
            return
        for name, value in values.items():
            setattr(row, name, value)
        save_as(self.officer, row, reason="录入")


def _write_act(
    decision: Decision,
    row: Violation | None,
    ordinal: int,
    act: ViolationInput,
    officer: Officer,
) -> None:
    stored = {d.kind: d for d in row.dispositions.all()} if row else {}
    row = row or Violation(decision=decision, ordinal=ordinal)
    values = {
        "field": act.field,
        "type": act.type,
        "facts": act.facts,
        "law": act.law,
        "article": act.article,
        "committed_on": act.committed_on,
        "correct_by": act.correct_by,
        "deviation_reason": act.deviation_reason,
    }
    change = _Change(officer)
    change.write(row, values | derived(decision.kind, act))
    for given in act.dispositions:
        disposition = stored.pop(given.kind, None) or Disposition(violation=row, kind=given.kind)
        change.write(disposition, _imposed(given))
    remove_from_draft(decision, stored.values(), officer=officer)


def _imposed(given: DispositionInput) -> dict[str, Any]:
    return {"amount": given.amount, "licence": given.licence}
