"""How standings and changes are written: few statements for any number of subjects.

Whoever decides (``grading.services`` one by one, ``grading.bulk`` from counts) hands over plain
rows; nothing here knows a rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from core.fast_insert import insert_rows, reserve_ids
from core.fast_update import update_rows
from grading.counting import Both, Evaluation
from grading.models import Cause, GradeChange, Standing

# One evaluation as columns; the disclosable twin has the same with a prefix.
OUTCOME = (
    "grade",
    "clauses",
    "exceeded",
    "flags",
    "warnings",
    "penalties",
    "breaches",
    "amount_fen",
)
# What a change is a change of.
COMPARED = (*OUTCOME, *(f"disclosable_{name}" for name in OUTCOME))
# What both a standing and a change hold.
EVALUATED = (*COMPARED, "next_change_on", "disclosable_next_change_on", "rule_set_id")
STANDING = (*EVALUATED, "earliest_on", "disclosable_earliest_on", "since", "changed_at")
CHANGE = (
    *EVALUATED,
    "subject_id",
    "at",
    "effective_on",
    "old_grade",
    "old_disclosable_grade",
    "old_flags",
    "causes",
    "counted",
    "entries",
)

Row = dict[str, Any]


def outcome_columns(evaluation: Evaluation, prefix: str = "") -> Row:
    """One evaluation as columns; ids are joined by one blank."""
    decided, counts = evaluation.decided, evaluation.counts
    return {
        f"{prefix}grade": decided.grade,
        f"{prefix}clauses": " ".join(decided.clauses),
        f"{prefix}exceeded": " ".join(decided.exceeded),
        f"{prefix}flags": " ".join(decided.flags),
        f"{prefix}warnings": counts.warnings,
        f"{prefix}penalties": counts.penalties,
        f"{prefix}breaches": counts.breaches,
        f"{prefix}amount_fen": counts.amount_fen,
        f"{prefix}earliest_on": evaluation.earliest_on,
    }


def columns(both: Both) -> Row:
    """Both evaluations and their days as the columns of a standing."""
    return {
        "next_change_on": both.next_change_on,
        "disclosable_next_change_on": both.disclosable_next_change_on,
        "rule_set_id": both.internal.rules.id if both.internal.rules else None,
        **outcome_columns(both.internal),
        **outcome_columns(both.disclosable, "disclosable_"),
    }


def change_between(
    before: Mapping[str, Any], after: Row, *, day: date, causes: list[dict[str, str]]
) -> Row | None:
    """The row of a change, or None where nothing that is compared differs.

    ``before`` and ``after`` are rows of a standing; where the grade or anything compared changed,
    ``since`` and ``changed_at`` of ``after`` are set.
    """
    if all(before[name] == after[name] for name in COMPARED):
        return None
    now = timezone.now()
    after["changed_at"] = now
    if before["grade"] != after["grade"]:
        after["since"] = day if after["grade"] else None
    return {
        **{name: after[name] for name in EVALUATED},
        "subject_id": after["subject_id"],
        "at": now,
        "effective_on": day,
        "old_grade": before["grade"],
        "old_disclosable_grade": before["disclosable_grade"],
        "old_flags": before["flags"],
        "causes": causes or [{"cause": Cause.TIME.value, "source": ""}],
        "counted": [],
        "entries": [],
    }


def insert_changes(changes: Sequence[Row]) -> None:
    """Add the changes; their ids are set on the rows as "id"."""
    if not changes:
        return
    for change, number in zip(changes, reserve_ids(GradeChange, len(changes)), strict=True):
        change["id"] = number
    names = ("id", *CHANGE)
    insert_rows(GradeChange, names, (tuple(row[name] for name in names) for row in changes))


def ensure_standings(subject_ids: Sequence[int]) -> None:
    """Make the standing of each subject that has none."""
    Standing.objects.bulk_create(
        [Standing(subject_id=one) for one in subject_ids], ignore_conflicts=True, batch_size=1000
    )


def update_standings(rows: Sequence[Row]) -> None:
    """Write these standings, which exist and are locked: one statement for all of them."""
    update_rows(Standing, STANDING, rows)
