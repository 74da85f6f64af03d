"""The grade before and after, as the pages of list entries show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from grading.explanations import conclusion
from grading.list_preview import EntryPreview, preview_closing, preview_listing
from subjects.models import Subject
from violations.models import ListEntry


@dataclass(frozen=True, slots=True)
class Shown:
    """Both grades on ``day``, the flags that come, and the conclusion in words."""

    day: date
    before: str
    after: str
    new_flags: list[str]
    sentence: str


def listing_preview(
    subject: Subject | None, *, list_kind: str, listed_on: date, expires_on: date
) -> Shown:
    return _shown(
        preview_listing(subject, list_kind=list_kind, listed_on=listed_on, expires_on=expires_on)
    )


def closing_preview(entry: ListEntry, *, closing: str, on: date | None) -> Shown:
    return _shown(preview_closing(entry, closing=closing, on=on))


def _shown(seen: EntryPreview) -> Shown:
    old, new = seen.before.decided, seen.after.decided
    return Shown(
        seen.day,
        old.grade,
        new.grade,
        [flag for flag in new.flags if flag not in old.flags],
        conclusion(seen.after),
    )
