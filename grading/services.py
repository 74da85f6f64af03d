"""Lock, read, decide, store: how a standing comes to say what the rules give (domain.md §4.2).

Idempotent: run twice, late, or by two workers at once, the result is the same, because the
standing is locked before the facts are read and every date is computed from the facts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core.clock import today
from grading import reviews
from grading.counting import Both, Facts, evaluate_both
from grading.facts import load, rule_versions, scope_of
from grading.models import Cause, GradeChange, RegradeRequest, Standing
from grading.requests import forget_closed
from grading.signals import grades_changed
from grading.sources import Scope

# The columns of one evaluation and its disclosable twin; what a change is a change of.
OUTCOME = (
    "grade",
    "clauses",
    "exceeded",
    "flags",
    "warnings",
    "penalties",
    "breaches",
    "amount_fen",
)
COMPARED = (*OUTCOME, *(f"disclosable_{name}" for name in OUTCOME))
STORED = (
    *COMPARED,
    "next_change_on",
    "disclosable_next_change_on",
    "rule_set_id",
)
CHUNK = 500


@dataclass
class _Batch:
    """What one transaction is about to write."""

    standings: list[Standing] = field(default_factory=list)
    changes: list[GradeChange] = field(default_factory=list)


def columns(both: Both) -> dict[str, object]:
    """An evaluation of both grades as the columns of ``Evaluated``."""
    values: dict[str, object] = {
        "next_change_on": both.next_change_on,
        "disclosable_next_change_on": both.disclosable_next_change_on,
        "rule_set_id": both.internal.rules.id if both.internal.rules else None,
    }
    for prefix, one in (("", both.internal), ("disclosable_", both.disclosable)):
        values |= {
            f"{prefix}grade": one.decided.grade,
            f"{prefix}clauses": " ".join(one.decided.clauses),
            f"{prefix}exceeded": " ".join(one.decided.exceeded),
            f"{prefix}flags": " ".join(one.decided.flags),
            f"{prefix}warnings": one.counts.warnings,
            f"{prefix}penalties": one.counts.penalties,
            f"{prefix}breaches": one.counts.breaches,
            f"{prefix}amount_fen": one.counts.amount_fen,
        }
    return values


def regrade(
    subject_ids: Iterable[int], *, cause: Cause | None = None, day: date | None = None
) -> list[int]:
    """Grade these subjects as of ``day`` (default: today) and return the ids of the changes.

    ``cause`` is named in the changes beside the causes of the open requests, which are closed.
    Subjects are taken in chunks of one transaction each.
    """
    ids = sorted(set(subject_ids))
    changed: list[int] = []
    for start in range(0, len(ids), CHUNK):
        changed += _regrade_chunk(ids[start : start + CHUNK], cause, day or today())
    return changed


@transaction.atomic
def _regrade_chunk(subject_ids: Sequence[int], cause: Cause | None, day: date) -> list[int]:
    scope = scope_of(subject_ids)
    # An entry that was merged is graded with its survivor: it has no facts of its own any more.
    members = scope.members()
    standings = _locked_standings(members)
    # In this order, and after the lock: a request whose fact is not yet read stays open.
    requests = _open_requests(members, scope)
    versions = rule_versions()
    facts = load(scope, _oldest_day(standings, day), versions)

    batch = _Batch()
    for standing in standings:
        asked = requests.get(scope.survivor(standing.subject_id), [])
        causes = [{"cause": one.cause, "source": one.source} for one in asked]
        if cause is not None:
            causes.append({"cause": cause.value, "source": ""})
        known = facts.get(standing.subject_id, Facts())
        for turn in _days_to_write(standing, day, only_time=not asked):
            _apply(standing, evaluate_both(known, turn, versions), turn, causes, batch)

    now = timezone.now()
    for standing in standings:
        standing.evaluated_for, standing.evaluated_at = day, now
    _store_standings(standings)
    GradeChange.objects.bulk_create(batch.changes, batch_size=500)
    seen = [one.pk for many in requests.values() for one in many]
    RegradeRequest.objects.filter(pk__in=seen).update(done_at=now)
    forget_closed(members)
    reviews.follow_flags(standings, batch.changes)
    change_ids = [change.pk for change in batch.changes]
    if change_ids:
        grades_changed.send(sender=GradeChange, change_ids=change_ids)
    return change_ids


def _locked_standings(ids: Collection[int]) -> list[Standing]:
    """The standings of these subjects, made where there is none, locked in the order of ids."""
    ordered = sorted(ids)
    locked = Standing.objects.select_for_update().filter(pk__in=ordered).order_by("pk")
    standings = list(locked)
    if len(standings) < len(ordered):
        Standing.objects.bulk_create(
            [Standing(subject_id=one) for one in ordered], ignore_conflicts=True
        )
        standings = list(locked.all())
    return standings


def _open_requests(members: Collection[int], scope: Scope) -> dict[int, list[RegradeRequest]]:
    """The open requests of these subjects, by survivor."""
    found: dict[int, list[RegradeRequest]] = defaultdict(list)
    for request in RegradeRequest.objects.filter(subject_id__in=members, done_at__isnull=True):
        found[scope.survivor(request.subject_id)].append(request)
    return found


def _oldest_day(standings: Sequence[Standing], day: date) -> date:
    """The earliest day that is to be evaluated: facts that counted then must be read too."""
    due = [
        turn
        for standing in standings
        for turn in (standing.next_change_on, standing.disclosable_next_change_on)
        if turn is not None
    ]
    return min([day, *due])


def _days_to_write(standing: Standing, day: date, *, only_time: bool) -> Iterable[date]:
    """The days to evaluate, the last being ``day``.

    Where nothing but time moved while nobody ran, each day on which the grade turned is written as
    a change of that day. Where a fact came in, the grade changes on the day it is known.
    """
    while only_time:
        due = [
            turn
            for turn in (standing.next_change_on, standing.disclosable_next_change_on)
            if turn is not None and turn < day
        ]
        if not due:
            break
        yield min(due)  # _apply moves both days on
    yield day


def _apply(
    standing: Standing, both: Both, day: date, causes: list[dict[str, str]], batch: _Batch
) -> None:
    """Write the evaluation into the standing; note the change where there is one."""
    values = columns(both)
    before = {name: getattr(standing, name) for name in COMPARED}
    for name, value in values.items():
        setattr(standing, name, value)
    if all(before[name] == values[name] for name in COMPARED):
        return
    now = timezone.now()
    standing.changed_at = now
    if before["grade"] != values["grade"]:
        standing.since = day if values["grade"] else None
    batch.changes.append(
        GradeChange(
            subject_id=standing.subject_id,
            at=now,
            effective_on=day,
            old_grade=before["grade"],
            old_disclosable_grade=before["disclosable_grade"],
            old_flags=before["flags"],
            causes=causes or [{"cause": Cause.TIME.value, "source": ""}],
            counted=list(both.internal.counted),
            entries=list(both.internal.entries),
            **values,
        )
    )


def _store_standings(standings: Sequence[Standing]) -> None:
    """One statement where one subject is graded, a few where many are."""
    fields = ["rule_set" if name == "rule_set_id" else name for name in STORED] + [
        "evaluated_for",
        "evaluated_at",
        "since",
        "changed_at",
    ]
    if len(standings) == 1:
        standings[0].save(update_fields=fields)
    else:
        Standing.objects.bulk_update(standings, fields, batch_size=50)


def due_subject_ids(day: date) -> list[int]:
    """Subjects whose standing says that it changes by ``day`` at the latest."""
    due = Standing.objects.filter(
        Q(next_change_on__lte=day) | Q(disclosable_next_change_on__lte=day)
    )
    return list(due.order_by("pk").values_list("pk", flat=True))
