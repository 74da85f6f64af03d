"""Single visits beside the plans, inspectors drawn anew, and visits that are given up."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.models import Officer, Unit
from accounts.roles import Can
from core import audit
from core.clock import today
from sanctions.inspection_conflicts import conflicts_of
from sanctions.inspection_draw import PER_VISIT, inspectors_of
from sanctions.inspection_enums import NAMED_REASONS, Reason, VisitState
from sanctions.inspection_exemption import exempt, grades_of, refusal
from sanctions.inspection_models import Inspection, InspectionQuerySet, OfficerInterest
from sanctions.inspection_pool import inspectors_of_unit
from violations.checks_of_texts import text
from violations.cleaning import one_line
from violations.errors import CaseChanged, CaseRefused, InvalidDecision, NotAllowed
from violations.inputs import Fault
from violations.organisations import known
from violations.writing import save_as

# What may be ordered singly; full coverage of key industries comes out of plans alone.
SINGLE_REASONS = (Reason.COMPLAINT, Reason.CAMPAIGN, Reason.ROUTINE)


@dataclass(frozen=True, slots=True)
class VisitInput:
    """A single visit; a complaint is the reason of the visit and lowers no grade."""

    credit_code: str
    reason: str
    unit_code: str
    due_on: date | None
    document: str = ""


@transaction.atomic
def order_visit(*, officer: Officer, data: VisitInput) -> Inspection:
    """Order one visit; its inspectors are drawn from the unit by a seed that is kept with it.

    A routine visit to an A organisation is refused (4-A-2). Raises NotAllowed, InvalidDecision.
    """
    require_planner(officer)
    document = one_line(data.document)
    subject = known(data.credit_code)
    unit = Unit.objects.filter(code=data.unit_code, is_active=True).first()
    faults = list(_faults(data, document))
    if subject is None:
        message = "该代码没有登记。请核对统一社会信用代码。"
        faults.append(Fault("credit_code", "unregistered", message))
    elif data.reason == Reason.ROUTINE and (why := refusal(subject, today())):
        faults.append(Fault("reason", "exempt", why))
    if unit is None:
        faults.append(Fault("unit_code", "unknown", "没有选择检查单位。请从列出的单位中选择。"))
    if faults or subject is None or unit is None or data.due_on is None:
        raise InvalidDecision(faults)
    grades = grades_of([subject.pk], today())
    visit = Inspection(
        subject=subject,
        unit=unit,
        reason=data.reason,
        document=document if data.reason in NAMED_REASONS else "",
        grade=grades.get(subject.pk, ""),
        is_exempt=subject.pk in exempt(grades, today()),
        due_on=data.due_on,
        seed=secrets.token_hex(32),
        ordered_by=officer,
        ordered_on=today(),
    )
    _fill_places(visit, unit)
    if visit.second_id is None:
        message = f"{unit.name}可以参加此次检查的民警不足 {PER_VISIT} 人。请另选检查单位。"
        raise InvalidDecision([Fault("unit_code", "too_few", message)])
    save_as(officer, visit, reason="安排检查")
    details = {"credit_code": subject.credit_code, "reason": visit.reason}
    audit.record(actor=officer, action="inspection.order", target=visit, details=details)
    return visit


@transaction.atomic
def replace_inspector(
    *,
    officer: Officer,
    visit_id: int,
    version: int,
    leaving_id: int | None,
    reason: str,
    unit_code: str = "",
) -> Inspection:
    """Draw the next by the same seed in place of ``leaving_id``, or into a place left free.

    ``unit_code`` names another unit that lends its officers. Nobody picks the successor.
    Raises Inspection.DoesNotExist, NotAllowed, CaseRefused, InvalidDecision.
    """
    visit = _open(officer, visit_id, version)
    reason = one_line(reason)
    faults = list(text("reason", reason, "理由", 200))
    unit = Unit.objects.filter(code=unit_code, is_active=True).first() if unit_code else visit.unit
    if unit is None:
        faults.append(Fault("unit_code", "unknown", "没有这个单位。请从列出的单位中选择。"))
    if leaving_id is not None and leaving_id not in visit.inspector_ids:
        message = "该民警不是此次检查的检查人员。请查看现在的内容。"
        faults.append(Fault("leaving", "stranger", message))
    if faults or unit is None:
        raise InvalidDecision(faults)
    before = [one for one in visit.inspector_ids if one != leaving_id]
    barred = {leaving_id} if leaving_id is not None else set()
    visit.first_id, visit.second_id = (*before, None, None)[:2]
    _fill_places(visit, unit, barred=barred)
    if unit.pk != visit.unit_id:
        visit.helped_by = unit
    if visit.second_id is None:
        message = f"{unit.name}没有其他可以参加此次检查的民警。请选择另一单位支援。"
        raise InvalidDecision([Fault("unit_code", "too_few", message)])
    visit.version += 1
    save_as(officer, visit, reason=reason)
    audit.record(
        actor=officer,
        action="inspection.reassign",
        target=visit,
        reason=reason,
        details={"left": leaving_id, "now": list(visit.inspector_ids)},
    )
    return visit


@transaction.atomic
def replace_leaver(*, officer: Officer, leaver: Officer, reason: str) -> int:
    """Draw anew for every open visit of ``leaver``; says how many there were.

    Raises NotAllowed, CaseRefused, InvalidDecision: then nothing is changed.
    """
    require_planner(officer)
    mine = Q(first=leaver.pk) | Q(second=leaver.pk)
    rows = Inspection.objects.filter(mine, state=VisitState.OPEN).order_by("pk")
    waiting = list(rows.values_list("pk", "version"))
    for pk, version in waiting:
        replace_inspector(
            officer=officer, visit_id=pk, version=version, leaving_id=leaver.pk, reason=reason
        )
    return len(waiting)


@transaction.atomic
def excuse_visit(*, officer: Officer, visit_id: int, version: int, reason: str) -> Inspection:
    """The visit is not made (closed down for good, now of grade A, ...).

    Raises Inspection.DoesNotExist, NotAllowed, CaseRefused, InvalidDecision.
    """
    visit = _open(officer, visit_id, version)
    reason = one_line(reason)
    faults = list(text("reason", reason, "不再检查的理由", 500))
    if faults:
        raise InvalidDecision(faults)
    visit.state, visit.closing_reason = VisitState.EXCUSED, reason
    visit.version += 1
    save_as(officer, visit, reason=reason)
    audit.record(actor=officer, action="inspection.excuse", target=visit, reason=reason)
    return visit


def to_reassign() -> InspectionQuerySet:
    """Open visits with a free place, or an inspector who left or has a conflict since."""
    clash = OfficerInterest.objects.standing().filter(
        Q(officer=OuterRef("first")) | Q(officer=OuterRef("second")), subject=OuterRef("subject")
    )
    gone = Q(first__isnull=True) | Q(second__isnull=True)
    for place in ("first", "second"):
        elsewhere = ~Q(**{f"{place}__unit": F("unit")}) & (
            Q(helped_by__isnull=True) | ~Q(**{f"{place}__unit": F("helped_by")})
        )
        gone |= Q(**{f"{place}__is_active": False})
        gone |= Q(**{f"{place}__isnull": False}) & elsewhere
    return Inspection.objects.filter(gone | Exists(clash), state=VisitState.OPEN)


def require_planner(officer: Officer) -> None:
    if not officer.may(Can.PLAN_INSPECTION):
        raise NotAllowed("检查由局办公室安排和调整。需要检查的，请联系局办公室。")


def locked_visit(visit_id: int, version: int) -> Inspection:
    """The visit, locked. Raises Inspection.DoesNotExist, CaseChanged."""
    visit: Inspection = Inspection.objects.select_for_update().get(pk=visit_id)
    if visit.version != version:
        raise CaseChanged(visit, "检查")
    return visit


def _open(officer: Officer, visit_id: int, version: int) -> Inspection:
    require_planner(officer)
    visit = locked_visit(visit_id, version)
    if not visit.is_open:
        raise CaseRefused(f"该检查{visit.get_state_display()}，不再调整。")
    return visit


def _fill_places(visit: Inspection, unit: Unit, barred: set[int] | None = None) -> None:
    """Draw as many inspectors as there are free places, past conflicts and who ordered it."""
    found: QuerySet[Officer] = inspectors_of_unit(unit)
    out = {*visit.inspector_ids, visit.ordered_by_id, *(barred or ())}
    candidates = dict(found.exclude(pk__in=out).values_list("pk", "number"))
    clash = {who for about, who in conflicts_of(candidates, today()) if about == visit.subject_id}
    numbers = {number: pk for pk, number in candidates.items() if pk not in clash}
    code = visit.subject.credit_code
    wanted = PER_VISIT - len(visit.inspector_ids)
    drawn = inspectors_of(visit.draw_seed, code, sorted(numbers), wanted=wanted)
    ids = [*visit.inspector_ids, *(numbers[number] for number in drawn)]
    visit.first_id, visit.second_id = (*ids, None, None)[:2]


def _faults(data: VisitInput, document: str) -> Iterator[Fault]:
    if data.reason not in SINGLE_REASONS:
        yield Fault("reason", "unknown", "没有选择检查事由。请从列出的事由中选择。")
    if data.reason in NAMED_REASONS:
        yield from text("document", document, "受理编号或文号", 100)
    if data.due_on is None:
        yield Fault("due_on", "missing", "没有填写期限。请写成 2026-11-20 这样的形式。")
    elif data.due_on < today():
        yield Fault("due_on", "past", "期限不能早于今天。请另选日期。")
