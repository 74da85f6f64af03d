"""From the tables to the plain facts that ``grading.counting`` weighs: a query a table.

Where the facts come from is an argument: ``LiveSource`` (what is known now), ``HistorySource``
(what the history tables knew at a moment), ``RecountSource`` (buckets and money worked out anew
from the dispositions). Whatever the source, the records of entries that were merged count for the
surviving one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from django.db.models import Q

from grading.counting import Act, Entry, Facts, Rules, Signal, first_decision_day
from grading.models import CountBy, RuleSet
from grading.rules import Limits
from subjects.models import Subject
from violations.enums import SIGNAL_KINDS, DecisionState, FactorKind, ListState
from violations.inputs import DispositionInput
from violations.models import Contest, Decision, Disposition, Factor, ListEntry, Violation
from violations.severity import bucket_of, money_fen

SIGNALLING = Q(kind__in=sorted(SIGNAL_KINDS)) | Q(kind=FactorKind.NATIONAL, is_worst=True)
PUBLISHED = Q(state=ListState.PUBLISHED)


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
            return Q(**{f"{column}__in": self.members()})
        if self.low is None or self.high is None:
            return Q()
        asked = Q(**{f"{column}__range": (self.low, self.high)})
        merged_in = self.merged_in()
        return asked | Q(**{f"{column}__in": merged_in}) if merged_in else asked


class FactSource(Protocol):
    """Rows of the records of a scope that may count on ``since`` or later."""

    def merged(self) -> dict[int, int]: ...
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

    def acts(self, scope: Scope, since: date) -> Iterable[ActRow]:
        rows = Violation.objects.filter(
            scope.where("decision__subject_id"),
            decision__state=DecisionState.IN_FORCE,
            decision__decided_on__gte=since,
            revoked_on__isnull=True,
        ).order_by()
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
        return Contest.objects.filter(
            scope.where("decision__subject_id"), decision__decided_on__gte=since
        ).values_list("decision_id", "contested_from", "contested_until")

    def entries(self, scope: Scope) -> Iterable[tuple[int, Entry]]:
        rows = ListEntry.objects.filter(PUBLISHED, scope.where("subject_id")).values_list(
            "subject_id", "id", "list", "listed_on", "expires_on", "removed_on"
        )
        return ((subject_id, Entry._make(entry)) for subject_id, *entry in rows)

    def signals(self, scope: Scope) -> Iterable[tuple[int, Signal]]:
        rows = Factor.objects.filter(
            SIGNALLING, scope.where("subject_id"), revoked_on__isnull=True
        ).values_list("subject_id", "id", "in_force_from", "in_force_until")
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


class HistorySource:
    """What the history tables knew at ``moment``: the same rows as they stood then."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def _as_then(self, model: Any, *columns: str) -> Iterator[dict[str, Any]]:
        """The last version of each row not after the moment; rows deleted by then are left out."""
        versions = (
            model.history.filter(history_date__lte=self.moment)
            .order_by("history_date", "history_id")
            .values("id", "history_type", *columns)
        )
        last = {version["id"]: version for version in versions.iterator(chunk_size=10_000)}
        return (row for row in last.values() if row["history_type"] != "-")

    def merged(self) -> dict[int, int]:
        rows = self._as_then(Subject, "merged_into_id")
        return {row["id"]: row["merged_into_id"] for row in rows if row["merged_into_id"]}

    def _decisions(self, scope: Scope, since: date) -> dict[int, dict[str, Any]]:
        rows = self._as_then(Decision, "subject_id", "decided_on", "state")
        return {
            row["id"]: row
            for row in rows
            if row["state"] == DecisionState.IN_FORCE
            and row["decided_on"] >= since
            and scope.holds(scope.survivor(row["subject_id"]))
        }

    def acts(self, scope: Scope, since: date) -> Iterable[ActRow]:
        decisions = self._decisions(scope, since)
        columns = ("decision_id", "bucket", "amount_fen", "law_key", "revoked_on", "repaired_on")
        for row in self._as_then(Violation, *columns):
            decision = decisions.get(row["decision_id"])
            if decision is not None and row["revoked_on"] is None:
                yield ActRow(
                    decision["subject_id"],
                    row["id"],
                    row["decision_id"],
                    row["bucket"],
                    row["amount_fen"],
                    row["law_key"],
                    decision["decided_on"],
                    row["repaired_on"],
                )

    def contests(self, scope: Scope, since: date) -> Iterable[tuple[int, date, date | None]]:
        for row in self._as_then(Contest, "decision_id", "contested_from", "contested_until"):
            yield row["decision_id"], row["contested_from"], row["contested_until"]

    def entries(self, scope: Scope) -> Iterable[tuple[int, Entry]]:
        columns = ("subject_id", "list", "listed_on", "expires_on", "removed_on")
        for row in self._as_then(ListEntry, "state", *columns):
            if row["state"] == ListState.PUBLISHED:
                yield row["subject_id"], Entry(row["id"], *(row[name] for name in columns[1:]))

    def signals(self, scope: Scope) -> Iterable[tuple[int, Signal]]:
        columns = ("subject_id", "in_force_from", "in_force_until")
        rows = self._as_then(Factor, "kind", "is_worst", "revoked_on", *columns)
        for row in rows:
            opens = row["kind"] in SIGNAL_KINDS or (
                row["kind"] == FactorKind.NATIONAL and row["is_worst"]
            )
            if opens and row["revoked_on"] is None:
                signal = Signal(row["id"], row["in_force_from"], row["in_force_until"])
                yield row["subject_id"], signal


