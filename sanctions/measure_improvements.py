"""After a grade has become better: every old measure lifted, everybody told, within three days.

What was lifted is looked up and never ticked; who was told an officer writes down, step by step.
The third step closes the checklist.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import Officer, Unit
from accounts.roles import Can
from core import audit
from core.clock import today
from core.settings_table import integer
from core.workdays import Deadline, deadline_after
from sanctions.measure_enums import MeasureKind, MeasureState, Sight, StepKind
from sanctions.measure_handling_models import Improvement, ImprovementStep
from sanctions.measure_models import SubjectMeasure
from violations.checks_of_texts import text
from violations.cleaning import one_line
from violations.enums import DecisionState
from violations.errors import InvalidDecision, NotAllowed
from violations.inputs import Fault
from violations.law_checks import LIKE_THIS
from violations.models import Decision


def visible_to(officer: Officer) -> QuerySet[Improvement]:
    """Those this officer works on: of organisations in the charge of the own unit, or of all."""
    rows = Improvement.objects.select_related("subject__unit_in_charge")
    if officer.may(Can.KEEP_MEASURES):
        return rows
    if officer.may(Can.RECORD_HANDLING):
        return rows.filter(subject__unit_in_charge=officer.unit_id)
    return rows.none()


def due(improvement: Improvement, *, days: int | None = None) -> Deadline:
    """By when everybody is to be told; ``days`` is the setting, for who asks for many."""
    limit = integer("improvement_working_days") if days is None else days
    return deadline_after(improvement.improved_on, limit)


@dataclass(frozen=True, slots=True)
class Lifted:
    """The burdens of the old grade: those that ended, and any that are still open."""

    ended: Sequence[SubjectMeasure]
    still_open: Sequence[SubjectMeasure]


def lifted(improvement: Improvement) -> Lifted:
    """Looked up now, so that nobody has to remember it."""
    rows = (
        SubjectMeasure.objects.filter(
            subject=improvement.subject_id, sight=Sight.INTERNAL, state=MeasureState.IN_FORCE
        )
        .exclude(measure__kind=MeasureKind.INCENTIVE)
        .select_related("measure")
        .order_by("measure__clause", "id")
    )
    worse = [row for row in rows if row.measure.grade > (improvement.new_grade or "A")]
    return Lifted(
        [row for row in worse if row.ended_by_id == improvement.change_id],
        [row for row in worse if row.ended_on is None],
    )


def units_to_tell(improvement: Improvement) -> list[Unit]:
    """The unit in charge and those with a decision about the organisation that was ever in force:
    whoever decided what was set aside must learn of it too.
    """
    fell = Q(state=DecisionState.WITHDRAWN, confirmed_by__isnull=False)
    ids = set(
        Decision.objects.filter(Q(state=DecisionState.IN_FORCE) | fell)
        .filter(subject=improvement.subject_id)
        .order_by()
        .values_list("unit_id", flat=True)
        .distinct()
    )
    if improvement.subject.unit_in_charge_id:
        ids.add(improvement.subject.unit_in_charge_id)
    return list(Unit.objects.filter(pk__in=ids).order_by("code"))


@transaction.atomic
def note_step(
    *,
    officer: Officer,
    improvement_id: int,
    kind: str,
    told: str,
    way: str,
    done_on: date | None,
) -> ImprovementStep:
    """Write down who was told and how; with the last step the checklist is closed.

    Raises Improvement.DoesNotExist, NotAllowed, InvalidDecision.
    """
    if not (officer.may(Can.RECORD_HANDLING) or officer.may(Can.KEEP_MEASURES)):
        raise NotAllowed("您的角色不能办理等级好转核对。请联系归口单位或局办公室。")
    mine = visible_to(officer).filter(pk=improvement_id).values("pk")
    improvement = Improvement.objects.select_for_update().get(pk__in=mine)
    told, way = one_line(told), one_line(way)
    done = set(improvement.steps.values_list("kind", flat=True))
    faults = list(_faults(improvement, kind, told, way, done_on, done))
    if faults:
        raise InvalidDecision(faults)
    assert done_on is not None  # checked
    step = ImprovementStep.objects.create(
        improvement=improvement, kind=kind, told=told, way=way, done_on=done_on, done_by=officer
    )
    audit.record(
        actor=officer,
        action="improvement.tell",
        target=improvement,
        details={"kind": kind, "told": told, "way": way},
    )
    if done | {kind} == set(StepKind.values):
        improvement.closed_on, improvement.closed_by = today(), officer
        improvement.save(update_fields=["closed_on", "closed_by"])
        audit.record(actor=officer, action="improvement.close", target=improvement)
    return step


def _faults(
    improvement: Improvement,
    kind: str,
    told: str,
    way: str,
    done_on: date | None,
    done: set[str],
) -> Iterator[Fault]:
    if kind not in StepKind.values:
        yield Fault("kind", "unknown", "没有选择核对事项。请从列出的事项登记。")
    elif kind in done:
        yield Fault("kind", "done", "这一步已登记，不能重复登记。请查看已有记录。")
    elif lifted(improvement).still_open:
        message = "还有原等级的措施没有解除，不能登记告知。请联系系统管理员核对措施。"
        yield Fault("kind", "still_open", message)
    yield from text("told", told, "告知了谁", 300)
    yield from text("way", way, "方式或文书", 200)
    if done_on is None:
        yield Fault("done_on", "missing", f"没有填写日期。{LIKE_THIS}")
    elif not improvement.improved_on <= done_on <= today():
        message = f"日期须在变动日 {improvement.improved_on} 到今天之间。请核对日期。"
        yield Fault("done_on", "odd_day", message)
