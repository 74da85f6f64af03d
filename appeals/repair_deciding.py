"""The second person: each record is decided by itself, and what is granted takes effect at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Officer
from appeals.repair_conditions import lacking
from appeals.repair_enums import RepairState, Verdict
from appeals.repair_models import Repair, RepairItem
from appeals.repair_view import condition_lines
from appeals.repair_workflow import Step
from appeals.repair_writing import (
    begun,
    close,
    kept,
    open_items,
    reason_faults,
    refuse,
    verdict_faults,
)
from core.clock import today
from grading.counting import Both
from grading.repair_preview import preview_repair
from violations import outcome_basis
from violations.inputs import Fault
from violations.models import Decision
from violations.outcome_basis import Outcome
from violations.outcomes import repair_violation
from violations.writing import save_as


@transaction.atomic
def decide(
    *, officer: Officer, repair_id: int, version: int, verdicts: Mapping[int, tuple[str, str]]
) -> Repair:
    """Grant or refuse each record (by id of its item), with a reason.

    A repaired record stays, marked, and counts no more from today; its grade is worked out anew.
    Raises Repair.DoesNotExist, NotAllowed, CaseChanged, CaseRefused, InvalidDecision.
    """
    _lock_decisions(repair_id)  # before the case: who notes an outcome takes them in this order
    repair = begun(Step.DECIDE, officer, repair_id, version)
    items, faults = open_items(repair), list[Fault]()
    lines = condition_lines(repair, items, today())
    for item in items:
        verdict, reason = verdicts.get(item.pk, ("", ""))
        faults += verdict_faults(item, "verdict", verdict, reason, lacking(lines[item.pk]))
        item.verdict, item.verdict_reason = verdict, reason.strip()
        item.decided_by, item.decided_unit_id = officer, officer.unit_id
    refuse(faults)
    for item in items:
        save_as(officer, item, reason="认定")
    repair.decided_by, repair.decided_on = officer, today()
    repair.decided_at = timezone.now()
    granted = [item.violation_id for item in items if item.verdict == Verdict.GRANTED]
    seen = preview_repair(repair.subject, granted)
    repair.effects = {"before": _grades(seen.before), "after": _grades(seen.after)}
    kept(repair, officer, "decide", {item.pk: item.verdict for item in items})
    for item in sorted(items, key=lambda one: (one.violation.decision_id, one.violation_id)):
        if item.verdict == Verdict.GRANTED:
            _carry_out(repair, item, officer)
    return repair


@transaction.atomic
def send_back(*, officer: Officer, repair_id: int, version: int, remark: str) -> Repair:
    """Back to who handles it, with what is to be looked at again. Raises as ``decide``."""
    repair = begun(Step.RETURN, officer, repair_id, version)
    refuse(reason_faults("remark", remark, "退回意见"))
    repair.returned_remark = remark.strip()
    return kept(repair, officer, "return", reason=remark.strip())


def vouches(repair_id: int, violation_id: int, outcome: Outcome) -> bool:
    """Whether this case lets the act be repaired: granted here, by another person."""
    granted = RepairItem.objects.filter(
        repair=repair_id, violation=violation_id, verdict=Verdict.GRANTED
    )
    return outcome is Outcome.REPAIRED and granted.exists()


def close_overtaken(
    sender: object,
    violation_ids: list[int],
    basis: str,
    document: str,
    officer: Officer,
    **kwargs: Any,
) -> None:
    """A record fell or was repaired otherwise, by a court, an organ, a platform or an objection.

    What is asked for it here is settled; a case of which nothing is left ends. Receives
    ``violations.signals.outcome_decided``; what was decided here comes back as well, and is done.
    """
    settled = RepairItem.objects.filter(
        violation__in=violation_ids, verdict=Verdict.NONE
    ).select_related("violation")
    for repair_id in sorted({item.repair_id for item in settled}):
        repair: Repair = Repair.objects.select_for_update().get(pk=repair_id)
        items = open_items(repair)
        gone = [one for one in items if one.violation_id in violation_ids and _is_settled(one)]
        reason = f"文书 {document} 已有结果，不再办理。"
        for item in gone:
            item.verdict, item.verdict_reason = Verdict.OVERTAKEN, reason
            save_as(officer, item, reason="另有结果")
        if not gone:
            continue
        if len(gone) == len(items):
            repair.state = RepairState.OVERTAKEN
            close(repair, officer, Verdict.OVERTAKEN, reason)
        repair.version += 1
        kept(repair, officer, "overtaken", {"violations": [one.violation_id for one in gone]})


def _grades(both: Both) -> list[str]:
    """The internal and the disclosable grade."""
    return [both.internal.decided.grade, both.disclosable.decided.grade]


def _is_settled(item: RepairItem) -> bool:
    """A contest that ended with the decision upheld settles nothing here."""
    act = item.violation
    act.refresh_from_db(fields=["revoked_on", "repaired_on"])
    return act.revoked_on is not None or act.repaired_on is not None


def _lock_decisions(repair_id: int) -> None:
    ids = RepairItem.objects.filter(repair=repair_id).values("violation__decision")
    list(Decision.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


def _carry_out(repair: Repair, item: RepairItem, officer: Officer) -> None:
    repair_violation(
        officer=officer,
        violation_id=item.violation_id,
        on=today(),
        reason=f"信用修复 {repair.number}：{item.verdict_reason}"[:1000],
        document=f"{repair.number} 信用修复认定",
        basis=outcome_basis.repair(repair.pk),
    )
