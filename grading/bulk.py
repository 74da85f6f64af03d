"""Many subjects at once: counts from one grouped query, decided by the same rules.

A subject is *plain* on a day when nothing but the one-year window moves its counts: no repair or
contest still to come into play, no list entry, no signal, no merger, no rule set to come. Then the
counts and the earliest counted decision say all: the rules are asked once for each combination of
counts, and where neither counts nor day differ from what is stored, nothing is written. The others
are *intricate* and are left to the evaluation record by record.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from grading import bulk_doubts, bulk_sql
from grading.counting import ONE_DAY, Rules, first_decision_day, last_counted_day, rules_on
from grading.facts import rule_versions
from grading.locks import hold_range, share_ranges
from grading.models import Cause, RegradeRequest, Standing
from grading.rules import Counts, decide
from grading.sources import PUBLISHED, SIGNALLING, WEIGHED, Scope
from grading.storing import Row, ensure_standings
from subjects.models import Subject
from violations.enums import DecisionState
from violations.models import Contest, Decision, Factor, ListEntry

# How many given ids are taken in one transaction; ranges are ``locks.RANGE`` long.
SUBJECTS_AT_ONCE = 5000
CHANGED = ("id", "subject_id", "flags", "old_flags")
# Who asks for these does not take the stored outcome for right because its counts are.
DOUBTING = frozenset({Cause.COMMAND, Cause.VERIFY, Cause.RULE_SET})


@dataclass
class Plain:
    """What was written for the plain subjects of a scope, and who is left for the other way.

    ``reflagged`` are the changes with flags before or after, with "id", "subject_id", "flags" and
    "old_flags"; of a million changes the others are ids alone.
    """

    subject_ids: Collection[int] = ()
    change_ids: list[int] = field(default_factory=list)
    reflagged: list[Row] = field(default_factory=list)
    requests: Sequence[int] = ()
    intricate: list[int] = field(default_factory=list)


def regrade_plain(scope: Scope, cause: Cause | None, day: date) -> Plain:
    """Grade the plain subjects of the scope; the caller holds it and finishes.

    Requests of intricate subjects stay open for whoever grades them.
    """
    # Before anything else is read: a request whose fact is not yet read stays open.
    requests = _open_requests(scope)
    versions = rule_versions()
    rules = rules_on(day, versions)
    if rules is None or any(version.begins_on > day for version in versions):
        return Plain(intricate=_everyone(scope))
    intricate = _intricate(scope, rules, day)
    bulk_sql.drop_tables()
    bulk_sql.prepare()
    doubted: set[int] = set()
    if cause in DOUBTING:
        doubted = bulk_doubts.wrongly_decided(scope, rules, besides=intricate)
    intricate |= bulk_sql.find_differing(scope, rules, day, besides=intricate, doubted=doubted)
    asked: dict[int, list[dict[str, str]]] = defaultdict(list)
    for _, subject_id, why, source in requests:
        if subject_id not in intricate:
            asked[subject_id].append({"cause": why, "source": source})
    bulk_sql.put_answers(_outcomes(rules), _next_days(rules), _causes(asked, cause))
    bulk_sql.insert_missing_standings()
    bulk_sql.keep_moved(rules)
    now = timezone.now()
    default = json.dumps([{"cause": (cause or Cause.TIME).value, "source": ""}])
    changes = bulk_sql.insert_changes(rules, day, now, default)
    bulk_sql.update_standings(rules, day, now)
    bulk_sql.drop_tables()
    return Plain(
        subject_ids=asked.keys(),
        change_ids=[change[0] for change in changes],
        reflagged=[
            dict(zip(CHANGED, change, strict=True)) for change in changes if change[2] or change[3]
        ],
        requests=[pk for pk, subject_id, *_ in requests if subject_id in asked],
        intricate=sorted(intricate),
    )


def _outcomes(rules: Rules) -> list[tuple[Any, ...]]:
    """What the rules say to each combination of counts at hand, asked once each."""
    found = []
    for alike, warnings, penalties, breaches, amount_fen in bulk_sql.classes():
        decided = decide(Counts(warnings, penalties, breaches, amount_fen), rules.limits)
        texts = (" ".join(ids) for ids in (decided.clauses, decided.exceeded, decided.flags))
        found.append((alike, decided.grade, *texts))
    return found


def _next_days(rules: Rules) -> list[tuple[date, date]]:
    """For each earliest counted decision the day after its last: then a count goes down."""
    return [
        (earliest, last_counted_day(earliest, rules.window_months) + ONE_DAY)
        for earliest in bulk_sql.earliest_days()
    ]


def _causes(asked: dict[int, list[dict[str, str]]], cause: Cause | None) -> list[tuple[int, str]]:
    """The causes of the subjects that somebody asked for, as the changes keep them."""
    more = [] if cause is None else [{"cause": cause.value, "source": ""}]
    return [
        (subject_id, json.dumps([*causes, *more], ensure_ascii=False))
        for subject_id, causes in asked.items()
    ]


def hold(scope: Scope) -> None:
    """Lock until the transaction ends, before anything is read: a range, or given standings."""
    if scope.ids is None:
        hold_range(scope.low or 0)
        return
    share_ranges(scope.ids)
    locked = Standing.objects.select_for_update().filter(pk__among=scope.members()).order_by("pk")
    have = set(locked.values_list("pk", flat=True))
    missing = sorted(set(scope.members()) - have)
    if missing:
        ensure_standings(missing)
        list(locked.values_list("pk", flat=True))


def _open_requests(scope: Scope) -> list[tuple[int, int, str, str]]:
    return list(
        RegradeRequest.objects.filter(scope.where("subject_id"), done_at__isnull=True).values_list(
            "pk", "subject_id", "cause", "source"
        )
    )


def _ids(rows: Any, column: str) -> set[int]:
    return set(rows.order_by().values_list(column, flat=True).distinct())


def _everyone(scope: Scope) -> list[int]:
    """Whoever has a decision that was ever in force, an entry, a factor, a standing, a request."""
    here = scope.where("subject_id")
    sources = (
        Decision.objects.filter(here, state__in=WEIGHED),
        ListEntry.objects.filter(here),
        Factor.objects.filter(here),
        Standing.objects.filter(here),
        RegradeRequest.objects.filter(here, done_at__isnull=True),
    )
    return sorted(set().union(*(_ids(rows, "subject_id") for rows in sources)))


def _intricate(scope: Scope, rules: Rules, day: date) -> set[int]:
    """Subjects of the scope whose next change does not follow from their counts.

    Those that one of their acts makes so are found by the counting query itself.
    """
    here, there = scope.where("subject_id"), scope.where("decision__subject_id")
    since = first_decision_day(day, rules.window_months)
    in_force = Q(decision__state=DecisionState.IN_FORCE, decision__decided_on__gte=since)
    entries = ListEntry.objects.filter(here, PUBLISHED, expires_on__gte=day)
    overdue = Q(next_change_on__lt=day) | Q(disclosable_next_change_on__lt=day)
    found = _ids(
        Contest.objects.filter(there, in_force).filter(
            Q(contested_until__isnull=True) | Q(contested_until__gt=day)
        ),
        "decision__subject_id",
    )
    found |= _ids(
        Decision.objects.filter(here, state=DecisionState.IN_FORCE, decided_on__gt=day),
        "subject_id",
    )
    found |= _ids(entries, "subject_id")
    signals = Factor.objects.filter(here, SIGNALLING, revoked_on__isnull=True)
    found |= _ids(signals, "subject_id")
    # Each day on which time turned such a grade is written down as of that day.
    found |= _ids(Standing.objects.filter(here, overdue), "subject_id")
    merged = Subject.objects.filter(merged_into__isnull=False).filter(
        scope.where("pk") | scope.where("merged_into_id")
    )
    for member, survivor in merged.values_list("pk", "merged_into_id"):
        found.add(member)
        if survivor is not None:
            found.add(survivor)
    return found
