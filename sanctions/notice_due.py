"""What the party has to be told of and was not yet (5-1), worked out from the records themselves.

Nothing is stored: a decision is due while it is in force, was served, counts today, was not taken
over and stands in no notice. So it comes the moment it is served and goes the moment it is revoked,
repaired, contested, withdrawn or lapses, whatever path led there; a stored row would have to follow
each of these paths, and the days on which something lapses or a contest ends by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import Officer
from accounts.roles import Can
from core.settings_table import integer
from core.workdays import Deadline, calendar
from grading.counting import first_decision_day, rules_on
from grading.facts import rule_versions
from sanctions.list_service import served_on, with_served_on
from sanctions.notice_enums import HELD
from sanctions.notice_models import NoticeAttempt, NoticeCause
from violations.enums import DecisionState, ListKind, ListState
from violations.models import Contest, Decision, ListEntry, Violation

SETTING = "reminder_working_days"


@dataclass(frozen=True, slots=True)
class Due:
    """A decision, or a black-list entry, that somebody has to be told of."""

    record: Decision | ListEntry
    since: date
    deadline: Deadline
    attempts: tuple[NoticeAttempt, ...] = ()

    @property
    def decision(self) -> Decision | None:
        return self.record if isinstance(self.record, Decision) else None

    @property
    def entry(self) -> ListEntry | None:
        return self.record if isinstance(self.record, ListEntry) else None

    @property
    def last_attempt(self) -> NoticeAttempt | None:
        return self.attempts[-1] if self.attempts else None

    def is_late(self, day: date) -> bool:
        return self.deadline.day < day


def first_day(day: date) -> date | None:
    """The earliest day of a decision that counts on ``day``; None before the first rule set."""
    rules = rules_on(day, rule_versions())
    return first_decision_day(day, rules.window_months) if rules else None


def counting(day: date) -> QuerySet[Decision]:
    """Decisions of which at least one act counts on ``day`` (domain.md §2 "What counts")."""
    first = first_day(day)
    if first is None:
        return Decision.objects.none()
    standing = Violation.objects.filter(
        Q(repaired_on__isnull=True) | Q(repaired_on__gt=day),
        decision=OuterRef("pk"),
        revoked_on__isnull=True,
    )
    covering = Contest.objects.filter(
        Q(contested_until__isnull=True) | Q(contested_until__gt=day),
        decision=OuterRef("pk"),
        contested_from__lte=day,
    )
    return Decision.objects.filter(
        Exists(standing),
        ~Exists(covering),
        state=DecisionState.IN_FORCE,
        decided_on__gte=first,
        decided_on__lte=day,
    )


def counting_entries(day: date) -> QuerySet[ListEntry]:
    """Black-list entries that count on ``day``."""
    found: QuerySet[ListEntry] = ListEntry.objects.filter(
        Q(removed_on__isnull=True) | Q(removed_on__gt=day),
        list=ListKind.BLACK,
        state=ListState.PUBLISHED,
        listed_on__lte=day,
        expires_on__gte=day,
    )
    return found


def untold_decisions(day: date) -> QuerySet[Decision]:
    """Counting decisions that no notice points out, taken over or not, served or not.

    What was recorded anew in the place of one that was told is not told again.
    """
    told = NoticeCause.objects.filter(
        Q(decision=OuterRef("pk")) | Q(decision=OuterRef("replaces")), notice__state__in=HELD
    )
    return counting(day).filter(~Exists(told))


def due_decisions(day: date) -> QuerySet[Decision]:
    """Those that open a task."""
    # Nothing is served before it is decided: the lower bound only lets the index help.
    bounds = {"served_on__gte": first_day(day), "served_on__lte": day}
    if bounds["served_on__gte"] is None:
        return Decision.objects.none()
    return untold_decisions(day).filter(taken_over=False, served_on__isnull=False, **bounds)


def due_entries(day: date) -> QuerySet[ListEntry]:
    """Entries that open a task: their list decision was served, as a decision is."""
    told = NoticeCause.objects.filter(list_entry=OuterRef("pk"), notice__state__in=HELD)
    entries = with_served_on(counting_entries(day))
    return entries.filter(~Exists(told), taken_over=False, decision_served_on__lte=day)


def taken_over(day: date) -> QuerySet[Decision]:
    """Taken over, served, counting and never pointed out: the office's list; they open no task."""
    return untold_decisions(day).filter(taken_over=True, served_on__isnull=False)


def unserved(day: date) -> QuerySet[Decision]:
    """Counting decisions of which nobody may be told yet."""
    return counting(day).filter(taken_over=False, served_on__isnull=True)


def of_officer(officer: Officer, rows: QuerySet[Decision]) -> QuerySet[Decision]:
    """The own unit's; all for the office."""
    if officer.may(Can.KEEP_NOTICES):
        return rows
    return rows.filter(unit=officer.unit_id) if officer.may(Can.RECORD_NOTICE) else rows.none()


def tasks(officer: Officer, day: date, most: int = 1000) -> list[Due]:
    """What is due, the earliest deadline first: of the own unit, and for the office of all.

    Black-list entries are the office's, which published them. At most ``most`` of each are read,
    those served first.
    """
    decisions = of_officer(officer, due_decisions(day)).select_related("subject", "unit")
    found = list(with_dates(decisions.order_by("served_on", "pk")[:most], day))
    if officer.may(Can.KEEP_NOTICES):
        entries = due_entries(day).select_related("subject").order_by("listed_on", "pk")
        found += with_dates(entries[:most], day)
    return sorted(found, key=lambda one: (one.deadline.day, one.since, one.record.pk))


def with_dates(rows: QuerySet[Decision] | QuerySet[ListEntry], day: date) -> Iterable[Due]:
    """Each row with what its deadline runs from, its deadline and its attempts."""
    days, year = integer(SETTING), calendar()
    attempts = Prefetch("notice_attempts", NoticeAttempt.objects.order_by("on", "pk"))
    rows = rows.prefetch_related(attempts)
    if rows.model is Decision:
        rows = rows.prefetch_related("contests")
    for row in rows:
        since = begins(row, day)
        tried = tuple(row.notice_attempts.all())
        yield Due(row, since, year.deadline(since, days), tried)


def begins(record: Decision | ListEntry, day: date) -> date:
    """The day from which its deadline runs: served, in force, and no contest over it any more."""
    if isinstance(record, ListEntry):
        return served_on(record) or max(record.listed_on, record.approved_on or record.listed_on)
    days = [record.served_on or record.decided_on]
    if record.confirmed_at is not None:
        days.append(timezone.localdate(record.confirmed_at))
    days += [
        one.contested_until
        for one in record.contests.all()
        if one.contested_until is not None and one.contested_until <= day
    ]
    return max(days)


def told_by_others(causes: QuerySet[NoticeCause]) -> QuerySet[NoticeCause]:
    """Those of ``causes`` whose record stands in another notice that was held."""
    other = NoticeCause.objects.filter(notice__state__in=HELD).exclude(notice=OuterRef("notice"))
    same = Q(decision=OuterRef("decision")) | Q(list_entry=OuterRef("list_entry"))
    return causes.filter(Exists(other.filter(same)))
