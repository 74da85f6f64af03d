"""Writing down what was done under a measure (4-A-1, 4-A-3, 4-B-2) and how a restriction was
handled (4-C-3 to 4-C-5): the measure warns, the officer decides and gives the reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction

from accounts.models import Officer
from accounts.roles import Can
from core import audit
from core.clock import today
from sanctions.measure_enums import CLAUSE_OF, HandlingKind, MeasureState, Outcome, Sight
from sanctions.measure_handling_models import Handling
from sanctions.measure_models import SubjectMeasure
from sanctions.measure_selectors import holding_on
from subjects.models import Subject
from violations.checks_of_texts import text
from violations.cleaning import one_line
from violations.errors import InvalidDecision, NotAllowed
from violations.inputs import Fault
from violations.law_checks import LIKE_THIS
from violations.writing import save_as

MIN_REASON = 10
# Help may be given while the decision is still on its way to the party.
HELP = frozenset({HandlingKind.GUIDANCE, HandlingKind.TRAINING})


@dataclass(frozen=True, slots=True)
class HandlingInput:
    """``clause`` is asked of a decision alone; for the others the regulation names it."""

    kind: str
    done_on: date | None
    matter: str
    reason: str
    clause: str = ""
    outcome: str = ""
    document: str = ""

    def cleaned(self) -> HandlingInput:
        is_decision = self.kind == HandlingKind.DECISION
        return replace(
            self,
            matter=one_line(self.matter),
            reason=self.reason.strip(),
            document=one_line(self.document),
            clause=self.clause if is_decision else CLAUSE_OF.get(self.kind, ""),
            outcome=self.outcome if is_decision else "",
        )


@transaction.atomic
def record_handling(*, officer: Officer, subject: Subject, data: HandlingInput) -> Handling:
    """Put one thing that was done on record. Raises NotAllowed, InvalidDecision."""
    if not officer.may(Can.RECORD_HANDLING):
        raise NotAllowed("您的角色不能登记措施办理情况。请联系归口单位或局办公室。")
    data = data.cleaned()
    faults = list(_faults(data))
    held = None if faults else _held(subject, data)
    if held is None and not faults:
        label = HandlingKind(data.kind).label
        message = (
            f"{data.done_on} 这一天，该监管对象没有适用条款 {data.clause} 的措施，"
            f"不能登记“{label}”。请核对日期，或查看档案中的措施。"
        )
        faults.append(Fault("done_on", "not_held", message))
    if faults or held is None:
        raise InvalidDecision(faults)
    assert data.done_on is not None  # checked
    made = Handling(
        subject=subject,
        measure=held.measure,
        kind=data.kind,
        done_on=data.done_on,
        matter=data.matter,
        outcome=data.outcome,
        reason=data.reason,
        document=data.document,
        unit=officer.unit,
        recorded_by=officer,
    )
    save_as(officer, made)
    audit.record(
        actor=officer,
        action="handling.record",
        target=made,
        details={
            "subject": subject.pk,
            "clause": held.measure.clause,
            "kind": data.kind,
            "outcome": data.outcome,
        },
    )
    return made


def _held(subject: Subject, data: HandlingInput) -> SubjectMeasure | None:
    """The measure under which it was done, as it stood on that day."""
    assert data.done_on is not None  # checked
    states = [MeasureState.IN_FORCE]
    if data.kind in HELP:
        states.append(MeasureState.PENDING)
    return (
        SubjectMeasure.objects.filter(holding_on(data.done_on))
        .filter(
            subject=subject,
            sight=Sight.INTERNAL,
            state__in=states,
            measure__clause=data.clause,
        )
        .select_related("measure")
        .first()
    )


def _faults(data: HandlingInput) -> Iterator[Fault]:
    if data.kind not in HandlingKind.values:
        yield Fault("kind", "unknown", "没有选择办理事项。请选择一项。")
    if data.done_on is None:
        yield Fault("done_on", "missing", f"没有填写日期。{LIKE_THIS}")
    elif data.done_on > today():
        yield Fault("done_on", "future", "日期不能晚于今天。请填写办理当日。")
    yield from text("matter", data.matter, "事由", 200)
    yield from text("reason", data.reason, "内容或理由", 2000, required=False)
    if len(data.reason) < MIN_REASON:
        message = (
            f"内容或理由至少 {MIN_REASON} 字，现为 {len(data.reason)} 字。请写明做了什么、为什么。"
        )
        yield Fault("reason", "too_short", message)
    yield from text("document", data.document, "文书", 100, required=False)
    if data.kind == HandlingKind.DECISION:
        if data.outcome not in Outcome.values:
            yield Fault("outcome", "missing", "没有选择决定。措施只作提示，请选择您的决定。")
        if not data.clause:
            yield Fault("clause", "missing", "没有选择所依据的限制条款。请选择一条。")
