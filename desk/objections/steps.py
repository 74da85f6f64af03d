"""Where an objection stands: its steps for ``.stp``, what is owed after it, and its course."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from appeals.objection_deadlines import mark_last_day
from appeals.objection_enums import DECIDED_STATES, MarkKind, ObjectionState, Verdict
from appeals.objection_models import Objection
from core.models import AuditEntry
from desk.audit_trail.words import action_words
from desk.deadlines import Due, due
from grading.models import RegradeRequest
from sanctions.measure_models import SubjectMeasure

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
        ("更改信息并答复", _day(objection.answered_on) or "重新评定、出具答复书"),
    ]
    looks = ["done" if n < at else "now" if n == at else "" for n in range(len(lines))]
    if at == 2 and not asked:
        looks[1] = ""  # it may still be asked
    return [StepLine(label, words, look) for (label, words), look in zip(lines, looks, strict=True)]


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing that follows a decision: by when, and when it was done."""

    what: str
    done: str
    by: Due | None = None
    note: str = ""


def owed_after(objection: Objection) -> list[Owed]:
    """The checklist of times after an objection was decided (条例 arts. 42, 43)."""
    if objection.state not in DECIDED_STATES or objection.decided_at is None:
        return []
    changed = any(one.verdict != Verdict.DISMISSED for one in objection.claims.all())
    rows = []
    if changed:
        rows.append(Owed("记录撤销或更正", _moment(objection.decided_at)))
        rows.append(Owed("等级重新评定", _regraded(objection)))
        rows.append(Owed("监管措施调整", *_measures(objection)))
    if objection.by_party:
        paper = objection.answer
        rows.append(Owed("出具答复书", _moment(paper.issued_at) if paper else ""))
        served = _day(paper.served_on) if paper else ""
        rows.append(Owed("送达答复书", served))
    if changed:
        rows += _marks(objection)
    return rows


def course_of(objection: Objection) -> list[tuple[datetime, str, str, str]]:
    """What happened, the latest first: when, what, who, and why where it was said."""
    rows = AuditEntry.objects.filter(
        target_type=objection._meta.label_lower, target_id=str(objection.pk)
    ).exclude(action__in=("objection.view", "objection.refused", "field.reveal"))
    return [(row.at, action_words(row.action), row.actor_name, row.reason) for row in rows[:100]]


def _marks(objection: Objection) -> Iterator[Owed]:
    done = {one.kind: one for one in objection.marks.all()}
    for kind in MarkKind:
        row, last = done.get(kind.value), mark_last_day(objection, kind.value)
        by = due(last) if last is not None and row is None else None
        yield Owed(kind.label, _day(row.done_on) if row else "", by, row.words if row else "")


def _regraded(objection: Objection) -> str:
    rows = RegradeRequest.objects.filter(
        subject=objection.subject.survivor_id, requested_at__gte=objection.decided_at
    )
    latest = rows.order_by("-requested_at").first()
    if latest is None:
        return _moment(objection.decided_at)
    return _moment(latest.done_at)


def _measures(objection: Objection) -> tuple[str, None, str]:
    """What ended that day because of the grade; with nothing to end it is done at once."""
    ended = SubjectMeasure.objects.filter(
        subject=objection.subject.survivor_id, ended_on__gte=objection.decided_on
    ).count()
    regraded = _regraded(objection)
    return regraded, None, f"解除 {ended} 项" if ended else "随等级调整，没有须解除的措施"


def _who(day: date | None, officer: object) -> str:
    name = getattr(officer, "name", "")
    return f"{day:%m-%d} {name}" if day else ""


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
