"""Which organisation a code names: present or former, through mergers."""

from __future__ import annotations

from collections.abc import Iterable

from subjects.credit_codes import normalise
from subjects.models import Subject, SubjectCode

CHUNK = 5000  # below every database's limit of parameters in a query


def find_by_code(code: str) -> Subject | None:
    """The surviving organisation that has or had ``code``; None where nobody has."""
    normal = normalise(code)
    return subjects_by_code([normal]).get(normal)


def find_by_code_evenly(code: str) -> Subject | None:
    """As ``find_by_code``, with the same two queries whether the code is known or not.

    For answers to clients outside, who must not learn from the time what they are not told.
    """
    normal = normalise(code)
    present = Subject.objects.filter(credit_code=normal).select_related("merged_into").first()
    former = SubjectCode.objects.filter(code=normal).select_related("subject__merged_into").first()
    found = present or (former.subject if former else None)
    return found.merged_into or found if found else None


def subjects_by_code(codes: Iterable[str]) -> dict[str, Subject]:
    """The surviving organisation for each normalised code that is known, present or former.

    One query for 5,000 codes, one more where some of them are no present ones.
    """
    wanted = sorted(set(codes))
    found: dict[str, Subject] = {}
    for part in _chunks(wanted):
        present = Subject.objects.filter(credit_code__in=part).select_related(
            "merged_into__unit_in_charge", "unit_in_charge"
        )
        found |= {subject.credit_code: subject.merged_into or subject for subject in present}
    for part in _chunks([code for code in wanted if code not in found]):
        former = SubjectCode.objects.filter(code__in=part).select_related(
            "subject__merged_into__unit_in_charge", "subject__unit_in_charge"
        )
        found |= {row.code: row.subject.merged_into or row.subject for row in former}
    return found


def _chunks(codes: list[str]) -> Iterable[list[str]]:
    return (codes[start : start + CHUNK] for start in range(0, len(codes), CHUNK))