LIVE = LiveSource()


def scope_of(
    ids: Collection[int] | None = None,
    *,
    low: int | None = None,
    high: int | None = None,
    source: FactSource = LIVE,
) -> Scope:
    """A scope of surviving ids (an id that was merged stands for its survivor) or of a range."""
    merged = source.merged()
    wanted = None if ids is None else frozenset(merged.get(one, one) for one in ids)
    return Scope(wanted, low, high, merged)


def load(
    scope: Scope, day: date, versions: Collection[Rules], *, source: FactSource = LIVE
) -> dict[int, Facts]:
    """The facts of each organisation of the scope that may count on ``day`` or later.

    Organisations with nothing on record since then are absent.
    """
    since = min((first_decision_day(day, rules.window_months) for rules in versions), default=day)
    contests: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    for decision_id, begins, ends in source.contests(scope, since):
        contests[decision_id].append((begins, ends))
    facts: dict[int, Facts] = defaultdict(Facts)
    for row in source.acts(scope, since):
        covered = tuple(sorted(contests[row.decision_id], key=str)) if contests else ()
        facts[scope.survivor(row.subject_id)].acts.append(Act(*row[1:], contests=covered))
    for subject_id, entry in source.entries(scope):
        facts[scope.survivor(subject_id)].entries.append(entry)
    for subject_id, signal in source.signals(scope):
        facts[scope.survivor(subject_id)].signals.append(signal)
    return {subject_id: found for subject_id, found in facts.items() if scope.holds(subject_id)}


def rule_versions(known_on: date | None = None) -> list[Rules]:
    """Every approved rule set as plain figures, the earliest first.

    With ``known_on`` those approved by that day: an approved rule set is never changed.
    """
    approved = RuleSet.objects.filter(approved_on__isnull=False).order_by("effective_from")
    if known_on is not None:
        approved = approved.filter(approved_on__lte=known_on)
    return [as_rules(rule_set) for rule_set in approved]


def as_rules(rule_set: RuleSet) -> Rules:
    """One rule set, approved or a draft (then from its ``effective_from``), as plain figures."""
    return Rules(
        id=rule_set.pk,
        name=rule_set.name,
        effective_from=rule_set.effective_from,
        approved_on=rule_set.approved_on or rule_set.effective_from,
        limits=Limits(
            rule_set.warning_limit,
            rule_set.penalty_limit,
            rule_set.breach_limit,
            int(rule_set.amount_limit * 100),
        ),
        window_months=rule_set.window_months,
        by_violation=rule_set.count_by == CountBy.VIOLATION,
        open_laws=frozenset(law for law, sealed in rule_set.laws.items() if not sealed),
    )
