"""Measures listen to grading, to service and to the papers of the lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models.functions import Coalesce

from grading.models import Cause, GradeChange
from grading.signals import grades_changed
from grading.storing import Row
from sanctions import measure_sync
from sanctions.list_service import LIST_DECISION
from sanctions.measure_enums import Because, MeasureState
from sanctions.measure_models import SubjectMeasure
from sanctions.paper_models import Paper
from sanctions.signals import paper_served, paper_service_taken_back
from subjects.models import Subject
from violations.signals import facts_written

CHUNK = 5000


def connect() -> None:
    """Called once when the app is ready."""
    grades_changed.connect(
        on_grades_changed, sender=GradeChange, dispatch_uid="sanctions.measures.grades"
    )
    facts_written.connect(on_facts_written, dispatch_uid="sanctions.measures.facts")
    paper_served.connect(on_paper_served, dispatch_uid="sanctions.measures.papers")
    paper_service_taken_back.connect(
        on_service_taken_back, dispatch_uid="sanctions.measures.papers.back"
    )


def on_grades_changed(
    sender: Any, *, change_ids: Sequence[int], rows: Sequence[Row] | None = None, **kwargs: Any
) -> None:
    measure_sync.follow(change_ids, rows)


def on_facts_written(
    sender: Any, *, subject_ids: Iterable[int], cause: str = "", **kwargs: Any
) -> None:
    """A decision may have been served, which changes no grade: begin what waited for it.

    A correction may have taken such a day back: then whatever is open is looked at.
    """
    _settle_open(subject_ids, any_state=cause == Cause.CORRECTION)


def on_paper_served(sender: Any, *, paper_id: int, **kwargs: Any) -> None:
    """The decision on a black-list entry was served."""
    _settle_open(_listed_by(paper_id))


def on_service_taken_back(sender: Any, *, paper_id: int, **kwargs: Any) -> None:
    """It was not, after all: what began with it waits again."""
    _settle_open(_listed_by(paper_id), any_state=True)


def _listed_by(paper_id: int) -> Iterable[int]:
    concerned = Paper.objects.filter(pk=paper_id, kind=LIST_DECISION, list_entry__isnull=False)
    return concerned.order_by().values_list("subject_id", flat=True)


def _settle_open(subject_ids: Iterable[int], *, any_state: bool = False) -> None:
    """Look anew at those of them, or of their survivors, for whom something waits for service;
    with ``any_state`` for whom anything is open.
    """
    ids = sorted(set(subject_ids))
    for start in range(0, len(ids), CHUNK):
        survivors = Subject.objects.filter(pk__in=ids[start : start + CHUNK]).annotate(
            survivor=Coalesce("merged_into_id", "pk")
        )
        rows = SubjectMeasure.objects.filter(
            subject_id__in=survivors.order_by().values("survivor"), ended_on__isnull=True
        )
        if not any_state:
            rows = rows.filter(state=MeasureState.PENDING)
        found = list(rows.order_by().values_list("subject_id", flat=True).distinct())
        if found:
            measure_sync.settle(found, Because.SERVED)
