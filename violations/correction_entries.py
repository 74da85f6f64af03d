"""Correcting a published list entry or another input of 1-3.

Which list an entry is of never changes: nobody gets from one list to the other by a correction.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import Officer
from core.clock import today
from violations.correction_models import Correction, CorrectionKind
from violations.correction_targets import State, Target, reason_of
from violations.enums import FactorKind, ListState
from violations.factor_checks import FactorInput, check_factor
from violations.inputs import Fault
from violations.list_entries import ListEntryInput, check_list_entry
from violations.list_notice import is_waived, notice_days, restate, would_be_too_early
from violations.models import Factor, ListEntry
from violations.signals import facts_written
from violations.writing import save_as

ENTRY = ("notified_on", "listed_on", "expires_on", "document", "legal_basis", "reason")
FACTOR = ("kind", "scheme", "value", "is_worst", "source", "in_force_from", "in_force_until")
_DAYS = frozenset({"notified_on", "listed_on", "expires_on", "in_force_from", "in_force_until"})
_YES_NO = {True: "是", False: "否"}


def _read(row: ListEntry | Factor, names: tuple[str, ...]) -> State:
    values = {name: getattr(row, name) for name in names}
    return {n: v.isoformat() if isinstance(v, date) else v for n, v in values.items()}


def _typed(wanted: State) -> dict[str, Any]:
    return {
        name: date.fromisoformat(value) if name in _DAYS and value else value
        for name, value in wanted.items()
    }


class _RowTarget(Target):
    """A record of one row."""

    names: tuple[str, ...] = ()

    def __init__(self, row: Any) -> None:
        super().__init__(row.subject)
        self.row = row

    def lock(self) -> None:
        self.row = type(self.row).objects.select_for_update().get(pk=self.row.pk)

    def state(self) -> State:
        return _read(self.row, self.names)

    def cleaned(self, wanted: State) -> State:
        return {n: v.strip() if isinstance(v, str) else v for n, v in wanted.items()}

    def label(self, path: str) -> str:
        return str(self.row._meta.get_field(path).verbose_name)

    def words(self, path: str, value: Any) -> str:
        if isinstance(value, bool):
            return _YES_NO[value]
        return str(value or "")

    def write(self, wanted: State, *, officer: Officer, correction: Correction) -> None:
        typed = _typed(wanted)
        other_notice = typed.get("notified_on") != getattr(self.row, "notified_on", None)
        for name, value in typed.items():
            setattr(self.row, name, value)
        if other_notice:
            restate(self.row)
        save_as(officer, self.row, reason=reason_of(correction))
        facts_written.send(
            sender=type(self.row),
            subject_ids=[self.row.subject_id],
            cause=self.cause,
            source=f"更正 {self.row}"[:120],
        )


class ListEntryTarget(_RowTarget):
    kind = CorrectionKind.LIST_ENTRY
    names = ENTRY

    def columns(self) -> dict[str, Any]:
        return super().columns() | {"list_entry": self.row}

    def fixed(self) -> State:
        row = self.row
        return {"state": row.state, "removed_on": str(row.removed_on), "version": row.version}

    def barred(self, officer: Officer) -> str:
        if officer.pk in (self.row.proposed_by_id, self.row.approved_by_id):
            return "提出或批准过此条目的人不能决定它的更正。请由他人办理。"
        return ""

    def standing_faults(self) -> list[Fault]:
        if self.row.state == ListState.PUBLISHED:
            return []
        message = f"该条目{self.row.get_state_display()}，只有已发布的条目才办理更正。"
        return [Fault("", "not_in_force", message)]

    def faults(self, wanted: State) -> list[Fault]:
        typed = _typed(wanted)
        data = ListEntryInput(
            list=self.row.list,
            credit_code=self.subject.credit_code,
            name=self.subject.name,
            **{name: typed[name] for name in ENTRY},
        ).cleaned()
        days = 0 if is_waived(self.row) else self.row.notice_days or notice_days(data.list)
        found = check_list_entry(data, today=today(), notice_days=days, known_code=True)
        if data.notified_on and would_be_too_early(self.row, data.notified_on):
            message = (
                f"按更正后的日期，{self.row.approved_on} 批准时期限未满。"
                "确属如此的，请撤销该条目，重新办理。"
            )
            found.append(Fault("notified_on", "approved_too_early", message))
        removed = self.row.removed_on
        if removed and data.listed_on and data.listed_on > removed:
            message = f"列入日期不能晚于移出日期 {removed}。请对照文书核对。"
            found.append(Fault("listed_on", "after_removal", message))
        return found

    def new_faults(self, wanted: State) -> list[Fault]:
        """Whoever touches the days of notice or listing answers for the period between them."""
        stands = self.state()
        if any(wanted[name] != stands[name] for name in ("notified_on", "listed_on")):
            return self.faults(wanted)
        return super().new_faults(wanted)


class FactorTarget(_RowTarget):
    kind = CorrectionKind.FACTOR
    names = FACTOR

    def columns(self) -> dict[str, Any]:
        return super().columns() | {"factor": self.row}

    def fixed(self) -> State:
        return {"revoked_on": str(self.row.revoked_on), "version": self.row.version}

    def words(self, path: str, value: Any) -> str:
        if path == "kind":
            return str(dict(FactorKind.choices).get(value, value))
        return super().words(path, value)

    def barred(self, officer: Officer) -> str:
        if officer.pk == self.row.recorded_by_id:
            return "录入此因素的人不能决定它的更正。请由他人办理。"
        return ""

    def standing_faults(self) -> list[Fault]:
        if self.row.revoked_on is None:
            return []
        message = f"该因素已于 {self.row.revoked_on} 撤销，不再更正。"
        return [Fault("", "not_in_force", message)]

    def faults(self, wanted: State) -> list[Fault]:
        typed = _typed(wanted)
        data = FactorInput(
            credit_code=self.subject.credit_code, **{name: typed[name] for name in FACTOR}
        )
        return check_factor(data.cleaned(), today=today())
