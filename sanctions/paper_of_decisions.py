"""The repair notice, served together with a decision in force (国办发〔2025〕22号)."""

from __future__ import annotations

from typing import Any

from accounts.models import Officer
from core.clock import today
from grading.record_clocks import clocks
from grading.tiers import LABELS
from sanctions.notice_papers import treatment
from sanctions.paper_content import chinese_day
from sanctions.paper_models import Paper
from sanctions.papers import issue
from violations.errors import InvalidDecision
from violations.inputs import Fault
from violations.models import Decision

REPAIR_NOTICE = "repair_notice"


def may_have_repair_notice(decision: Decision) -> bool:
    """Whether the decision stands and has an act that can be repaired."""
    if not decision.is_in_force:
        return False
    return any(_open(act) for act in decision.violations.all())


def issue_repair_notice(
    *,
    officer: Officer,
    decision: Decision,
    supersedes: Paper | None = None,
    reason: str = "",
) -> Paper:
    """The paper of the unit that made the decision; one stands at a time.

    Raises NotAllowed, InvalidDecision.
    """
    if not may_have_repair_notice(decision):
        message = "只有生效且未撤销、未修复的决定可以出具信用修复告知书。"
        raise InvalidDecision([Fault("decision", "state", message)])
    there = standing(decision)
    if there is not None and (supersedes is None or there.pk != supersedes.pk):
        message = f"该决定已出具 {there.number}。内容有误的，请打开该文书重新出具。"
        raise InvalidDecision([Fault("decision", "duplicate", message)])
    return issue(
        kind=REPAIR_NOTICE,
        unit=decision.unit,
        subject=decision.subject,
        content=content_for(decision),
        officer=officer,
        decision=decision,
        supersedes=supersedes,
        reason=reason,
    )


def standing(decision: Decision) -> Paper | None:
    """The repair notice that this decision has, the one that replaced others."""
    rows = Paper.objects.standing().filter(decision=decision, kind=REPAIR_NOTICE)
    return rows.order_by("pk").last()


def content_for(decision: Decision) -> dict[str, Any]:
    """Number, day, and for each act: what it was, its treatment, its tier, repair from when."""
    acts = [act for act in decision.violations.prefetch_related("dispositions") if _open(act)]
    found = clocks([act.pk for act in acts], today())
    rows = []
    for act in acts:
        clock = found.get(act.pk)
        tier = LABELS[clock.tier] if clock else ""
        since = chinese_day(clock.repair_from) if clock and clock.repair_from else ""
        rows.append([act.type, treatment(act), tier, since])
    return {
        "number": decision.number,
        "decided_on": chinese_day(decision.decided_on),
        "acts": rows,
    }


def _open(act: Any) -> bool:
    return act.revoked_on is None and act.repaired_on is None
