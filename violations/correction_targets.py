"""What can be corrected, each kind of record behind the same few questions.

A record's ``state`` is every value that a correction may change, flat and as JSON: a correction is
the difference between two of them, and undoing it is the difference the other way.
"""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, ClassVar

from accounts.models import Officer
from subjects.models import Subject
from violations.correction_models import Correction, CorrectionKind
from violations.inputs import Fault

# What may have come between a record and what it was: another has taken its place meanwhile.
COLLISIONS = frozenset({"duplicate", "taken", "merged", "not_merged", "itself"})
State = dict[str, Any]
Change = dict[str, Any]


class Target(ABC):
    """One record that is to be corrected."""

    kind: ClassVar[CorrectionKind]
    cause: ClassVar[str] = "correction"

    def __init__(self, subject: Subject) -> None:
        self.subject = subject

    @abstractmethod
    def lock(self) -> None:
        """Lock the record until the end of the transaction and read it anew."""

    @abstractmethod
    def state(self) -> State:
        """Everything that a correction may change, as it stands."""

    @abstractmethod
    def fixed(self) -> State:
        """What else was on screen: whoever changed it meanwhile made the proposal stale."""

    @abstractmethod
    def label(self, path: str) -> str:
        """The name on screen of one value."""

    @abstractmethod
    def words(self, path: str, value: Any) -> str:
        """One value as people read it; empty where nothing stands there."""

    @abstractmethod
    def barred(self, officer: Officer) -> str:
        """Why this officer may not decide a correction of it; empty where they may."""

    @abstractmethod
    def faults(self, wanted: State) -> list[Fault]:
        """Everything wrong with the record as it would be, by the checks of its entry."""

    @abstractmethod
    def write(self, wanted: State, *, officer: Officer, correction: Correction) -> None:
        """Make the record say ``wanted``, with history and whatever follows from it."""

    def cleaned(self, wanted: State) -> State:
        """``wanted`` with every text in its one spelling."""
        return wanted

    def standing_faults(self) -> list[Fault]:
        """Why the record as it stands admits no correction; empty where it does."""
        return []

    def new_faults(self, wanted: State) -> list[Fault]:
        """What a correction may not leave wrong: all but what stands wrong and is not touched.

        A record of the past may lack what is asked for today; that must not keep its other
        mistakes from being mended.
        """
        found = self.faults(wanted)
        if not found:
            return []
        stands = self.state()
        touched = tuple(path for path, value in wanted.items() if stands.get(path) != value)
        known = {(fault.path, fault.code) for fault in self.faults(stands)}
        return [
            fault
            for fault in found
            if (fault.path, fault.code) not in known
            or (fault.path and fault.path.startswith(touched))
        ]

    def undo_faults(self, wanted: State) -> list[Fault]:
        """What stands against being again what it was; it need not be right, for it stood so."""
        return [fault for fault in self.faults(wanted) if fault.code in COLLISIONS]

    def subject_ids(self) -> list[int]:
        """The organisations whose grades it may move."""
        return [self.subject.survivor_id]

    def columns(self) -> dict[str, Any]:
        """The columns of a ``Correction`` that name the record."""
        return {"kind": self.kind, "subject": self.subject}

    def base(self) -> str:
        """A mark of the record as it stands, to be compared later."""
        content = json.dumps([self.state(), self.fixed()], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()

    def changes(self, wanted: State) -> list[Change]:
        """What differs, each value from and to, in the order of the record."""
        return [
            {
                "path": path,
                "label": self.label(path),
                "from": old,
                "to": wanted[path],
                "from_words": self.words(path, old),
                "to_words": self.words(path, wanted[path]),
            }
            for path, old in self.state().items()
            if path in wanted and wanted[path] != old
        ]


def changed(state: State, changes: Iterable[Change], *, back: bool = False) -> State:
    """``state`` with the changes made, or with ``back`` taken back."""
    return state | {one["path"]: one["from" if back else "to"] for one in changes}


def reason_of(correction: Correction) -> str:
    """What the history of a record says about a correction: why, on which paper, who wanted it."""
    proposer = correction.proposed_by
    paper = f"　依据 {correction.document}" if correction.document else ""
    verb = "还原更正" if correction.undoes_id else "更正"
    return f"{verb}：{correction.reason}{paper}（{proposer.name} 提出）"
