"""Whether what a grade rests on was served: nothing that burdens a party begins before.

B rests on decisions: one counted act whose decision was served carries it, for it alone would give
the grade. C rests on the published black-list entry: its list decision must have been served, or
the entry was taken over with the day of its notice. Outside the bureau only acts that may be known
there are asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from grading.counting import Rules, evaluate_both, rules_on
from grading.facts import load, rule_versions, scope_of
from grading.models import Grade
from grading.storing import Row
from sanctions.list_service import SERVED
from sanctions.measure_enums import Sight
from violations.enums import ListKind
from violations.models import ListEntry, Violation

CHUNK = 5000
_COUNTS = ("warnings", "penalties", "breaches", "amount_fen")
# What ``unserved_of`` reads of a change.
READ = (
    "subject_id",
    "grade",
    "disclosable_grade",
    "counted",
    "entries",
    *_COUNTS,
    *(f"disclosable_{name}" for name in _COUNTS),
)


def unserved_of(changes: Iterable[Row], day: date) -> dict[str, set[int]]:
    """The subjects for whom nothing was served yet that their grade rests on, by sight.

    ``changes`` are rows of the latest change of each, with READ.
    """
    changes = list(changes)
    acts = {one for row in changes if _has(row, Grade.B) for one in row["counted"]}
    entries = {one for row in changes if _has(row, Grade.C) for one in row["entries"]}
    served, heard = _served_acts(acts), _served_entries(entries)
    found: dict[str, set[int]] = {Sight.INTERNAL: set(), Sight.DISCLOSABLE: set()}
    rules: Rules | None = None
    for row in changes:
        laws = {served[one] for one in row["counted"] if one in served}
        carried = {"": bool(laws), "disclosable_": bool(laws)}
        if laws and row["disclosable_grade"] == Grade.B and not _alike(row):
            rules = rules or rules_on(day, rule_versions())
            carried["disclosable_"] = rules is not None and any(map(rules.discloses, laws))
        listed = any(one in heard for one in row["entries"])
        for sight, prefix in ((Sight.INTERNAL, ""), (Sight.DISCLOSABLE, "disclosable_")):
            grade = row[f"{prefix}grade"]
            if not {Grade.B: carried[prefix], Grade.C: listed}.get(grade, True):
                found[sight].add(row["subject_id"])
    return found


def unserved_among(subject_ids: Sequence[int], day: date) -> dict[str, set[int]]:
    """The same, of the evaluation of today: where no change is at hand."""
    scope, versions = scope_of(subject_ids), rule_versions()
    rows: list[Row] = []
    for subject_id, facts in load(scope, day, versions).items():
        both = evaluate_both(facts, day, versions)
        inside, outside = both.internal, both.disclosable
        rows.append(
            {
                "subject_id": subject_id,
                "grade": inside.decided.grade,
                "disclosable_grade": outside.decided.grade,
                "counted": inside.counted,
                "entries": inside.entries,
                **dict(zip(_COUNTS, inside.counts[:4], strict=True)),
                **{
                    f"disclosable_{name}": count
                    for name, count in zip(_COUNTS, outside.counts[:4], strict=True)
                },
            }
        )
    return unserved_of(rows, day)


def _has(row: Mapping[str, Any], grade: str) -> bool:
    return grade in (row["grade"], row["disclosable_grade"])


def _alike(row: Mapping[str, Any]) -> bool:
    """Whether everything that counts inside counts outside: then nothing of it is sealed."""
    return all(row[name] == row[f"disclosable_{name}"] for name in _COUNTS)


def _served_acts(violation_ids: Iterable[int]) -> dict[int, str]:
    """Those of these acts whose decision was served, with their law."""
    found: dict[int, str] = {}
    for part in _parts(violation_ids):
        rows = Violation.objects.filter(pk__in=part, decision__served_on__isnull=False)
        found |= dict(rows.order_by().values_list("pk", "law_key"))
    return found


def _served_entries(entry_ids: Iterable[int]) -> set[int]:
    found: set[int] = set()
    for part in _parts(entry_ids):
        rows = ListEntry.objects.filter(SERVED, pk__in=part, list=ListKind.BLACK)
        found |= set(rows.order_by().values_list("pk", flat=True))
    return found


def _parts(ids: Iterable[int]) -> Iterable[list[int]]:
    ordered = sorted(ids)
    return (ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK))
