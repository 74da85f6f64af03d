"""One service for every correction of what is on record: proposed by one, carried out by another.

It stands on this floor, above the records, because a correction that worsens a grade needs the
decision's paper, and only the rules know which one does. What may be corrected, and how it is
written, the targets of ``violations`` say.
"""

from __future__ import annotations

from copy import copy
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Officer
from accounts.roles import Can
from core import audit
from grading.dry_run import Effect, dry_run, kept, mark, measured
from violations.checks_of_texts import text
from violations.cleaning import one_line
from violations.correction_decision import DecisionTarget
from violations.correction_entries import FactorTarget, ListEntryTarget
from violations.correction_models import MIN_REASON, Correction, CorrectionKind, CorrectionState
from violations.correction_subjects import MergeTarget, SubjectTarget, UnmergeTarget
from violations.correction_targets import State, Target, changed
from violations.errors import InvalidDecision, NotAllowed
from violations.inputs import Fault
from violations.writing import save_as

MAX_REASON = 1000
MIN_REMARK = 5


class CorrectionClosed(Exception):  # noqa: N818
    """Somebody decided it meanwhile (409): ``correction`` as it is now."""

    def __init__(self, correction: Correction) -> None:
        self.correction = correction
        self.message = f"该更正{correction.get_state_display()}，不能再办理。请查看现在的状态。"
        super().__init__(self.message)


class StaleCorrection(Exception):  # noqa: N818
    """The record, or what the correction would do, is no longer what was seen (409)."""

    def __init__(self, correction: Correction, message: str) -> None:
        self.correction = correction
        self.message = message
        super().__init__(message)


def target_of(correction: Correction) -> Target:
    """The record that a correction is about."""
    if correction.decision is not None:
        return DecisionTarget(correction.decision)
    if correction.list_entry is not None:
        return ListEntryTarget(correction.list_entry)
    if correction.factor is not None:
        return FactorTarget(correction.factor)
    if correction.survivor is not None:
        is_merger = correction.kind == CorrectionKind.MERGE
        merging = MergeTarget if is_merger else UnmergeTarget
        return merging(correction.subject, correction.survivor)
    return SubjectTarget(correction.subject)


@transaction.atomic
def propose_correction(
    *, officer: Officer, target: Target, wanted: State, reason: str, document: str = ""
) -> Correction:
    """Propose that the record say ``wanted``; nothing changes until somebody else agrees.

    Raises NotAllowed and InvalidDecision (nothing differs, the record would not pass the checks of
    its entry, one is proposed already, or it worsens a grade and no paper is named).
    """
    _require(officer, Can.PROPOSE_CORRECTION, "提出更正")
    target.lock()
    draft = drafted(officer=officer, target=target, wanted=wanted, reason=reason, document=document)
    return _proposed(officer, target, draft, said="提出更正", action="correction.propose")


@transaction.atomic
def propose_undo(
    *, officer: Officer, correction_id: int, reason: str, document: str = ""
) -> Correction:
    """Propose to take back a correction that was carried out, as long as nothing came after it.

    It is a correction like any other, with a reason and a second person: whoever could take back
    alone what two agreed on would decide alone. Raises Correction.DoesNotExist, NotAllowed,
    CorrectionClosed, StaleCorrection, InvalidDecision.
    """
    _require(officer, Can.PROPOSE_CORRECTION, "提出更正")
    original = _locked(correction_id)
    if original.state != CorrectionState.CARRIED_OUT:
        raise CorrectionClosed(original)
    target = target_of(original)
    target.lock()
    if target.base() != original.result_base:
        message = "该记录后来又有变动，不能一键还原。请按现在的内容提出更正。"
        raise StaleCorrection(original, message)
    wanted = changed(target.state(), original.changes, back=True)
    draft = drafted(
        officer=officer,
        target=target,
        wanted=wanted,
        reason=reason,
        document=document,
        undoes=original,
    )
    return _proposed(officer, target, draft, said="提出还原", action="correction.propose_undo")


