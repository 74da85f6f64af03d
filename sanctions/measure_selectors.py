"""Reading measures: what holds for whom on a day, and what a subject's page shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from sanctions.measure_enums import MeasureState, Sight
from sanctions.measure_models import Measure, SubjectMeasure


def in_force(
    subject_ids: Collection[int], day: date, *, disclosable: bool = False
) -> dict[int, list[SubjectMeasure]]:
    """The measures that hold on ``day`` for each of these surviving subjects, in clause order.

    Those of the grade inside the bureau, or with ``disclosable`` those that others may know. What
    waits for service or is suspended is not among them, nor a clause without a basis that day.
    Subjects without any are absent. One query; each row has its ``measure``.
    """
    rows = of_subjects(subject_ids, disclosable=disclosable).filter(
        holding_on(day), state=MeasureState.IN_FORCE
    )
    found: dict[int, list[SubjectMeasure]] = defaultdict(list)
    for row in rows:
        if row.measure.holds_on(day):
            found[row.subject_id].append(row)
    return dict(found)


def holding_on(day: date) -> Q:
    """The rows that cover ``day``: ``ended_on`` is the first day without the measure."""
    return Q(begins_on__lte=day) & (Q(ended_on__isnull=True) | Q(ended_on__gt=day))


def of_subjects(
    subject_ids: Collection[int], *, disclosable: bool = False
) -> QuerySet[SubjectMeasure]:
    """All rows of these subjects in one sight, with their measures, in clause order."""
    sight = Sight.DISCLOSABLE if disclosable else Sight.INTERNAL
    return (
        SubjectMeasure.objects.filter(subject_id__in=subject_ids, sight=sight)
        .select_related("measure")
        .order_by("subject_id", "measure__clause", "id")
    )


def catalogue_on(day: date) -> QuerySet[Measure]:
    """The clauses with a basis in force on ``day``."""
    return (
        Measure.objects.filter(valid_from__lte=day)
        .filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day))
        .exclude(legal_basis="")
        .order_by("clause")
    )
