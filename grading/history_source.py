"""Facts as the history tables had them at a moment: "as it was known then" (domain.md §4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from grading.counting import Entry, Signal
from grading.sources import WEIGHED, ActRow, Scope
from subjects.models import Subject
from violations.enums import SIGNAL_KINDS, DecisionState, FactorKind, ListState
from violations.models import Contest, Decision, Factor, ListEntry, Violation


class HistorySource:
    """What the history tables knew at ``moment``: the same rows as they stood then."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def as_then(self, model: Any, *columns: str, only: Q | None = None) -> Iterator[dict[str, Any]]:
        """The last version of each row not after the moment; rows deleted by then are left out.

        ``only`` narrows the rows read; it must hold for all versions of a row or for none.
        """
        versions = (
            model.history.filter(only or Q(), history_date__lte=self.moment)
            .order_by("history_date", "history_id")
            .values("id", "history_type", *columns)
        )
        last = {version["id"]: version for version in versions.iterator(chunk_size=10_000)}
        return (row for row in last.values() if row["history_type"] != "-")

    def merged(self) -> dict[int, int]:
        ever = Subject.history.filter(merged_into__isnull=False).values("id")
        rows = self.as_then(Subject, "merged_into_id", only=Q(id__in=ever))
        return {row["id"]: row["merged_into_id"] for row in rows if row["merged_into_id"]}

    def on_record(self, scope: Scope) -> set[int]:
        ids = {
            row["subject_id"]
            for row in self.as_then(Decision, "subject_id", "state", "confirmed_by_id")
            if row["state"] in WEIGHED and row["confirmed_by_id"] is not None
        }
        ids |= {
            row["subject_id"]
            for row in self.as_then(ListEntry, "subject_id", "state")
            if row["state"] != ListState.PROPOSED
        }
        ids |= {row["subject_id"] for row in self.as_then(Factor, "subject_id")}
        return {one for one in ids if scope.holds(scope.survivor(one))}

    def _decisions(self, scope: Scope, since: date) -> dict[int, dict[str, Any]]:
        rows = self.as_then(
            Decision, "subject_id", "decided_on", "state", only=_of_decisions("id", scope)
        )
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
        for row in self.as_then(Violation, *columns, only=_of_decisions("decision_id", scope)):
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
        only = _of_decisions("decision_id", scope)
        columns = ("decision_id", "contested_from", "contested_until")
        for row in self.as_then(Contest, *columns, only=only):
            yield row["decision_id"], row["contested_from"], row["contested_until"]

    def entries(self, scope: Scope) -> Iterable[tuple[int, Entry]]:
        columns = ("subject_id", "list", "listed_on", "expires_on", "removed_on")
        for row in self.as_then(ListEntry, "state", *columns, only=scope.where("subject_id")):
            if row["state"] == ListState.PUBLISHED:
                yield row["subject_id"], Entry(row["id"], *(row[name] for name in columns[1:]))

    def signals(self, scope: Scope) -> Iterable[tuple[int, Signal]]:
        columns = ("subject_id", "in_force_from", "in_force_until")
        rows = self.as_then(
            Factor, "kind", "is_worst", "revoked_on", *columns, only=scope.where("subject_id")
        )
        for row in rows:
            opens = row["kind"] in SIGNAL_KINDS or (
                row["kind"] == FactorKind.NATIONAL and row["is_worst"]
            )
            if opens and row["revoked_on"] is None:
                signal = Signal(row["id"], row["in_force_from"], row["in_force_until"])
                yield row["subject_id"], signal


def _of_decisions(column: str, scope: Scope) -> Q | None:
    """The records of decisions that were ever of this scope: a draft may change its subject."""
    if scope.ids is None:
        return None
    ever = Decision.history.filter(scope.where("subject_id")).values("id")
    return Q(**{f"{column}__in": ever})
