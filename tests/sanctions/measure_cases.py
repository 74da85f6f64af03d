"""Organisations under measures, for the tests of what officers do about them."""

from __future__ import annotations

from core.clock import today
from grading.services import regrade
from sanctions.models import Improvement
from subjects.models import Subject
from tests import factories
from violations.enums import ListKind


def of_grade(grade: str, **fields: object) -> Subject:
    """A, B (one served fine of today) or C (a black-list entry that was taken over), graded."""
    subject = factories.subject(**fields)
    if grade == "B":
        factories.decision(subject)
    else:
        kind = ListKind.RED if grade == "A" else ListKind.BLACK
        factories.list_entry(subject, kind, taken_over=True)
    regrade([subject.pk])
    return subject


def improved(**fields: object) -> Improvement:
    """An organisation whose only act was revoked today, with its checklist."""
    subject = of_grade("B", **fields)
    act = subject.decisions.get().violations.get()
    act.revoked_on = today()
    act.save()
    regrade([subject.pk])
    found: Improvement = Improvement.objects.get(subject=subject)
    return found
