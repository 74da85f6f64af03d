"""The grade of a day as known now and as known at a moment, and why they differ (domain.md §4).

A replay is the very evaluation that gives grades, over facts that take their source: the tables of
today, or the history tables as they stood.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from grading import differences
from grading.counting import Both, Evaluation, Facts, evaluate_both
from grading.differences import ACT, ELSEWHERE, ENTRY, REVOKED, SIGNAL, Reason, Side
from grading.facts import load, scope_of
from grading.models import GradeChange
from grading.replay_rows import ActThen, Records, records_now, records_then
from grading.selectors import source_at
from grading.sources import Scope
from violations.enums import DecisionState, ListState

_STATES = {
    DecisionState.DRAFT: differences.UNCONFIRMED,
    DecisionState.SUBMITTED: differences.UNCONFIRMED,
    DecisionState.WITHDRAWN: differences.WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One organisation on ``day`` as known at ``known_at`` (None: now)."""

    day: date
    known_at: datetime | None
    both: Both
    side: Side
    records: Records

    @property
    def now(self) -> Evaluation:
        """The internal evaluation."""
        return self.both.internal

    def act_status(self, violation_id: int) -> str:
        """ "" where the act counts, else why not."""
        return differences.act_status(self.side, violation_id, self.side.acts().get(violation_id))

    def entry_status(self, entry_id: int) -> str:
        return differences.entry_status(self.side, entry_id, self.side.entries().get(entry_id))

    def signal_status(self, factor_id: int) -> str:
        return differences.signal_status(self.side, factor_id, self.side.signals().get(factor_id))


@dataclass(frozen=True, slots=True)
class Compared:
    """Two snapshots and what moved from the first to the second."""

    before: Snapshot
    after: Snapshot
    reasons: tuple[Reason, ...]


def snapshots(subject_id: int, asked: list[tuple[date, datetime | None]]) -> list[Snapshot]:
    """The organisation on each day as known at each moment; a moment is read once.

    Facts are read from the earliest day on, so that what has left the window is still there to
    tell why it no longer counts.
    """
    sources = {moment: source_at(moment) for moment in dict.fromkeys(one for _, one in asked)}
    scopes = {moment: scope_of([subject_id], source=at[0]) for moment, at in sources.items()}
    family = sorted({one for scope in scopes.values() for one in (*scope.members(), subject_id)})
    records = {
        moment: records_now(family) if moment is None else records_then(family, moment)
        for moment in sources
    }
    since = min([*(day for day, _ in asked), *_corrected_days(list(records.values()))])
    read = {}
    for moment, (source, versions) in sources.items():
        scope = scopes[moment]
        survivor = scope.survivor(subject_id)
        facts = load(scope, since, versions, source=source).get(survivor, Facts())
        read[moment] = facts, records[moment], _fates(scope, survivor, records[moment])
    found = []
    for day, moment in asked:
        facts, known, fates = read[moment]
        both = evaluate_both(facts, day, sources[moment][1])
        found.append(Snapshot(day, moment, both, Side(both.internal, facts, fates), known))
    return found


def _corrected_days(sides: list[Records]) -> set[date]:
    """The days of decisions whose day is not the same on all sides: both must be read."""
    days: dict[int, set[date]] = defaultdict(set)
    for side in sides:
        for act in side.acts.values():
            days[act.id].add(act.decided_on)
    return {day for known in days.values() if len(known) > 1 for day in known}


def compare(before: Snapshot, after: Snapshot) -> Compared:
    return Compared(before, after, differences.reasons(before.side, after.side))


def _fates(scope: Scope, survivor: int, records: Records) -> dict[tuple[str, int], str]:
    """What became of records that are not among the facts."""
    fates: dict[tuple[str, int], str] = {}
    for act in records.acts.values():
        here = scope.survivor(act.subject_id) == survivor
        fates[ACT, act.id] = _fate(act) if here else ELSEWHERE
    for entry in records.entries.values():
        here = scope.survivor(entry.subject_id) == survivor
        if entry.state == ListState.REVOKED:
            fates[ENTRY, entry.id] = REVOKED
        elif entry.state != ListState.PUBLISHED:
            fates[ENTRY, entry.id] = differences.UNCONFIRMED
        elif not here:
            fates[ENTRY, entry.id] = ELSEWHERE
    for factor in records.factors.values():
        here = scope.survivor(factor.subject_id) == survivor
        fates[SIGNAL, factor.id] = REVOKED if factor.revoked_on else "" if here else ELSEWHERE
    return fates


def _fate(act: ActThen) -> str:
    if act.state in _STATES:
        return _STATES[DecisionState(act.state)]
    if act.revoked_on is not None:
        return REVOKED
    return differences.LAPSED  # all else is among the facts


def stored_at(subject_id: int, moment: datetime) -> GradeChange | None:
    """The last evaluation that was written down by the moment: what the page said then."""
    return (
        GradeChange.objects.filter(subject_id=subject_id, at__lte=moment)
        .select_related("rule_set")
        .order_by("-at", "-pk")
        .first()
    )
