"""The rows that a look leaves in the trail: whose record was shown to whom (条例 art. 39)."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from accounts.models import Officer
from core import audit
from subjects.models import Subject
from violations.models import Decision

_SEEN = "looked_up"
_REMEMBERED = 100  # forms and codes of one session; an older one leaves its row once more


def decision_seen(officer: Officer, decision: Decision) -> None:
    """A page is about to show what stands in ``decision``."""
    audit.record(actor=officer, action="decision.view", target=decision)


def subject_found(
    request: HttpRequest, officer: Officer, subject: Subject, *, code: str, form: UUID | None
) -> None:
    """A code typed into a form led to ``subject``: one row for each of them in each form.

    Lookup and preview run while typing, so the session remembers which rows stand already. Without
    the ``form``'s key each look leaves a row.
    """
    mark = f"{form}:{subject.pk}"
    seen = request.session.get(_SEEN, [])
    if form is not None and mark in seen:
        return
    audit.record(
        actor=officer, action="subject.lookup", target=subject, details={"credit_code": code}
    )
    if form is not None:
        request.session[_SEEN] = [*seen, mark][-_REMEMBERED:]
