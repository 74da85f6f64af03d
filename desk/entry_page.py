"""What the entry page shows around the form: whose turn is next, laws to choose from, preview."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

from accounts.models import Officer
from core.settings_table import integer
from desk.entry_key import read_key
from desk.entry_kinds import KINDS, WORDS, slug_of
from desk.entry_preview import preview_context
from desk.next_actor import who_confirms
from desk.subject_lookup import lookup_context
from subjects.models import Subject
from violations.checks_of_acts import MAX_ACTS
from violations.entry_data import RawEntry, readable
from violations.enums import AMOUNT_KINDS, LICENCE_KINDS, DecisionKind, DispositionKind
from violations.forms import EntryForm, ErrorLine
from violations.inputs import DecisionInput
from violations.known_laws import known_laws
from violations.models import Decision, EntryDraft


@dataclass
class Work:
    """What a request works on: whose form, of which kind, and what it came from."""

    officer: Officer
    kind: str
    raw: RawEntry
    draft: EntryDraft | None = None
    decision: Decision | None = None
    key: UUID = field(default_factory=uuid4)
    refused: list[ErrorLine] = field(default_factory=list)  # files that could not be kept

    def __post_init__(self) -> None:
        if self.draft is not None and self.draft.key is not None:
            self.key = self.draft.key

    @property
    def version(self) -> int:
        """The version of the stored decision that the officer began with; 0 for a new one."""
        text = self.raw.head.get("version", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def with_known_subject(data: DecisionInput, subject: Subject | None) -> DecisionInput:
    """``data`` with the registered name where the form left it out, as it may for a known code."""
    if subject is None or data.subject_name.strip():
        return data
    return replace(data, subject_name=subject.name)


def law_suggestions() -> list[str]:
    """The laws that the rule set of today knows, for the box 法律依据; any other may be typed."""
    return sorted(known_laws())


def first_answers(asked: Mapping[str, str], officer: Officer) -> dict[str, str]:
    """What stands in the boxes of a new form: what the address gives, else what is usual.

    ``credit_code`` comes from a credit file; ``procedure`` and ``handler`` from the decision that
    was just submitted. Its date is not carried over: a wrong one would move the window of a year.
    """
    head = {"handler": officer.name, "credit_code": ""}
    limits = {"credit_code": 40, "procedure": 20, "handler": 64}
    return head | {
        name: readable(asked[name])[:most] for name, most in limits.items() if name in asked
    }


def follow_form(work: Work, post: Mapping[str, str]) -> None:
    """Let ``work`` go on with the draft into which the posted form saved itself, if it did."""
    key = read_key(post)
    if key is None or work.draft is not None:
        return
    work.key = key
    work.draft = EntryDraft.objects.filter(officer=work.officer, key=key).first()


def _unfinished(work: Work) -> EntryDraft | None:
    """The officer's own unfinished change of the decision at hand, unless it is on screen."""
    if work.decision is None or work.draft is not None:
        return None
    return EntryDraft.objects.filter(officer=work.officer, decision=work.decision).first()


def entry_context(work: Work, form: EntryForm) -> dict[str, Any]:
    """Everything ``desk/entry.html`` needs."""
    tab, title, paper = WORDS[work.kind]
    return {
        "work": work,
        "form": form,
        "kind": work.kind,
        "kind_slug": slug_of(work.kind),
        "unfinished": _unfinished(work),
        "starts_empty": not (work.draft or work.decision or work.raw.head.get("credit_code")),
        "tabs": [(slug, WORDS[kind][0], kind == work.kind) for slug, kind in KINDS.items()],
        "tab": tab,
        "title": f"修改{paper}" if work.decision else title,
        "paper": paper,
        "is_penalty": work.kind == DecisionKind.PENALTY,
        "is_breach": work.kind == DecisionKind.BREACH,
        "laws": law_suggestions(),
        "amount_kinds": " ".join(sorted(AMOUNT_KINDS)),
        "licence_kinds": " ".join(sorted(LICENCE_KINDS)),
        "order_kind": DispositionKind.ORDER_TO_CORRECT.value,
        "may_add_act": len(form.acts) < MAX_ACTS,
        "next_actor": who_confirms(work.officer.unit, work.decision, besides=work.officer),
        "confirm_days": integer("confirm_working_days"),
        **lookup_context(work.raw.head.get("credit_code", ""), boxes=form.head),
        **preview_context(work.kind, work.raw, work.officer),
    }
