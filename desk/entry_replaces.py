"""Recording anew what was entered wrong and revoked: the form begins with what stood there.

The paper is the same, and so is its date (domain.md §2); the new record names the one it replaces.
"""

from __future__ import annotations

from django.http import Http404

from accounts.models import Officer
from violations.entry_data import RawEntry
from violations.models import Decision

NAME = "replaces"
_ANEW = frozenset({"version", "truth_stated"})


def replaced(text: str, officer: Officer) -> Decision | None:
    """The decision that a form replaces, if any. Raises Http404 for one of another unit."""
    if not text:
        return None
    own = Decision.objects.visible_to(officer).filter(unit=officer.unit_id)
    found = own.filter(pk=int(text)).first() if text.isascii() and text.isdigit() else None
    if found is None:
        raise Http404
    return found


def begun_anew(text: str, officer: Officer) -> RawEntry | None:
    """The boxes of a form that replaces a decision, filled with what was entered."""
    old = replaced(text, officer)
    if old is None:
        return None
    raw = RawEntry.from_decision(old)
    head = {name: value for name, value in raw.head.items() if name not in _ANEW}
    return RawEntry(head | {NAME: str(old.pk)}, raw.acts)