def drafted(
    *,
    officer: Officer,
    target: Target,
    wanted: State,
    reason: str = "",
    document: str = "",
    undoes: Correction | None = None,
) -> Correction:
    """The correction as it would be proposed, not stored. Raises InvalidDecision.

    What is wrong with the record, or with what it would say, is refused here; reason and paper are
    looked at when it is proposed.
    """
    wanted = wanted if undoes else target.cleaned(wanted)
    changes = [] if wanted.keys() != target.state().keys() else target.changes(wanted)
    _refuse(target.standing_faults() or _faults(target, wanted, undoes))
    if not changes:
        _refuse([Fault("", "nothing", "没有任何一项改动。请改正有误的内容后再提出。")])
    return Correction(
        **target.columns(),
        changes=changes,
        reason=reason.replace("\r\n", "\n").strip(),
        document=one_line(document),
        base=target.base(),
        proposed_by=officer,
        undoes=undoes,
    )


def preview(correction: Correction) -> list[Effect]:
    """What the correction would do to grades if it were carried out now; writes nothing.

    ``correction`` may be one that is not stored. Raises what carrying it out would raise.
    """
    tried, target = copy(correction), target_of(correction)

    def carry_out() -> None:
        if tried.pk is None:
            save_as(tried.proposed_by, tried)  # what it strikes points at it
        target.lock()
        _write(target, tried)

    return dry_run(carry_out, target.subject_ids())


def _proposed(
    officer: Officer, target: Target, draft: Correction, *, said: str, action: str
) -> Correction:
    _refuse(_text_faults(draft) + _waiting_faults(target))
    _require_paper(draft, preview(draft))
    save_as(officer, draft, reason=said)
    _record(officer, action, draft, draft.reason)
    return draft


def _waiting_faults(target: Target) -> list[Fault]:
    """One proposal at a time: the next would be stale as soon as the first is carried out."""
    waiting = Correction.objects.waiting().filter(**target.columns())
    open_one = waiting.select_related("proposed_by").first()
    if open_one is None:
        return []
    message = (
        f"该记录已有 {open_one.proposed_by.name} 提出、待同意的更正（第 {open_one.pk} 号）。"
        "请先办结该件，再提出新的更正。"
    )
    return [Fault("", "waiting", message)]


@transaction.atomic
def agree_to_correction(
    *, officer: Officer, correction_id: int, seen: str | None = None
) -> Correction:
    """Carry a proposed correction out; ``seen`` is the mark of the effects that were on screen.

    Raises Correction.DoesNotExist, NotAllowed, CorrectionClosed, StaleCorrection (the record or the
    effect is another than what was seen), InvalidDecision.
    """
    correction, target = _open(officer, correction_id)
    if target.base() != correction.base:
        message = "提出更正以后，该记录又有变动，本次更正不能办理。请对照现在的内容重新提出。"
        raise StaleCorrection(correction, message)
    wanted = _wanted(target, correction)
    _refuse(target.standing_faults() or _faults(target, wanted, correction.undoes))
    correction.decided_by, correction.decided_at = officer, timezone.now()
    correction.state = CorrectionState.CARRIED_OUT
    with transaction.atomic():
        _, effects = measured(lambda: _write(target, correction), target.subject_ids())
        _require_paper(correction, effects)
        if seen is not None and seen != mark(effects):
            message = "更正对等级的影响与您看到的不同。请查看新的影响，再决定是否同意。"
            raise StaleCorrection(correction, message)
    correction.effects = kept(effects)
    correction.result_base = target.base()
    save_as(officer, correction, reason="同意更正")
    if correction.undoes is not None:
        original = _locked(correction.undoes.pk)
        original.state = CorrectionState.UNDONE
        save_as(officer, original, reason=f"由更正 {correction.pk} 还原")
    moved = sum(effect.grade_moves for effect in effects)
    _record(officer, "correction.agree", correction, correction.reason, grades_moved=moved)
    return correction


@transaction.atomic
def refuse_correction(*, officer: Officer, correction_id: int, remark: str) -> Correction:
    """Turn a proposed correction down, saying why. Raises as ``agree_to_correction``."""
    remark = remark.replace("\r\n", "\n").strip()
    correction, _ = _open(officer, correction_id)
    faults = _short("remark", remark, "不同意的理由", MIN_REMARK, "请写明哪一项不符。")
    _refuse(faults)
    correction.decided_by, correction.decided_at = officer, timezone.now()
    correction.state, correction.remark = CorrectionState.REFUSED, remark
    save_as(officer, correction, reason="不同意更正")
    _record(officer, "correction.refuse", correction, remark)
    return correction


