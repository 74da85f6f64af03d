"""Correcting a decision in force with its acts and what was imposed (domain.md §5).

The organisation, the unit, the kind and the number of acts stay: a record never changes its
subject, and what was entered wrong from the ground up is revoked and recorded anew.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import Officer
from core.clock import today
from violations.acts import derived
from violations.checks import check_decision
from violations.cleaning import cleaned
from violations.content import content_of
from violations.correction_models import Correction, CorrectionKind
from violations.correction_targets import State, Target, reason_of
from violations.enums import DispositionKind, Field, Procedure
from violations.errors import DuplicateNumber
from violations.inputs import DecisionInput, DispositionInput, Fault, ViolationInput
from violations.models import Decision, Disposition, Violation
from violations.numbers import number_key
from violations.reviewers import had_a_hand_in
from violations.selectors import same_number
from violations.warnings import grounds, unexplained, warnings_of
from violations.workflow import locked
from violations.writing import save_as, tell

ANEW = "请由局办公室撤销原决定，再由作出单位重新录入，注明替代。"
HEAD = ("number", "procedure", "handler", "decided_on", "served_on")
ACT = (
    "field",
    "type",
    "facts",
    "law",
    "article",
    "committed_on",
    "correct_by",
    "deviation_reason",
)
_DAYS = frozenset({"decided_on", "served_on", "committed_on", "correct_by"})
_PATH = re.compile(r"violations\[(\d+)\]\.(\w+)")


class DecisionTarget(Target):
    kind = CorrectionKind.DECISION

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision.subject)
        self.decision = decision

    def lock(self) -> None:
        self.decision = locked(self.decision.pk)

    def columns(self) -> dict[str, Any]:
        return super().columns() | {"decision": self.decision}

    def state(self) -> State:
        return state_of(content_of(self.decision))

    def fixed(self) -> State:
        decision = self.decision
        acts = decision.violations.order_by("ordinal").values_list("revoked_on", "repaired_on")
        contests = decision.contests.order_by("pk").values_list(
            "pk", "contested_from", "contested_until", "outcome"
        )
        return {
            "state": decision.state,
            "version": decision.version,
            "acts": [[str(day) for day in act] for act in acts],
            "contests": [[str(value) for value in one] for one in contests],
        }

    def label(self, path: str) -> str:
        match = _PATH.fullmatch(path)
        if match is None:
            return _field_label(Decision, path)
        name = "处理" if match[2] == "dispositions" else _field_label(Violation, match[2])
        return f"违法行为 {int(match[1]) + 1} · {name}"

    def words(self, path: str, value: Any) -> str:
        name = path.rpartition(".")[2]
        if name == "dispositions":
            return "、".join(_imposed(*one) for one in value)
        labels = {"field": dict(Field.choices), "procedure": dict(Procedure.choices)}.get(name, {})
        return str(labels.get(value, value) or "")

    def barred(self, officer: Officer) -> str:
        if had_a_hand_in(officer, self.decision):
            return "录入、修改或审核过此决定的人不能决定它的更正。请由他人办理。"
        return ""

    def standing_faults(self) -> list[Fault]:
        if self.decision.is_in_force:
            return []
        state = self.decision.get_state_display()
        message = f"该决定{state}，只有生效的决定才办理更正。未生效的，请由本单位直接修改。"
        return [Fault("", "not_in_force", message)]

    def cleaned(self, wanted: State) -> State:
        return state_of(self.as_input(wanted)) if wanted.keys() == self.state().keys() else wanted

    def faults(self, wanted: State) -> list[Fault]:
        if wanted.keys() != self.state().keys():
            message = f"更正不增减违法行为。多录的，请撤销该违法行为；漏录的，{ANEW}"
            return [Fault("", "acts", message)]
        data = self.as_input(wanted)
        found = check_decision(
            data, today=today(), takeover=self.decision.taken_over, known_code=True
        )
        found = [fault for fault in found if not fault.warning]
        found += unexplained(data, warnings_of(data, grounds()))
        twin = same_number(self.decision.unit, data.number, besides=self.decision)
        if twin is not None:
            found.append(Fault("number", "duplicate", DuplicateNumber(twin).message))
        return found + self._day_faults(data.decided_on)

    def _day_faults(self, decided_on: date | None) -> list[Fault]:
        """A decision is not younger than what became of it."""
        if decided_on is None:
            return []
        later: list[date] = []
        for act in self.decision.violations.all():
            later += [day for day in (act.revoked_on, act.repaired_on) if day]
        later += [one.contested_from for one in self.decision.contests.all()]
        if not later or min(later) >= decided_on:
            return []
        message = (
            f"决定日期不能晚于 {min(later)}：该日已登记撤销、修复或复议诉讼。请对照文书核对日期。"
        )
        return [Fault("decided_on", "after_outcome", message)]

    def as_input(self, wanted: State) -> DecisionInput:
        """The decision as it would be handed in."""
        head = {name: _typed(name, wanted[name]) for name in HEAD}
        stands = content_of(self.decision)
        acts = tuple(_act_input(wanted, i) for i in range(len(stands.violations)))
        return cleaned(
            DecisionInput(
                unit_code=stands.unit_code,
                kind=stands.kind,
                credit_code=stands.credit_code,
                subject_name=stands.subject_name,
                violations=acts,
                **head,
            )
        )

    def write(self, wanted: State, *, officer: Officer, correction: Correction) -> None:
        decision, data, reason = self.decision, self.as_input(wanted), reason_of(correction)
        for name in HEAD:
            setattr(decision, name, getattr(data, name))
        decision.number_key = number_key(data.number)
        decision.version += 1
        save_as(officer, decision, reason=reason)
        for row, act in zip(decision.violations.order_by("ordinal"), data.violations, strict=True):
            row.decision = decision
            values = {name: getattr(act, name) for name in ACT} | derived(decision.kind, act)
            _save_changed(row, values, officer=officer, reason=reason)
            _write_dispositions(row, act, officer=officer, correction=correction)
        tell(decision, cause=self.cause, source=f"更正 {decision.number}")


def state_of(data: DecisionInput) -> State:
    """A decision as flat JSON; within an act the order of dispositions means nothing."""
    state: State = {name: _plain(getattr(data, name)) for name in HEAD}
    for i, act in enumerate(data.violations):
        state |= {f"violations[{i}].{name}": _plain(getattr(act, name)) for name in ACT}
        state[f"violations[{i}].dispositions"] = sorted(
            ([d.kind, f"{d.amount:.2f}" if d.amount is not None else None, d.licence])
            for d in act.dispositions
        )
    return state


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _typed(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name in _DAYS and value else value


def _act_input(wanted: State, i: int) -> ViolationInput:
    values = {name: _typed(name, wanted[f"violations[{i}].{name}"]) for name in ACT}
    rows = wanted[f"violations[{i}].dispositions"]
    return ViolationInput(
        dispositions=tuple(
            DispositionInput(kind, Decimal(amount) if amount is not None else None, licence)
            for kind, amount, licence in rows
        ),
        **values,
    )


def _field_label(model: type[Decision] | type[Violation], name: str) -> str:
    return str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _imposed(kind: str, amount: str | None, licence: str) -> str:
    words = str(dict(DispositionKind.choices).get(kind, kind))
    if amount is not None:
        words += f" {Decimal(amount):,.2f} 元".replace(".00 元", " 元")
    return f"{words}（{licence}）" if licence else words


def _save_changed(
    row: Violation | Disposition, values: dict[str, Any], *, officer: Officer, reason: str
) -> None:
    if row.pk and all(getattr(row, name) == value for name, value in values.items()):
        return
    for name, value in values.items():
        setattr(row, name, value)
    save_as(officer, row, reason=reason)


def _write_dispositions(
    act: Violation, wanted: ViolationInput, *, officer: Officer, correction: Correction
) -> None:
    """Change, add or strike; one that was struck stands again where it is wanted again."""
    reason = reason_of(correction)
    stored = {row.kind: row for row in Disposition.every.filter(violation=act).order_by("id")}
    for given in wanted.dispositions:
        row = stored.pop(given.kind, None) or Disposition(violation=act, kind=given.kind)
        row.violation = act
        values = {"amount": given.amount, "licence": given.licence, "struck_by": None}
        _save_changed(row, values, officer=officer, reason=reason)
    for row in stored.values():
        if row.struck_by_id is None:
            row.violation = act
            _save_changed(row, {"struck_by": correction}, officer=officer, reason=reason)
