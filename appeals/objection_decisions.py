"""The outcome of an objection: proposed by one, decided by another, carried through at once (5-9).

What is upheld is revoked, what is corrected goes through the two-person correction service, and
nothing becomes heavier by it. One decision changes record, grade, measures and, above, whatever was
published or pushed; each listens to what is below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import Officer
from appeals.objection_effects import preview, waiting_correction
from appeals.objection_enums import BY_CORRECTION, GROUNDS, PROPOSABLE, Ground, Verdict
from appeals.objection_models import Objection, ObjectionClaim
from appeals.objection_steps import end_pauses, record
from appeals.objection_workflow import Step, apply, locked, locked_with_records
from appeals.signals import objection_decided
from core.clock import today
from core.models import FactQuerySet
from grading.corrections import CorrectionClosed, StaleCorrection, agree_to_correction
from grading.dry_run import Effect, kept, mark, measured
from grading.models import Cause
from grading.requests import request_regrade
from violations.checks_of_texts import text
from violations.cleaning import one_line
from violations.correction_models import CorrectionState
from violations.errors import CaseRefused, InvalidDecision
from violations.inputs import Fault
from violations.list_closing import agree_to_closing
from violations.models import Decision
from violations.outcome_basis import Outcome
from violations.outcome_basis import objection as as_basis
from violations.outcomes import revoke_violation, withdraw_in_force
from violations.writing import save_as

MIN_FINDING, MAX_FINDING = 10, 2000
# A decision that was entered wrong falls as a whole and frees its number, to be entered anew.
ANEW = frozenset({Ground.ENTRY_ERROR})


@dataclass(frozen=True, slots=True)
class Finding:
    """What is proposed about one claim."""

    claim_id: int
    verdict: str
    ground: str
    finding: str
    document: str = ""


@transaction.atomic
def propose(
    *, officer: Officer, objection_id: int, version: int, findings: Sequence[Finding]
) -> Objection:
    """Propose an outcome for every claim; nothing changes until another officer decides.

    Raises Objection.DoesNotExist, NotAllowed, CaseChanged, CaseRefused, InvalidDecision.
    """
    objection = locked_with_records(objection_id)
    apply(objection, Step.PROPOSE, officer=officer, version=version)
    given = {one.claim_id: one for one in findings}
    faults: list[Fault] = []
    claims = list(_claims(objection))
    for claim in claims:
        found = given.get(claim.pk) or Finding(claim.pk, "", "", "")
        faults += _write_proposal(claim, found)
    if faults:
        raise InvalidDecision(faults)
    effects = preview(objection, {claim.pk: claim.proposal for claim in claims})
    _refuse_worse(effects)
    for claim in claims:
        save_as(officer, claim, reason="提出认定意见")
    objection.proposed_by, objection.proposed_on = officer, today()
    objection.returned_remark = ""
    save_as(officer, objection, reason="提出认定意见")
    verdicts = {str(claim.pk): claim.proposal for claim in claims}
    record(officer, objection, "objection.propose", verdicts=verdicts)
    return objection


@transaction.atomic
def return_proposal(*, officer: Officer, objection_id: int, version: int, remark: str) -> Objection:
    """Hand the proposal back, saying what is wrong with it."""
    objection = locked(objection_id)
    apply(objection, Step.RETURN, officer=officer, version=version)
    remark = remark.replace("\r\n", "\n").strip()
    faults = list(text("remark", remark, "退回意见", 1000))
    if remark and len(remark) < MIN_FINDING:
        message = f"退回意见至少 {MIN_FINDING} 字，现为 {len(remark)} 字。请写明须补充什么。"
        faults.append(Fault("remark", "too_short", message))
    if faults:
        raise InvalidDecision(faults)
    objection.returned_remark = remark
    save_as(officer, objection, reason="退回经办人")
    record(officer, objection, "objection.return", remark)
    return objection


@transaction.atomic
def decide(
    *, officer: Officer, objection_id: int, version: int, seen: str | None = None
) -> Objection:
    """Decide as proposed and carry it through; ``seen`` marks the effects that were on screen.

    Raises as ``propose``; also where a record or the effect is another than what was seen.
    """
    objection = locked_with_records(objection_id)
    apply(objection, Step.DECIDE, officer=officer, version=version)
    objection.decided_by, objection.decided_on = officer, today()
    objection.decided_at = timezone.now()
    claims = list(_claims(objection))
    for claim in claims:
        claim.verdict, claim.is_open = claim.proposal, False
        claim.decided_by, claim.decided_unit = officer, officer.unit
        save_as(officer, claim, reason="认定")
    end_pauses(officer, objection)
    save_as(officer, objection, reason="认定")
    try:
        with transaction.atomic():
            subject_ids = [objection.subject.survivor_id]
            _, effects = measured(lambda: _carry_out(officer, objection, claims), subject_ids)
            _refuse_worse(effects)
            if seen is not None and seen != mark(effects):
                message = "对等级的影响与您看到的不同。请查看新的影响，再决定是否认定。"
                raise CaseRefused(message)
    except (CorrectionClosed, StaleCorrection) as late:
        raise CaseRefused(f"{late.message}请退回经办人，重新提出更正。") from None
    objection.effects = kept(effects)
    save_as(officer, objection, reason="认定")
    verdicts = {str(claim.pk): claim.verdict for claim in claims}
    moved = sum(effect.grade_moves for effect in effects)
    record(officer, objection, "objection.decide", verdicts=verdicts, grades_moved=moved)
    changed = [one for one in claims if one.verdict != Verdict.DISMISSED]
    objection_decided.send(
        sender=Objection,
        objection_id=objection.pk,
        violation_ids=[one.violation_id for one in changed if one.violation_id],
        list_entry_ids=[one.list_entry_id for one in changed if one.list_entry_id],
    )
    return objection


def vouches(objection_id: int, violation_id: int, outcome: Outcome) -> bool:
    """Whether a decided objection lets this act fall (``violations.outcome_basis``)."""
    if outcome is not Outcome.REVOKED:
        return False
    rows = ObjectionClaim.objects.filter(
        objection=objection_id, violation=violation_id, verdict=Verdict.UPHELD
    )
    found: bool = rows.filter(objection__decided_by__isnull=False).exists()
    return found


def _carry_out(officer: Officer, objection: Objection, claims: list[ObjectionClaim]) -> None:
    """Corrections first: what falls afterwards would make them stale."""
    done: set[int] = set()
    for claim in claims:
        correction = claim.correction
        if claim.verdict not in BY_CORRECTION or correction is None or correction.pk in done:
            continue
        done.add(correction.pk)
        correction.refresh_from_db()
        if correction.state != CorrectionState.CARRIED_OUT:
            agree_to_correction(officer=officer, correction_id=correction.pk)
    upheld = [one for one in claims if one.verdict == Verdict.UPHELD]
    _revoke(officer, objection, [one for one in upheld if one.violation is not None])
    for claim in upheld:
        if claim.list_entry is not None:
            claim.list_entry.refresh_from_db()
            agree_to_closing(
                officer=officer, entry_id=claim.list_entry.pk, version=claim.list_entry.version
            )
    if any(claim.grade for claim in claims):
        request_regrade(
            [objection.subject_id], cause=Cause.CORRECTION, source=f"异议 {objection.number}"
        )


def _revoke(officer: Officer, objection: Objection, upheld: list[ObjectionClaim]) -> None:
    """Act by act; a decision that was entered wrong as a whole, so that it can be entered anew."""
    basis = as_basis(objection.pk)
    by_decision: dict[int, list[ObjectionClaim]] = {}
    for claim in upheld:
        assert claim.violation is not None
        by_decision.setdefault(claim.violation.decision_id, []).append(claim)
    for decision_id, claims in by_decision.items():
        decision = Decision.objects.get(pk=decision_id)
        standing = set(
            decision.violations.filter(revoked_on__isnull=True).values_list("pk", flat=True)
        )
        claimed = {claim.violation_id for claim in claims}
        if standing <= claimed and all(claim.ground in ANEW for claim in claims):
            withdraw_in_force(
                officer=officer,
                decision_id=decision_id,
                version=decision.version,
                on=today(),
                reason=claims[0].finding,
                document=claims[0].document or objection.number,
                basis=basis,
            )
            continue
        for claim in claims:
            assert claim.violation_id is not None
            revoke_violation(
                officer=officer,
                violation_id=claim.violation_id,
                on=today(),
                reason=claim.finding,
                document=claim.document or objection.number,
                basis=basis,
            )


def _claims(objection: Objection) -> Iterable[ObjectionClaim]:
    rows: FactQuerySet[ObjectionClaim] = (
        objection.claims.select_for_update(of=("self",))
        .filter(is_open=True)
        .select_related("violation__decision", "list_entry", "correction")
        .order_by("pk")
    )
    return rows


def _write_proposal(claim: ObjectionClaim, found: Finding) -> list[Fault]:
    """Put what is proposed on the claim, and say what is wrong with it."""
    path = f"claims[{claim.pk}]"
    claim.proposal, claim.ground = found.verdict, found.ground
    claim.finding = found.finding.replace("\r\n", "\n").strip()
    claim.document = one_line(found.document)
    claim.correction = None
    faults = list(text(f"{path}.finding", claim.finding, "认定的事实和理由", MAX_FINDING))
    if claim.finding and len(claim.finding) < MIN_FINDING:
        message = f"认定的事实和理由至少 {MIN_FINDING} 字，现为 {len(claim.finding)} 字。请写明。"
        faults.append(Fault(f"{path}.finding", "too_short", message))
    faults += text(f"{path}.document", claim.document, "依据文书", 100, required=False)
    if claim.proposal not in PROPOSABLE:
        return [*faults, Fault(f"{path}.verdict", "missing", "没有选择结论。请逐项选择。")]
    if claim.ground not in GROUNDS[claim.proposal]:
        message = "理由与结论不符。请从该结论的理由中选择。"
        faults.append(Fault(f"{path}.ground", "ground", message))
    return faults + _record_faults(path, claim)


def _record_faults(path: str, claim: ObjectionClaim) -> list[Fault]:
    """What the outcome needs beside words: a correction, or the end of a list entry."""
    if claim.proposal == Verdict.UPHELD and claim.list_entry is not None:
        if not claim.list_entry.awaits_closing:
            message = "名单条目的撤销或移出须先在名单条目中提请，由认定人一并批准。请先提请。"
            return [Fault(f"{path}.verdict", "closing", message)]
        return []
    if claim.proposal not in BY_CORRECTION:
        return []
    if claim.grade:
        message = "等级由记录算出，不能直接更正。请对有误的记录提出异议，或者认定成立后重新评定。"
        return [Fault(f"{path}.verdict", "grade", message)]
    claim.correction = waiting_correction(claim)
    if claim.correction is None:
        message = "更正须先对该记录提出更正，由认定人一并同意。请先提出更正，再提出认定意见。"
        return [Fault(f"{path}.verdict", "correction", message)]
    return []


def _refuse_worse(effects: Sequence[Effect]) -> None:
    """An objection never worsens anything for who raised it (domain.md §5)."""
    if any(effect.worsens for effect in effects):
        message = "异议的结果不得加重等级或计数。请改正更正的内容，或者维持原记录。"
        raise InvalidDecision([Fault("", "worse", message)])
