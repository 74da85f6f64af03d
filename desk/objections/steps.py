"""Where an objection stands: its steps for ``.stp``, what is owed after it, and its course."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from appeals.objection_enums import DECIDED_STATES, ObjectionState, Verdict
from appeals.objection_models import Objection
from core.models import AuditEntry
from desk.audit_trail.words import action_words
from desk.owed import Owed, after_change, by_others, day_words, moment, on_paper

_S = ObjectionState
# The step that each state waits at; one past the last where nothing is open.
_AT = {
    _S.RECEIVED: 0,
    _S.WITH_UNIT: 1,
    _S.ACCEPTED: 2,
    _S.PROPOSED: 3,
    _S.DECIDED: 4,
    _S.ANSWERED: 5,
}
TAGS = {
    _S.RECEIVED: "info",
    _S.ACCEPTED: "info",
    _S.WITH_UNIT: "warn",
    _S.PROPOSED: "warn",
    _S.DECIDED: "info",
    _S.ANSWERED: "ok",
}
# Where the verb that all cases share says too little on the page of one.
_SAID = {"objection.propose": "异议：提出认定意见"}


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step: ``look`` is "done", "now" or empty; ``words`` say who and when."""

    label: str
    words: str
    look: str = ""


def steps_of(objection: Objection) -> list[StepLine]:
    """The five steps as drawn; a case that ended early stops where it was."""
    at = _AT.get(ObjectionState(objection.state), -1)
    statements = list(objection.statements.all())
    asked = [f"{one.stated_on:%m-%d} {one.unit}" for one in statements if one.stated_on]
    waiting = [f"待 {one.unit}" for one in statements if not one.stated_on]
    unit_words = "；".join([*asked, *waiting]) or (
        "不需要" if at > 2 else "局办公室能自行核实的不转"
    )
    lines = [
        ("受理", _who(objection.accepted_on, objection.accepted_by) or "局办公室"),
        ("原单位核实", unit_words),
        ("认定意见", _who(objection.proposed_on, objection.proposed_by) or "局办公室"),
        ("复核人认定", _who(objection.decided_on, objection.decided_by) or "须为另一人"),
        ("更改信息并答复", day_words(objection.answered_on) or "重新评定、出具答复书"),
    ]
    looks = ["done" if n < at else "now" if n == at else "" for n in range(len(lines))]
    if at == 2 and not asked:
        looks[1] = ""  # it may still be asked
    return [StepLine(label, words, look) for (label, words), look in zip(lines, looks, strict=True)]


def owed_after(objection: Objection) -> list[Owed]:
    """The checklist of times after an objection was decided (条例 arts. 42, 43)."""
    if objection.state not in DECIDED_STATES or objection.decided_at is None:
        return []
    changed = any(one.verdict != Verdict.DISMISSED for one in objection.claims.all())
    rows: list[Owed] = []
    if changed:
        rows.append(Owed("记录撤销或更正", moment(objection.decided_at)))
        rows += after_change(objection, objection.decided_at)
    if objection.by_party:
        rows += on_paper(objection)
    if changed:
        rows += by_others(objection)
    return rows


def course_of(objection: Objection) -> list[tuple[datetime, str, str, str]]:
    """What happened, the latest first: when, what, who, and why where it was said."""
    rows = AuditEntry.objects.filter(
        target_type=objection._meta.label_lower, target_id=str(objection.pk)
    ).exclude(action__in=("objection.view", "objection.refused", "field.reveal"))
    return [
        (row.at, _SAID.get(row.action) or action_words(row.action), row.actor_name, row.reason)
        for row in rows[:100]
    ]


def _who(day: date | None, officer: object) -> str:
    name = getattr(officer, "name", "")
    return f"{day:%m-%d} {name}" if day else ""
