"""The rows of the register: organisations with their standing as of today."""

from __future__ import annotations

from dataclasses import dataclass

from core.clock import today
from grading.models import RegradeRequest, Standing
from grading.services import regrade
from subjects.models import Subject
from subjects.search import Query, marked

_NOTHING = Standing()
# A list holds an entry exactly where its clause decided (domain.md §3).
_LISTS = {"A": "红名单", "C": "黑名单"}


@dataclass(frozen=True, slots=True)
class Row:
    """One organisation in the list; ``name`` in pieces with whether the search found them."""

    subject: Subject
    standing: Standing
    name: list[tuple[str, bool]]
    list_name: str
    is_pending: bool


def fresh_standings(subjects: list[Subject]) -> dict[int, Standing]:
    """The standing of each organisation; one whose day of change has come is evaluated now.

    An organisation without facts gets an empty standing. The subjects come with theirs selected.
    """
    standings = {subject.pk: getattr(subject, "standing", _NOTHING) for subject in subjects}
    day = today()
    due = [
        pk
        for pk, standing in standings.items()
        if standing.next_change_on is not None and standing.next_change_on <= day
    ]
    if due:
        regrade(due)
        standings |= Standing.objects.in_bulk(due)
    return standings


def rows_of(subjects: list[Subject], query: Query) -> list[Row]:
    """The rows of a page, with what is still to be graded marked."""
    standings = fresh_standings(subjects)
    open_requests = RegradeRequest.objects.filter(
        subject_id__in=list(standings), done_at__isnull=True
    )
    pending = set(open_requests.values_list("subject_id", flat=True))
    return [
        Row(
            subject=subject,
            standing=standings[subject.pk],
            name=marked(subject.name, query),
            list_name=_LISTS.get(standings[subject.pk].grade, ""),
            is_pending=subject.pk in pending,
        )
        for subject in subjects
    ]
