"""The rows of the register: organisations with their standing as of today."""

from __future__ import annotations

from dataclasses import dataclass

from grading.models import RegradeRequest, Standing
from grading.selectors import brought_up_to_date
from subjects.models import Subject
from subjects.search import Query, former_matches, marked

_NOTHING = Standing()
# A list holds an entry exactly where its clause decided (domain.md §3).
_LISTS = {"A": "红名单", "C": "黑名单"}


@dataclass(frozen=True, slots=True)
class Row:
    """One organisation in the list; ``name`` in pieces with whether the search found them.

    ``formerly`` is the former name or code by which it was found, where it is not the present one.
    """

    subject: Subject
    standing: Standing
    name: list[tuple[str, bool]]
    list_name: str
    is_pending: bool
    formerly: str = ""


def fresh_standings(subjects: list[Subject]) -> dict[int, Standing]:
    """The standing of each organisation as of today; the subjects come with theirs selected.

    One whose day of change has come is evaluated in memory: a look at a list writes nothing. An
    organisation without facts gets an empty standing.
    """
    standings = {subject.pk: getattr(subject, "standing", _NOTHING) for subject in subjects}
    brought_up_to_date([one for one in standings.values() if one is not _NOTHING])
    return standings


def rows_of(subjects: list[Subject], query: Query) -> list[Row]:
    """The rows of a page, with what is still to be graded marked."""
    standings = fresh_standings(subjects)
    open_requests = RegradeRequest.objects.filter(
        subject_id__in=list(standings), done_at__isnull=True
    )
    pending = set(open_requests.values_list("subject_id", flat=True))
    names = {subject.pk: marked(subject.name, query) for subject in subjects}
    otherwise = [subject.pk for subject in subjects if not _shows_match(subject, names, query)]
    formerly = former_matches(otherwise, query)
    return [
        Row(
            subject=subject,
            standing=standings[subject.pk],
            name=names[subject.pk],
            list_name=_LISTS.get(standings[subject.pk].grade, ""),
            is_pending=subject.pk in pending,
            formerly=formerly.get(subject.pk, ""),
        )
        for subject in subjects
    ]


def _shows_match(subject: Subject, names: dict[int, list[tuple[str, bool]]], query: Query) -> bool:
    """Whether the row itself shows why it was found."""
    in_code = query.kind == "code" and subject.credit_code.startswith(query.words[0])
    return in_code or any(hit for _, hit in names[subject.pk])
