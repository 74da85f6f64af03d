"""What waits for an officer: gathered from the apps below, no table of its own."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import Officer
from accounts.roles import Can
from violations.models import Correction


def reviews_are_for(officer: Officer) -> bool:
    """Whether reviews concern this officer at all."""
    return officer.may(Can.PROPOSE_REVIEW) or officer.may(Can.DECIDE_REVIEW)


def corrections_for(officer: Officer) -> QuerySet[Correction]:
    """Corrections that wait for this officer to agree; never one of their own."""
    found: QuerySet[Correction] = Correction.objects.decidable_by(officer)
    return found
