"""Lock, read, decide, store: how a standing comes to say what the rules give (domain.md §4.2).

Idempotent: run twice, late, or by two workers at once, the result is the same, because the
standing is locked before the facts are read and every date is computed from the facts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from core.clock import today
from grading import bulk, narrow, reviews
from grading.counting import Facts, Rules, evaluate_both
from grading.facts import load, rule_versions, scope_of, window_begins
from grading.locks import share_ranges
from grading.models import Cause, GradeChange, RegradeRequest, Standing
from grading.requests import close_requests, forget_closed
from grading.signals import grades_changed
from grading.sources import Scope
from grading.storing import (
    STANDING,
    Row,
    change_between,
    columns,
    ensure_standings,
    insert_changes,
    update_standings,
)

CHUNK = 500
# From this many on, counts are read in one grouped query instead of record by record.
MANY = 200


def regrade(
    subject_ids: Iterable[int], *, cause: Cause | None = None, day: date | None = None
) -> list[int]:
    """Grade these subjects as of ``day`` (default: today) and return the ids of the changes.

    ``cause`` is named in the changes beside the causes of the open requests, which are closed.
    Subjects are taken in chunks of one transaction each. Today is asked once a chunk is locked:
    whoever waited for another past midnight would otherwise write yesterday's grade over today's.
    """
    ids = sorted(set(subject_ids))
    changed: list[int] = []
    if len(ids) >= MANY:
        for start in range(0, len(ids), bulk.SUBJECTS_AT_ONCE):
            changed += _regrade_many(
                scope_of(ids[start : start + bulk.SUBJECTS_AT_ONCE]), cause, day
            )
        return changed
    for start in range(0, len(ids), CHUNK):
        changed += _regrade_chunk(ids[start : start + CHUNK], cause, day)
    return changed


def regrade_range(low: int, high: int, *, cause: Cause, day: date | None = None) -> list[int]:
    """Grade every subject with an id from ``low`` to ``high``; as ``regrade``."""
    return _regrade_many(scope_of(low=low, high=high), cause, day)


@transaction.atomic
def _regrade_many(scope: Scope, cause: Cause | None, day: date | None) -> list[int]:
    """Plain subjects from their counts; the others record by record, in the same transaction."""
    bulk.hold(scope)
    day = day or today()
    plain = bulk.regrade_plain(scope, cause, day)
    close_requests(plain.requests)
    changed = _finish(plain.subject_ids, plain.change_ids, plain.reflagged)
    for start in range(0, len(plain.intricate), CHUNK):
        changed += _decide_and_store(plain.intricate[start : start + CHUNK], cause, day)
    return changed


@transaction.atomic
def _regrade_chunk(subject_ids: Sequence[int], cause: Cause | None, day: date | None) -> list[int]:
    share_ranges(subject_ids)
    if len(subject_ids) == 1:
        return _regrade_one(subject_ids[0], cause, day)
    return _decide_and_store(subject_ids, cause, day)


def _regrade_one(subject_id: int, cause: Cause | None, day: date | None) -> list[int]:
    """As ``_decide_and_store`` for one entry; left to it where mergers are concerned."""
    standing = narrow.locked_standing(subject_id) or narrow.new_standing(subject_id)
    if standing is None:  # made by somebody else between these two looks
        standing = _locked_standings([subject_id])[0]
    day = day or today()
    versions = narrow.rule_versions()
    since = window_begins(_oldest_day([standing], day), versions)
    facts, requests, is_merged = narrow.records(subject_id, since)
    if is_merged:
        return _decide_and_store([subject_id], cause, day)
    asked = [(why, source) for _, why, source in requests]
    at, changes = _follow(standing, facts, day, versions, asked, cause)
    seen = [pk for pk, *_ in requests]
    if len(changes) == 1:
        narrow.store(at, changes[0], seen)
    else:
        update_standings([at] if at != standing else [])
        insert_changes(changes)
        close_requests(seen)
    return _finish([subject_id], _ids(changes), changes, rows=changes)


def _decide_and_store(
    subject_ids: Sequence[int], cause: Cause | None, day: date | None
) -> list[int]:
    scope, members = scope_of(subject_ids), set[int]()
    # An entry that was merged is graded with its survivor: it has no facts of its own any more.
    # Who belongs together is looked at again once the requests are read, so that no request of a
    # merger is closed that this evaluation knows nothing of.
    while members != set(scope.members()):
        members = set(scope.members())
        standings = _locked_standings(members)
        # In this order, and after the lock: a request whose fact is not yet read stays open.
        requests = _open_requests(members, scope)
        scope = scope_of(subject_ids)
    day = day or today()
    versions = rule_versions()
    facts = load(scope, _oldest_day(standings, day), versions)

    written: list[Row] = []
    changes: list[Row] = []
    for standing in standings:
        subject_id = standing["subject_id"]
        asked = requests.get(scope.survivor(subject_id), [])
        known = facts.get(subject_id, Facts())
        causes = [(one.cause, one.source) for one in asked]
        at, steps = _follow(standing, known, day, versions, causes, cause)
        changes += steps
        if at != standing:
            written.append(at)

    update_standings(written)
    insert_changes(changes)
    close_requests([one.pk for many in requests.values() for one in many])
    return _finish(members, _ids(changes), changes, rows=changes)


def _ids(changes: Sequence[Row]) -> list[int]:
    return [change["id"] for change in changes]


def _follow(
    standing: Row,
    known: Facts,
    day: date,
    versions: Sequence[Rules],
    asked: Sequence[tuple[str, str]],
    cause: Cause | None,
) -> tuple[Row, list[Row]]:
    """The standing on ``day`` and the changes on the way; ``asked`` are (cause, source)."""
    causes = [{"cause": why, "source": source} for why, source in asked]
    if cause is not None:
        causes.append({"cause": cause.value, "source": ""})
    only_time = all(why == Cause.TIME for why, _ in asked)
    at, turn, changes = standing, None, []
    while turn != day:
        turn = _next_turn(at, day, only_time=only_time)
        at, change = _evaluate(at, known, turn, versions, causes)
        if change is not None:
            changes.append(change)
    return at, changes


def _finish(
    subject_ids: Collection[int],
    change_ids: list[int],
    changes: Sequence[Row],
    *,
    rows: Sequence[Row] | None = None,
) -> list[int]:
    """Move the reviews, tell who listens; the requests that were seen are closed."""
    forget_closed(subject_ids)
    reviews.follow_flags(changes)
    if change_ids:
        grades_changed.send(sender=GradeChange, change_ids=change_ids, rows=rows)
    return change_ids


def _evaluate(
    before: Row, known: Facts, day: date, versions: Sequence[Rules], causes: list[dict[str, str]]
) -> tuple[Row, Row | None]:
    """The standing after an evaluation on ``day``, and the change where there is one."""
    both = evaluate_both(known, day, versions)
    after = {**before, **columns(both)}
    change = change_between(before, after, day=day, causes=causes)
    if change is not None:
        change["counted"] = list(both.internal.counted)
        change["entries"] = list(both.internal.entries)
    return after, change


def _locked_standings(ids: Collection[int]) -> list[Row]:
    """The standings of these subjects, made where there is none, locked in the order of ids."""
    ordered = sorted(ids)
    locked = (
        Standing.objects.select_for_update()
        .filter(pk__in=ordered)
        .order_by("pk")
        .values("subject_id", *STANDING)
    )
    standings: list[Any] = list(locked)
    if len(standings) < len(ordered):
        ensure_standings(ordered)
        standings = list(locked.all())
    return standings


def _open_requests(members: Collection[int], scope: Scope) -> dict[int, list[RegradeRequest]]:
    """The open requests of these subjects, by survivor."""
    found: dict[int, list[RegradeRequest]] = defaultdict(list)
    for request in RegradeRequest.objects.filter(subject_id__in=members, done_at__isnull=True):
        found[scope.survivor(request.subject_id)].append(request)
    return found


def _turns(standing: Row) -> list[date]:
    days = (standing["next_change_on"], standing["disclosable_next_change_on"])
    return [turn for turn in days if turn is not None]


def _oldest_day(standings: Sequence[Row], day: date) -> date:
    """The earliest day that is to be evaluated: facts that counted then must be read too."""
    return min([day, *(turn for standing in standings for turn in _turns(standing))])


def _next_turn(standing: Row, day: date, *, only_time: bool) -> date:
    """The next day to evaluate; ``day`` ends it.

    Where nothing but time moved while nobody ran, each day on which the grade turned is written as
    a change of that day. Where a fact came in, the grade changes on the day it is known.
    """
    overdue = [turn for turn in _turns(standing) if turn < day] if only_time else []
    return min(overdue, default=day)


def due_subject_ids(day: date) -> list[int]:
    """Subjects whose standing says that it changes by ``day`` at the latest."""
    due = Standing.objects.filter(
        Q(next_change_on__lte=day) | Q(disclosable_next_change_on__lte=day)
    )
    return list(due.order_by("pk").values_list("pk", flat=True))
