"""The period between notice (announcement) and listing: worked out, never counted up.

law.md "lists": approval is impossible before it has run or a waiver is on file.
"""

from __future__ import annotations

from datetime import date

from core import settings_table
from core.workdays import Deadline, deadline_after
from violations.enums import ListKind
from violations.models import ListEntry


def notice_days(list_kind: str, on: date | None = None) -> int:
    """Working days of notice before an entry: black list notice, red list announcement."""
    red = list_kind == ListKind.RED
    key = "red_notice_working_days" if red else "black_notice_working_days"
    return settings_table.integer(key, on)


def period(entry: ListEntry) -> Deadline | None:
    """The last day of the period; None while notice is not served.

    What the notice named counts (``notice_days``), whatever the setting says since.
    """
    if entry.notified_on is None:
        return None
    days = entry.notice_days
    return deadline_after(entry.notified_on, notice_days(entry.list) if days is None else days)


def is_waived(entry: ListEntry) -> bool:
    """Whether a waiver of the party is on file; an announcement concerns everybody: none there."""
    return entry.list == ListKind.BLACK and entry.waived_on is not None


def has_run(entry: ListEntry, day: date) -> bool:
    """Whether the period is over on ``day`` (its last day has passed), or was waived."""
    if is_waived(entry):
        return True
    ends = period(entry)
    return ends is not None and ends.day < day


def restate(entry: ListEntry) -> None:
    """The notice of a published entry was corrected: so is the end written down at approval."""
    ends = period(entry)
    if entry.notice_ends_on is not None and ends is not None:
        entry.notice_ends_on = ends.day


def would_be_too_early(entry: ListEntry, notified_on: date) -> bool:
    """Whether an approved entry had not had its period, were its notice of ``notified_on``."""
    if entry.approved_on is None or is_waived(entry):
        return False
    days = entry.notice_days or notice_days(entry.list)
    return deadline_after(notified_on, days).day >= entry.approved_on