@transaction.atomic
def withdraw_correction(*, officer: Officer, correction_id: int) -> Correction:
    """Take back one's own proposal.

    Raises Correction.DoesNotExist, NotAllowed, CorrectionClosed.
    """
    correction = _locked(correction_id)
    if correction.proposed_by_id != officer.pk:
        raise NotAllowed("只有提出人能撤回更正。不同意的，请由他人办理。")
    if not correction.is_waiting:
        raise CorrectionClosed(correction)
    correction.state, correction.decided_at = CorrectionState.WITHDRAWN, timezone.now()
    save_as(officer, correction, reason="撤回更正")
    _record(officer, "correction.withdraw", correction, "")
    return correction


def why_not_decide(officer: Officer, correction: Correction) -> str:
    """Why this officer may not agree or refuse; empty where they may."""
    if not officer.may(Can.AGREE_TO_CORRECTION):
        return "您的角色不能决定更正。需要办理的，请联系局办公室或局领导。"
    if correction.proposed_by_id == officer.pk:
        return "提出更正的人不能决定自己提出的更正。请由他人办理。"
    return target_of(correction).barred(officer)


def _open(officer: Officer, correction_id: int) -> tuple[Correction, Target]:
    """A proposal that waits, and its record, both locked, for an officer who may decide it."""
    correction = _locked(correction_id)
    if not correction.is_waiting:
        raise CorrectionClosed(correction)
    refusal = why_not_decide(officer, correction)
    if refusal:
        raise NotAllowed(refusal)
    target = target_of(correction)
    target.lock()
    return correction, target


def _locked(correction_id: int) -> Correction:
    return Correction.objects.select_for_update().get(pk=correction_id)


def _write(target: Target, correction: Correction) -> None:
    officer = correction.decided_by or correction.proposed_by
    target.write(_wanted(target, correction), officer=officer, correction=correction)


def _faults(target: Target, wanted: State, undoes: Correction | None) -> list[Fault]:
    return target.undo_faults(wanted) if undoes else target.new_faults(wanted)


def _wanted(target: Target, correction: Correction) -> State:
    return changed(target.state(), correction.changes)


def _text_faults(correction: Correction) -> list[Fault]:
    reason, document = correction.reason, correction.document
    faults = _short("why.reason", reason, "理由", MIN_REASON, "请写明错在哪里、如何核实。")
    faults += text("why.document", document, "依据文书", 100, required=False)
    if correction.kind in (CorrectionKind.MERGE, CorrectionKind.UNMERGE) and not document:
        message = "没有填写证明材料。请写明登记机关文件或营业执照等材料的名称和编号。"
        faults.append(Fault("why.document", "missing", message))
    return faults


def _short(path: str, value: str, label: str, shortest: int, mend: str) -> list[Fault]:
    said = text(path, value, label, MAX_REASON, required=False, shortest=shortest, mend=mend)
    return list(said)


def _require_paper(correction: Correction, effects: list[Effect]) -> None:
    if correction.document or not any(effect.worsens for effect in effects):
        return
    message = "本次更正会加重等级或计数，须以决定书原件为依据。请填写依据文书的文号。"
    raise InvalidDecision([Fault("why.document", "paper", message)])


def _require(officer: Officer, what: Can, verb: str) -> None:
    if not officer.may(what):
        raise NotAllowed(f"您的角色不能{verb}。需要更正的，请联系局办公室。")


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise InvalidDecision(faults)


def _record(
    officer: Officer, action: str, correction: Correction, reason: str, **more: Any
) -> None:
    details = {
        "kind": correction.kind,
        "subject": correction.subject_id,
        "decision": correction.decision_id,
        "document": correction.document,
        "fields": [one["path"] for one in correction.changes],
        "undoes": correction.undoes_id,
        **more,
    }
    audit.record(actor=officer, action=action, target=correction, reason=reason, details=details)
