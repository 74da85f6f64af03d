"""What stands in the boxes of an entry form, exactly as typed: from a POST, a draft or a decision.

Nothing is parsed here, so nothing can be lost: forms read it, drafts keep it as JSON, and buttons
that add or take away an act or a disposition change it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from violations.checks_of_acts import MAX_ACTS, MAX_DISPOSITIONS
from violations.checks_of_texts import without_persons_numbers
from violations.enums import DecisionKind, DispositionKind
from violations.models import Decision, Disposition, Violation

HEAD_NAMES = (
    "credit_code",
    "code_exception",
    "subject_name",
    "subject_address",
    "subject_principal",
    "subject_industry",
    "number",
    "procedure",
    "decided_on",
    "served_on",
    "handler",
    "truth_stated",
    "version",
    "replaces",
)
ACT_NAMES = (
    "field",
    "type",
    "facts",
    "law",
    "article",
    "committed_on",
    "correct_by",
    "ordered",
    "deviation_reason",
)
DISPOSITION_NAMES = ("kind", "amount", "licence")
# No database or page can hold these; text copied from other programs brings them along.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

_ACT_KEY = re.compile(r"v-(\d{1,4})-")
_DISPOSITION_KEY = re.compile(r"v-(\d{1,4})-d-(\d{1,4})-")
_BUTTON = re.compile(r"(add-act|remove-act|add-disposition|remove-disposition)((?:-\d{1,4}){0,2})")


@dataclass
class RawAct:
    """The boxes of one act: ``ordered`` is the tick "also ordered to correct" of a breach."""

    values: dict[str, str] = field(default_factory=dict)
    dispositions: list[dict[str, str]] = field(default_factory=lambda: [{}])


@dataclass
class RawEntry:
    """The boxes of one decision; ``version`` in the head is the stored one that is being edited."""

    head: dict[str, str] = field(default_factory=dict)
    acts: list[RawAct] = field(default_factory=lambda: [RawAct()])

    @classmethod
    def from_post(cls, post: Mapping[str, Any]) -> RawEntry:
        """Read names such as ``number``, ``v-0-type`` and ``v-0-d-1-amount``; gaps close up.

        However many acts there are: the checks refuse too many, nothing is cut off in silence.
        """
        pairs = {key: readable(str(post[key])) for key in post}
        acts = [
            RawAct(_pick(pairs, f"v-{act}-", ACT_NAMES), _dispositions(pairs, act))
            for act in _indexes(_ACT_KEY, pairs)
        ]
        return cls(_pick(pairs, "", HEAD_NAMES), acts or [RawAct()])

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> RawEntry:
        """The inverse of ``to_json``; what is missing reads as empty."""
        acts = [
            RawAct(_texts(act.get("values")), [_texts(d) for d in act.get("dispositions") or [{}]])
            for act in data.get("acts") or []
        ]
        return cls(_texts(data.get("head")), acts or [RawAct()])

    def to_json(self) -> dict[str, Any]:
        """Plain JSON for an ``EntryDraft``."""
        return {
            "head": self.head,
            "acts": [{"values": a.values, "dispositions": a.dispositions} for a in self.acts],
        }

    def without_persons_numbers(self) -> RawEntry:
        """The same boxes with every identity number left out, and nothing else."""
        return RawEntry(
            _left_out(self.head),
            [
                RawAct(_left_out(a.values), [_left_out(d) for d in a.dispositions])
                for a in self.acts
            ],
        )

    @classmethod
    def from_decision(cls, decision: Decision) -> RawEntry:
        """The boxes as they were when this decision was recorded; reads acts and dispositions."""
        acts = decision.violations.prefetch_related("dispositions")
        return cls.from_rows(decision, [(act, list(act.dispositions.all())) for act in acts])

    @classmethod
    def from_rows(
        cls, decision: Decision, acts: Sequence[tuple[Violation, Sequence[Disposition]]]
    ) -> RawEntry:
        """The same from rows that the caller read, which may be those of an earlier moment."""
        subject = decision.subject
        head = {
            "credit_code": subject.credit_code,
            "code_exception": subject.code_exception,
            "subject_name": subject.name,
            "subject_address": subject.address,
            "subject_principal": subject.principal,
            "subject_industry": subject.industry,
            "number": decision.number,
            "procedure": decision.procedure,
            "decided_on": _text(decision.decided_on),
            "served_on": _text(decision.served_on),
            "handler": decision.handler,
            "truth_stated": "on" if decision.truth_stated else "",
            "version": str(decision.version),
        }
        is_breach = decision.kind == DecisionKind.BREACH
        return cls(head, [_raw_act(*act, is_breach=is_breach) for act in acts] or [RawAct()])

    def flat(self) -> dict[str, str]:
        """All boxes under the names that forms use."""
        pairs = dict(self.head)
        for i, act in enumerate(self.acts):
            pairs |= {f"v-{i}-{name}": value for name, value in act.values.items()}
            for j, disposition in enumerate(act.dispositions):
                pairs |= {f"v-{i}-d-{j}-{name}": value for name, value in disposition.items()}
        return pairs

    def press(self, button: str) -> str | None:
        """Do what a button such as ``add-act`` or ``remove-disposition-0-1`` says.

        Returns the id of the box to go on with, or None if it is no such button or points at
        nothing that stands here. The last act and the last disposition are emptied, not removed.
        """
        match = _BUTTON.fullmatch(button)
        if match is None:
            return None
        indexes = [int(part) for part in match[2].split("-") if part]
        wanted = {"add-act": 0, "remove-disposition": 2}.get(match[1], 1)
        if len(indexes) != wanted or (indexes and indexes[0] >= len(self.acts)):
            return None
        if match[1] == "add-act":
            return self._add_act()
        if match[1] == "remove-act":
            return self._remove_act(indexes[0])
        if match[1] == "add-disposition":
            return self._add_disposition(indexes[0])
        return self._remove_disposition(*indexes)

    def _add_act(self) -> str:
        if len(self.acts) < MAX_ACTS:
            self.acts.append(RawAct())
        return f"id_v-{len(self.acts) - 1}-type"

    def _remove_act(self, act: int) -> str:
        del self.acts[act]
        self.acts = self.acts or [RawAct()]
        return f"id_v-{min(act, len(self.acts) - 1)}-type"

    def _add_disposition(self, act: int) -> str:
        rows = self.acts[act].dispositions
        if len(rows) < MAX_DISPOSITIONS:
            rows.append({})
        return f"id_v-{act}-d-{len(rows) - 1}-kind"

    def _remove_disposition(self, act: int, row: int) -> str | None:
        rows = self.acts[act].dispositions
        if row >= len(rows):
            return None
        del rows[row]
        self.acts[act].dispositions = rows or [{}]
        return f"id_v-{act}-d-{min(row, len(self.acts[act].dispositions) - 1)}-kind"


def readable(text: str) -> str:
    """``text`` without control characters but tabs and ends of lines."""
    return _CONTROL.sub("", text)


def _left_out(values: dict[str, str]) -> dict[str, str]:
    return {name: without_persons_numbers(value) for name, value in values.items()}


def _indexes(pattern: re.Pattern[str], pairs: Mapping[str, str]) -> list[int]:
    """The indexes that occur in the names, in their order."""
    return sorted({int(m[m.lastindex or 1]) for key in pairs if (m := pattern.match(key))})


def _dispositions(pairs: Mapping[str, str], act: int) -> list[dict[str, str]]:
    own = {key: value for key, value in pairs.items() if key.startswith(f"v-{act}-d-")}
    rows = _indexes(_DISPOSITION_KEY, own)
    return [_pick(own, f"v-{act}-d-{row}-", DISPOSITION_NAMES) for row in rows] or [{}]


def _pick(pairs: Mapping[str, str], prefix: str, names: tuple[str, ...]) -> dict[str, str]:
    return {name: pairs[prefix + name] for name in names if prefix + name in pairs}


def _texts(values: Any) -> dict[str, str]:
    return {str(key): str(value) for key, value in (values or {}).items()}


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _raw_act(
    violation: Violation, dispositions: Sequence[Disposition], *, is_breach: bool
) -> RawAct:
    rows = [
        {"kind": d.kind, "amount": _money(d.amount), "licence": d.licence} for d in dispositions
    ]
    ordered = any(row["kind"] == DispositionKind.ORDER_TO_CORRECT for row in rows)
    values = {
        "field": violation.field,
        "type": violation.type,
        "facts": violation.facts,
        "law": violation.law,
        "article": violation.article,
        "committed_on": _text(violation.committed_on),
        "correct_by": _text(violation.correct_by),
        "deviation_reason": violation.deviation_reason,
        "ordered": "on" if is_breach and ordered else "",
    }
    return RawAct(values, rows or [{}])


def _money(amount: Any) -> str:
    """Yuan as people write them: 20,000 or 20,000.50."""
    if amount is None:
        return ""
    text = f"{amount:,.2f}"
    return text.removesuffix(".00")
