"""What others owe after a record was revoked, corrected or repaired: by when, and that it is done.

A provider revokes and shares, and others delete within 1 working day; what was published is
withdrawn within 3, with the reason (河南省社会信用条例 arts. 42, 43; 行政处罚法 art. 48).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from accounts.models import Officer
from accounts.roles import Can
from appeals import objection_enums, repair_enums
from appeals.case_models import CaseMark, MarkKind
from appeals.objection_models import Objection
from appeals.repair_models import Repair
from core.clock import today
from core.open_tasks import MOST, OpenTask
from core.settings_table import integer
from core.workdays import Deadline, deadline_after
from violations.checks_of_texts import text
from violations.cleaning import one_line
from violations.errors import InvalidDecision
from violations.inputs import Fault
from violations.writing import save_as

_DAYS = {
    MarkKind.SHARED: "outcome_share_working_days",
    MarkKind.PUBLISHED: "outcome_withdraw_working_days",
}


def last_day(case: Objection | Repair, kind: str) -> Deadline | None:
    """By when others have followed; None before the case was decided."""
    if case.decided_on is None:
        return None
    return deadline_after(case.decided_on, integer(_DAYS[MarkKind(kind)]))


def write(
    officer: Officer, case: Objection | Repair, *, kind: str, done_on: date | None, words: str
) -> CaseMark:
    """Note for a locked case that one thing was done, or that nothing was owed.

    Raises InvalidDecision.
    """
    words = one_line(words)
    faults = list(text("words", words, "说明", 200))
    if kind not in MarkKind.values:
        faults.append(Fault("kind", "missing", "没有选择事项。请选择。"))
    elif case.marks.filter(kind=kind).exists():
        faults.append(Fault("kind", "done", "这一事项已经登记。无需再次登记。"))
    if done_on is None:
        faults.append(Fault("done_on", "missing", "没有填写日期。请写成 2026-11-20 这样的形式。"))
    elif case.decided_on is None or not case.decided_on <= done_on <= today():
        message = f"日期须在认定日期 {case.decided_on} 至今天之间。请核对。"
        faults.append(Fault("done_on", "out_of_range", message))
    if faults:
        raise InvalidDecision(faults)
    marks: Any = case.marks
    known = {"kind": kind, "done_on": done_on, "words": words, "marked_by": officer}
    row: CaseMark = marks.model(**{marks.field.name: case}, **known)
    save_as(officer, row, reason="登记后续事项")
    return row


def owed(case: Objection | Repair) -> list[tuple[MarkKind, CaseMark | None]]:
    """Each kind with the mark that was made, of a case whose marks are prefetched."""
    done = {one.kind: one for one in case.marks.all()}
    return [(kind, done.get(kind.value)) for kind in MarkKind]


def still_owes(case: Objection | Repair) -> bool:
    """Whether others have still to be told that a record of the case was changed."""
    if case.decided_on is None:
        return False
    if isinstance(case, Repair):
        changed = any(one.verdict == repair_enums.Verdict.GRANTED for one in case.items.all())
    else:
        changed = any(one.verdict in objection_enums.CHANGING for one in case.claims.all())
    return changed and any(mark is None for _, mark in owed(case))


def owing(model: type[Objection | Repair]) -> QuerySet[Any]:
    """The cases of which ``still_owes`` is true."""
    link = model.marks.field
    marks = link.model._default_manager.filter(**{link.name: OuterRef("pk")})
    shared, published = (Exists(marks.filter(kind=kind)) for kind in MarkKind)
    changed = Q(claims__verdict__in=objection_enums.CHANGING)
    if model is Repair:
        changed = Q(items__verdict=repair_enums.Verdict.GRANTED)
    rows: QuerySet[Any] = model._default_manager.filter(changed, decided_on__isnull=False)
    return rows.exclude(shared & published).distinct()


def owed_by_others(officer: Officer, day: date) -> Iterator[OpenTask]:
    """What is to be told to others, for the one queue."""
    if not officer.may(Can.HANDLE_APPEAL):
        return
    for model, name in ((Objection, "objection"), (Repair, "repair")):
        parts = owing(model).select_related("subject", "handler").prefetch_related("marks")
        for case in parts.order_by("pk")[:MOST]:
            yield from _tasks(case, name)


def _tasks(case: Objection | Repair, name: str) -> Iterator[OpenTask]:
    handler = case.handler
    assert case.decided_on is not None  # asked for
    for kind, mark in owed(case):
        if mark is None:
            yield OpenTask(
                kind=f"{name}.{kind.value}",
                label=kind.label,
                title=f"{case.number} {case.subject.name}",
                url=reverse(f"desk:{name}", args=[case.pk]),
                since=case.decided_on,
                deadline=last_day(case, kind.value),
                subject_id=case.subject.survivor_id,
                subject_name=case.subject.name,
                officer_id=handler.pk if handler is not None and handler.is_active else None,
            )
