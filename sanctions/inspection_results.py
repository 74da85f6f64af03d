"""The result of a visit: recorded by an inspector, told as a factor, changes no grade (1-3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import Officer
from accounts.roles import Can
from core import audit
from core.clock import today
from grading.counting import last_counted_day
from sanctions.inspection_conflicts import conflicts_of
from sanctions.inspection_enums import FOUND, TOLD, Outcome, Reason, VisitState
from sanctions.inspection_exemption import refusal
from sanctions.inspection_models import Inspection
from sanctions.inspection_visits import locked_visit, require_planner
from violations.checks_of_texts import text
from violations.cleaning import one_line
from violations.enums import FactorKind
from violations.errors import CaseRefused, InvalidDecision, NotAllowed
from violations.factor_checks import FactorInput
from violations.factor_services import record_factor, revoke_factor
from violations.inputs import Fault
from violations.writing import save_as

SCHEME = "监督检查"
# What depends on the result that is chosen; said while none is.
_MORE = "发现问题和无法检查的还须填写检查情况，须责令改正的还须填写改正期限"


@dataclass(frozen=True, slots=True)
class ResultInput:
    visited_on: date | None
    outcome: str
    found: str = ""
    correct_by: date | None = None


@transaction.atomic
def record_result(
    *, officer: Officer, visit_id: int, version: int, data: ResultInput
) -> Inspection:
    """What two inspectors found, handed in by one of them; a factor of 1-3 says it from now on.

    Raises Inspection.DoesNotExist, NotAllowed, CaseRefused, InvalidDecision.
    """
    visit = locked_visit(visit_id, version)
    _require_inspector(officer, visit)
    if not visit.is_open:
        raise CaseRefused(f"该检查{visit.get_state_display()}，不能重复登记结果。")
    if len(visit.inspector_ids) < 2:
        raise CaseRefused("检查人员不足两人，不能登记结果。请局办公室先抽取检查人员。")
    if visit.reason == Reason.ROUTINE and (why := refusal(visit.subject, today())):
        raise CaseRefused(f"{why}已经安排的日常检查，请局办公室登记不再检查。")
    if faults := result_faults(visit, data):
        raise InvalidDecision(faults)
    visit.visited_on, visit.outcome, visit.found = data.visited_on, data.outcome, _found(data)
    visit.correct_by = data.correct_by if data.outcome == Outcome.ORDER else None
    visit.state, visit.version = VisitState.DONE, visit.version + 1
    visit.recorded_by, visit.recorded_at = officer, timezone.now()
    if data.outcome in TOLD:
        visit.factor = record_factor(
            officer=officer, data=_factor(visit), by_right=Can.RECORD_INSPECTION
        )
    save_as(officer, visit, reason="登记结果")
    details = {"credit_code": visit.subject.credit_code, "outcome": visit.outcome}
    audit.record(actor=officer, action="inspection.record", target=visit, details=details)
    return visit


@transaction.atomic
def reopen_result(
    *, officer: Officer, visit_id: int, version: int, reason: str, document: str
) -> Inspection:
    """A result that was recorded wrong is taken back with its factor, to be recorded anew.

    What stood there stays in the history. Raises Inspection.DoesNotExist, NotAllowed,
    CaseRefused, InvalidDecision.
    """
    require_planner(officer)
    visit = locked_visit(visit_id, version)
    if visit.state != VisitState.DONE:
        raise CaseRefused(f"该检查{visit.get_state_display()}，没有可以更正的结果。")
    if officer.pk in visit.inspector_ids:
        raise NotAllowed("检查人员不能更正自己的检查结果。请由局办公室其他人办理。")
    reason, document = one_line(reason), one_line(document)
    faults = [*text("reason", reason, "更正理由", 500), *text("document", document, "依据", 100)]
    if faults:
        raise InvalidDecision(faults)
    if visit.factor is not None and visit.factor.revoked_on is None:
        revoke_factor(
            officer=officer,
            factor_id=visit.factor.pk,
            version=visit.factor.version,
            reason=f"检查结果更正：{reason}"[:500],
            document=document,
        )
    visit.state, visit.version = VisitState.OPEN, visit.version + 1
    visit.outcome, visit.found, visit.factor = "", "", None
    visit.visited_on = visit.correct_by = visit.recorded_by = visit.recorded_at = None
    save_as(officer, visit, reason=reason)
    audit.record(
        actor=officer,
        action="inspection.reopen",
        target=visit,
        reason=reason,
        details={"document": document},
    )
    return visit


def result_faults(visit: Inspection, data: ResultInput) -> list[Fault]:
    """All that is wrong with what was typed, also where something of it could not be read."""
    return list(_faults(visit, data, _found(data)))


def _found(data: ResultInput) -> str:
    return data.found.replace("\r\n", "\n").strip()


def may_record(officer: Officer, visit: Inspection) -> bool:
    """Whether the officer is one of the two, and the visit is still to be made."""
    mine = officer.may(Can.RECORD_INSPECTION) and officer.pk in visit.inspector_ids
    return mine and visit.is_open


def _require_inspector(officer: Officer, visit: Inspection) -> None:
    if not officer.may(Can.RECORD_INSPECTION):
        raise NotAllowed("您的角色不能登记检查结果。请由检查人员登记。")
    if officer.pk not in visit.inspector_ids:
        raise NotAllowed("检查结果由抽取的两名检查人员登记。您不是此次检查的检查人员。")
    if (visit.subject.survivor_id, officer.pk) in conflicts_of([officer.pk], today()):
        raise NotAllowed("您对该对象有回避情形，不能检查。请局办公室另行抽取检查人员。")


def _faults(visit: Inspection, data: ResultInput, found: str) -> Iterator[Fault]:
    if data.visited_on is None:
        yield Fault("visited_on", "missing", "没有填写检查日期。请写成 2026-11-20 这样的形式。")
    elif data.visited_on > today():
        yield Fault("visited_on", "future", "检查日期不能晚于今天。请检查后再登记。")
    elif data.visited_on < visit.ordered_on:
        message = f"检查日期不能早于安排日期 {visit.ordered_on}。请核对日期。"
        yield Fault("visited_on", "too_early", message)
    if data.outcome not in Outcome.values:
        yield Fault("outcome", "missing", f"没有选择检查结果。请选择其中一项；{_MORE}。")
    needs_words = data.outcome in FOUND or data.outcome == Outcome.CLOSED
    yield from text("found", found, "检查情况", 2000, required=needs_words)
    begins, ends = data.visited_on, data.correct_by
    if data.outcome == Outcome.ORDER and ends is None:
        message = "没有填写改正期限。须责令改正的，请写成 2026-12-20 这样的形式。"
        yield Fault("correct_by", "missing", message)
    elif data.outcome == Outcome.ORDER and begins and ends and ends <= begins:
        yield Fault("correct_by", "too_early", "改正期限须晚于检查日期。请核对日期。")


def _factor(visit: Inspection) -> FactorInput:
    """In force for a year from the visit: 1-3 looks at one year."""
    assert visit.visited_on is not None
    named = f"，{visit.document}" if visit.document else ""
    return FactorInput(
        credit_code=visit.subject.credit_code,
        kind=FactorKind.INSPECTION.value,
        scheme=f"{SCHEME}（{visit.get_reason_display()}）",
        value=f"{visit.get_outcome_display()}（{visit.pk} 号）",
        source=f"{visit.pk} 号检查{named}",
        in_force_from=visit.visited_on,
        in_force_until=last_counted_day(visit.visited_on),
    )
