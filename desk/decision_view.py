"""A decision as its pages show it: acts with what was imposed and how each counts, and steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.clock import today
from core.settings_table import integer
from desk.clock_words import ClockWords, clock_words
from desk.entry_preview import counted_as, to_explain
from desk.next_actor import who_confirms
from grading.clocks import Clocks
from grading.explanations import money
from grading.record_clocks import clocks
from violations.content import content_of
from violations.enums import DecisionState
from violations.inputs import DispositionInput, ViolationInput
from violations.models import Decision, Disposition, Violation

# How a state looks: the kind of its tag.
STATE_TAGS = {
    DecisionState.DRAFT: "",
    DecisionState.SUBMITTED: "info",
    DecisionState.IN_FORCE: "ok",
    DecisionState.WITHDRAWN: "bad",
}


NOT_COUNTED = "不计入，已撤销"


@dataclass(frozen=True, slots=True)
class ActView:
    """One act: ``imposed`` as the paper says it, ``counted`` as 3-H counts it while it stands.

    ``warned`` is what does not fit its article in the law catalogue.
    """

    violation: Violation
    imposed: str
    counted: str
    fate: str
    warned: Sequence[str]
    clocks: ClockWords | None = None


def act_views(decision: Decision) -> list[ActView]:
    """The acts in the order of the paper."""
    violations = list(decision.violations.all())
    warned = to_explain(content_of(decision, violations=violations))
    known = clocks(violations, today()) if decision.is_in_force else {}
    return [
        _act_view(decision, act, messages, known.get(act.pk))
        for act, messages in zip(violations, warned, strict=True)
    ]


def _act_view(
    decision: Decision, violation: Violation, warned: Sequence[str], found: Clocks | None
) -> ActView:
    rows = list(violation.dispositions.all())
    as_input = ViolationInput(
        violation.field,
        violation.type,
        violation.facts,
        violation.law,
        dispositions=tuple(DispositionInput(row.kind, row.amount, row.licence) for row in rows),
    )
    imposed = "、".join(_imposed(row) for row in rows) or "未作处理"
    counted = NOT_COUNTED if violation.is_revoked else counted_as(decision.kind, as_input)
    words = clock_words(found, violation) if found else None
    return ActView(violation, imposed, counted, _fate(violation), warned, words)


def _imposed(row: Disposition) -> str:
    words = row.get_kind_display()
    if row.amount is not None:
        words += f" {money(int(row.amount * 100))} 元"
    return f"{words}（{row.licence}）" if row.licence else words


def _fate(violation: Violation) -> str:
    """What became of it since, or nothing."""
    if violation.revoked_on:
        return f"{violation.revoked_on} 撤销"
    if violation.repaired_on:
        return f"{violation.repaired_on} 修复"
    return ""


def next_step(decision: Decision) -> str:
    """Who acts next and by when, as a sentence; empty where nobody has to."""
    if decision.state == DecisionState.SUBMITTED:
        days = integer("confirm_working_days")
        return f"待 {who_confirms(decision.unit, decision)} 审核，期限为提交后 {days} 个工作日。"
    if decision.state == DecisionState.DRAFT:
        return f"待 {decision.unit.name} 核对并提交审核。"
    return ""
