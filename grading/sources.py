"""Where facts come from: one class a source, the same rows from each.

``LiveSource`` reads what is known now, ``RecountSource`` works buckets and money out anew from the
dispositions, ``grading.history_source`` reads what was known at a moment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, Protocol

from django.db.models import Q, QuerySet

from grading.counting import Entry, Signal
from subjects.models import Subject
from violations.enums import (
    LISTED_STATES,
    SIGNAL_KINDS,
    DecisionState,
    FactorKind,
    ListState,
)
from violations.inputs import DispositionInput
from violations.models import Contest, Decision, Disposition, Factor, ListEntry, Violation
from violations.severity import bucket_of, money_fen

SIGNALLING = Q(kind__in=sorted(SIGNAL_KINDS)) | Q(kind=FactorKind.NATIONAL, is_worst=True)
PUBLISHED = Q(state=ListState.PUBLISHED)
WEIGHED = (DecisionState.IN_FORCE, DecisionState.WITHDRAWN)


class ActRow(NamedTuple):
    subject_id: int
    violation_id: int
    decision_id: int
    bucket: str
    amount_fen: int
    law_key: str
    decided_on: date
    repaired_on: date | None


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose facts are wanted: given ids, a range of ids (both ends included), or everybody's."""

    ids: frozenset[int] | None = None
    low: int | None = None
    high: int | None = None
    merged: dict[int, int] = field(default_factory=dict)

    def survivor(self, subject_id: int) -> int:
        return self.merged.get(subject_id, subject_id)

    def holds(self, subject_id: int) -> bool:
        """Whether a surviving entry is asked for."""
        if self.ids is not None:
            return subject_id in self.ids
        return self.low is None or self.high is None or self.low <= subject_id <= self.high

    def merged_in(self) -> list[int]:
        """The entries that were merged into one that is asked for."""
        return [member for member, survivor in self.merged.items() if self.holds(survivor)]

    def members(self) -> list[int]:
        """The ids asked for and those merged into them; of a scope of given ids."""
        return [*(self.ids or ()), *self.merged_in()]

    def where(self, column: str) -> Q:
        """The condition on the column that names the subject of a record."""
        if self.ids is not None:
            members = self.members()
            if len(members) == 1:
                return Q(**{column: members[0]})
            return Q(**{f"{column}__among": members})
        if self.low is None or self.high is None:
            return Q()
        asked = Q(**{f"{column}__gte": self.low, f"{column}__lte": self.high})
        merged_in = self.merged_in()
        return asked | Q(**{f"{column}__among": merged_in}) if merged_in else asked


class FactSource(Protocol):
    """Rows of the records of a scope that may count on ``since`` or later."""

    def merged(self) -> dict[int, int]: ...
    def on_record(self, scope: Scope) -> set[int]: ...
    def acts(self, scope: Scope, since: date) -> Iterable[ActRow]: ...
    def contests(self, scope: Scope, since: date) -> Iterable[tuple[int, date, date | None]]: ...
    def entries(self, scope: Scope) -> Iterable[tuple[int, Entry]]: ...
    def signals(self, scope: Scope) -> Iterable[tuple[int, Signal]]: ...


class LiveSource:
    """What is known now."""

    def merged(self) -> dict[int, int]:
        """Entries that were merged: their id -> the surviving id."""
        rows = Subject.objects.filter(merged_into__isnull=False)
        return {
            member: survivor
            for member, survivor in rows.values_list("id", "merged_into_id")
            if survivor is not None
        }

    def on_record(self, scope: Scope) -> set[int]:
        """Subjects with a decision that was ever in force, a list entry or a factor."""
        here = scope.where("subject_id")
        weighing = Decision.objects.filter(here, state__in=WEIGHED, confirmed_by__isnull=False)
        entries = ListEntry.objects.filter(here, state__in=LISTED_STATES)
        ids: set[int] = set()
        for rows in (weighing, entries, Factor.objects.filter(here)):
            ids.update(rows.order_by().values_list("subject_id", flat=True).distinct())
        return ids

    def act_rows(self, scope: Scope, since: date) -> QuerySet[Violation]:
        """Acts of decisions in force that are not revoked."""
        return Violation.objects.filter(
            scope.where("decision__subject_id"),
            decision__state=DecisionState.IN_FORCE,
            decision__decided_on__gte=since,
            revoked_on__isnull=True,
        ).order_by()

    def contest_rows(self, scope: Scope, since: date) -> QuerySet[Contest]:
        """Reviews and suits about decisions of the scope."""
        return Contest.objects.filter(
            scope.where("decision__subject_id"), decision__decided_on__gte=since
        )

    def entry_rows(self, scope: Scope) -> QuerySet[ListEntry]:
        """Published list entries."""
        return ListEntry.objects.filter(PUBLISHED, scope.where("subject_id"))

    def signal_rows(self, scope: Scope) -> QuerySet[Factor]:
        """Factors that open an outside signal."""
        return Factor.objects.filter(SIGNALLING, scope.where("subject_id"), revoked_on__isnull=True)

    def acts(self, scope: Scope, since: date) -> Iterable[ActRow]:
        rows = self.act_rows(scope, since)
        columns = (
            "decision__subject_id",
            "id",
            "decision_id",
            "bucket",
            "amount_fen",
            "law_key",
            "decision__decided_on",
            "repaired_on",
        )
        return map(ActRow._make, rows.values_list(*columns).iterator(chunk_size=10_000))

    def contests(self, scope: Scope, since: date) -> Iterable[tuple[int, date, date | None]]:
        return self.contest_rows(scope, since).values_list(
            "decision_id", "contested_from", "contested_until"
        )

    def entries(self, scope: Scope) -> Iterable[tuple[int, Entry]]:
        rows = self.entry_rows(scope).values_list(
            "subject_id", "id", "list", "listed_on", "expires_on", "removed_on"
        )
        return ((subject_id, Entry._make(entry)) for subject_id, *entry in rows)

    def signals(self, scope: Scope) -> Iterable[tuple[int, Signal]]:
        rows = self.signal_rows(scope).values_list(
            "subject_id", "id", "in_force_from", "in_force_until"
        )
        return ((subject_id, Signal._make(signal)) for subject_id, *signal in rows)


class RecountSource(LiveSource):
    """What is known now, with bucket and money worked out from the dispositions themselves."""

    def acts(self, scope: Scope, since: date) -> Iterable[ActRow]:
        dispositions: dict[int, list[DispositionInput]] = defaultdict(list)
        rows = Disposition.objects.filter(
            scope.where("violation__decision__subject_id"),
            violation__decision__state=DecisionState.IN_FORCE,
            violation__decision__decided_on__gte=since,
        ).order_by()
        for violation_id, kind, amount in rows.values_list("violation_id", "kind", "amount"):
            dispositions[violation_id].append(DispositionInput(kind, amount))
        kinds = dict(
            Decision.objects.filter(
                scope.where("subject_id"), state=DecisionState.IN_FORCE, decided_on__gte=since
            ).values_list("id", "kind")
        )
        for row in super().acts(scope, since):
            treated = dispositions[row.violation_id]
            bucket = bucket_of(kinds[row.decision_id], [one.kind for one in treated])
            yield row._replace(bucket=bucket, amount_fen=money_fen(bucket, treated))


LIVE = LiveSource()
