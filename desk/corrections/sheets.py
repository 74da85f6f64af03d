"""What an officer fills in to correct a record: the boxes, read as the record's wanted state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from django.http import QueryDict

from desk.corrections.forms import FactorForm, ListEntryForm, RecordForm, SubjectForm
from violations.correction_decision import DecisionTarget, state_of
from violations.correction_models import CorrectionKind
from violations.correction_targets import State, Target
from violations.entry_data import RawEntry
from violations.enums import AMOUNT_KINDS, LICENCE_KINDS, DecisionKind, DispositionKind
from violations.forms import EntryForm
from violations.inputs import Fault

_FORMS: dict[str, tuple[type[RecordForm], str]] = {
    CorrectionKind.LIST_ENTRY: (ListEntryForm, "desk/corrections/_fields.html"),
    CorrectionKind.FACTOR: (FactorForm, "desk/corrections/_fields.html"),
    CorrectionKind.SUBJECT: (SubjectForm, "desk/corrections/_fields.html"),
}


class Sheet(Protocol):
    """``part`` is the template of the boxes; ``readable`` whether everything could be read."""

    part: str

    @property
    def readable(self) -> bool: ...
    def wanted(self) -> State: ...
    def add_faults(self, faults: Sequence[Fault]) -> None: ...
    def lines(self) -> list[Any]: ...
    def context(self) -> dict[str, Any]: ...


def sheet_for(target: Target, post: QueryDict | None) -> Sheet:
    """The boxes of ``target``, as it stands or as posted."""
    if isinstance(target, DecisionTarget):
        return DecisionSheet(target, post)
    return RecordSheet(target, post)


class RecordSheet:
    """A record of one form."""

    def __init__(self, target: Target, post: QueryDict | None) -> None:
        self.target = target
        form, self.part = _FORMS[target.kind]
        self.form = form(post, prefix="r", initial=target.state())

    @property
    def readable(self) -> bool:
        return self.form.is_valid()

    def wanted(self) -> State:
        return self.form.wanted(self.target.state())

    def add_faults(self, faults: Sequence[Fault]) -> None:
        self.form.add_faults(list(faults))

    def lines(self) -> list[Any]:
        return self.form.summary()

    def context(self) -> dict[str, Any]:
        return {"form": self.form}


class DecisionSheet:
    """A decision in the boxes of its entry form; organisation, kind and number of acts stay."""

    part = "desk/corrections/_decision_fields.html"

    def __init__(self, target: DecisionTarget, post: QueryDict | None) -> None:
        self.target = target
        stands = RawEntry.from_decision(target.decision)
        self.raw = stands
        if post is not None:
            self.raw = RawEntry.from_post(post)
            # What the boxes do not show stays as it stands.
            self.raw.head = stands.head | {
                name: value for name, value in self.raw.head.items() if name in _SHOWN
            }
        checks = post is not None and not self._pressed(post.get("do", ""))
        self.form = EntryForm(target.decision.kind, self.raw, check=checks)
        self.is_read = checks

    def _pressed(self, do: str) -> bool:
        """Whether a button added or took away a disposition."""
        return "disposition" in do and self.raw.press(do) is not None

    @property
    def readable(self) -> bool:
        if not self.is_read:
            return False
        self.form.to_input(unit_code="")
        return not any(form.errors for form in self.form.forms)

    def wanted(self) -> State:
        data = self.form.to_input(unit_code=self.target.decision.unit.code)
        return state_of(data)

    def add_faults(self, faults: Sequence[Fault]) -> None:
        self.form.add_faults(faults)

    def lines(self) -> list[Any]:
        if self.is_read and not self.form.lines:
            self.form.add_faults([])
        return self.form.lines

    def context(self) -> dict[str, Any]:
        kind = self.target.decision.kind
        return {
            "form": self.form,
            "is_penalty": kind == DecisionKind.PENALTY,
            "is_breach": kind == DecisionKind.BREACH,
            "amount_kinds": " ".join(sorted(AMOUNT_KINDS)),
            "licence_kinds": " ".join(sorted(LICENCE_KINDS)),
            "order_kind": DispositionKind.ORDER_TO_CORRECT.value,
        }


_SHOWN = frozenset({"number", "procedure", "decided_on", "served_on", "handler"})
