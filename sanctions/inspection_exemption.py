"""What a grade means for inspections: A is free from routine ones (4-A-2), B and C see more."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from grading.models import Grade, Standing
from grading.selectors import brought_up_to_date
from sanctions.catalogue import SEEDS
from sanctions.measure_enums import MeasureState
from sanctions.measure_selectors import catalogue_on, holding_on, of_subjects
from subjects.models import Subject

CLAUSE = "4-A-2"
# The measure of each grade that says how often it is inspected.
_CLAUSES: dict[str, str] = {"A": CLAUSE, "B": "4-B-1", "C": "4-C-2"}
WORDS = next(one.words for one in SEEDS if one.clause == CLAUSE)
CHUNK = 5000


def grades_of(subject_ids: Collection[int], day: date) -> dict[int, str]:
    """The grade on ``day`` of each that has one, also where the sweep has not come by yet."""
    wanted = sorted(subject_ids)
    found: dict[int, str] = {}
    for start in range(0, len(wanted), CHUNK):
        rows = Standing.objects.filter(pk__in=wanted[start : start + CHUNK])
        found |= dict(rows.exclude(grade="").values_list("pk", "grade"))
        late = list(rows.filter(next_change_on__lte=day))
        brought_up_to_date(late)
        found |= {one.pk: one.grade for one in late}
    return {pk: grade for pk, grade in found.items() if grade}


def deciding(grades: dict[int, str], day: date) -> dict[int, str]:
    """Of ``grades`` those that decide about inspections on ``day``; without one: as if ungraded.

    A counts unless its incentive is suspended (an open list conflict); a measure that is still to
    be written frees already. B and C burden, so they count only where 4-B-1 or 4-C-2 is in force:
    not before the decision was served.
    """
    clauses = set(catalogue_on(day).filter(clause__in=_CLAUSES.values()).values_list("clause"))
    states = _states(sorted(grades), day)
    found = {}
    for pk, grade in grades.items():
        clause = _CLAUSES[grade]
        state = states.get((pk, clause))
        frees = grade == Grade.A and state != MeasureState.SUSPENDED
        if (clause,) in clauses and (frees or state == MeasureState.IN_FORCE):
            found[pk] = grade
    return found


def exempt(grades: dict[int, str], day: date) -> set[int]:
    """Those of ``grades`` that are free from routine inspection on ``day``."""
    return {pk for pk, grade in deciding(grades, day).items() if grade == Grade.A}


def _states(ids: list[int], day: date) -> dict[tuple[int, str], str]:
    found: dict[tuple[int, str], str] = {}
    for start in range(0, len(ids), CHUNK):
        rows = of_subjects(ids[start : start + CHUNK]).order_by().filter(holding_on(day))
        rows = rows.filter(measure__clause__in=_CLAUSES.values())
        for pk, clause, state in rows.values_list("subject_id", "measure__clause", "state"):
            found[pk, clause] = state
    return found


def refusal(subject: Subject, day: date) -> str:
    """Why a routine visit to ``subject`` is not made; empty where it may be."""
    if subject.pk not in exempt(grades_of([subject.pk], day), day):
        return ""
    return (
        f"{subject.name}为 A 级（信用优良），“{WORDS}”（制度四（一），{CLAUSE}）。"
        "确有投诉举报或者专项执法检查的，请选择相应事由，并写明受理编号或文号。"
    )
