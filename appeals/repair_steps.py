"""The office's steps from receipt to a proposal: none of them decides anything but acceptance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from django.db import transaction

from accounts.models import Officer
from accounts.roles import Can
from appeals import case_marks
from appeals.repair_conditions import lacking
from appeals.repair_deadlines import Periods, result_by
from appeals.repair_enums import FULFILLED, Proof, Verdict
from appeals.repair_filing import commitment_faults
from appeals.repair_models import Repair, RepairItem, RepairPause
from appeals.repair_unit import still_waited_for
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
from grading.record_clocks import clocks
from violations.checks_of_texts import text
from violations.cleaning import one_line
from violations.errors import CaseRefused
from violations.inputs import Fault
from violations.writing import save_as


@transaction.atomic
def ask_material(*, officer: Officer, repair_id: int, version: int, wanted: str) -> Repair:
    """Tell the applicant, all at once and once only, what is missing; the deadlines stand still.

    Raises Repair.DoesNotExist, NotAllowed, CaseChanged, CaseRefused, InvalidDecision, as all
    services here do.
    """
    repair = begun(Step.ASK, officer, repair_id, version)
    refuse(reason_faults("wanted", wanted, "须补正的材料"))
    pause = RepairPause(repair=repair, begins_on=today(), wanted=wanted.strip(), asked_by=officer)
    save_as(officer, pause, reason="一次性告知补正")
    return kept(repair, officer, "ask_material", reason=wanted.strip())


@transaction.atomic
def note_material(
    *, officer: Officer, repair_id: int, version: int, on: date | None, brought: str
) -> Repair:
    """What was brought, and when: the deadlines go on with the day after."""
    repair = begun(Step.BROUGHT, officer, repair_id, version)
    pause: RepairPause = repair.pauses.select_for_update().get(ends_on__isnull=True)
    faults = list(text("brought", brought.strip(), "补正的材料", 2000))
    if on is None:
        faults.append(Fault("on", "missing", "没有填写补正日期。请写成 2026-11-20 这样的形式。"))
    elif on > today() or on < pause.begins_on:
        message = f"补正日期须在 {pause.begins_on} 至今天之间。请核对日期。"
        faults.append(Fault("on", "range", message))
    refuse(faults)
    pause.ends_on, pause.brought = on, brought.strip()
    save_as(officer, pause, reason="登记补正材料")
    return kept(repair, officer, "brought", {"on": str(on)})


@transaction.atomic
def check_conditions(
    *,
    officer: Officer,
    repair_id: int,
    version: int,
    proofs: Mapping[int, Mapping[str, str]],
    commitment: str = "",
    committed_on: date | None = None,
    commitment_public: bool = False,
) -> Repair:
    """What the office found of each record (by id of its item), and of the commitment."""
    repair = begun(Step.CHECK, officer, repair_id, version)
    faults = list(commitment_faults(commitment, committed_on))
    items = open_items(repair)
    for item in items:
        given = proofs.get(item.pk, {})
        for name, label in (("performance", "履行"), ("correction", "纠正")):
            faults += _proof(item, name, label, given)
        item.checked_by = officer
    refuse(faults)
    repair.commitment, repair.committed_on = one_line(commitment), committed_on
    repair.commitment_public = commitment_public
    for item in items:
        save_as(officer, item, reason="核对条件")
    return kept(repair, officer, "check")


@transaction.atomic
def accept(*, officer: Officer, repair_id: int, version: int) -> Repair:
    """Accept what may be applied for already, and ask the units; the rest is not accepted.

    A record whose minimum period still runs is told its earliest day. Refused where none is left.
    """
    repair = begun(Step.ACCEPT, officer, repair_id, version)
    day, items = today(), open_items(repair)
    known = clocks([item.violation_id for item in items], day)
    early: dict[int, date | None] = {}
    for item in items:
        found = known.get(item.violation_id)
        if found is None or found.repair_from is None or found.repair_from > day:
            early[item.pk] = found.repair_from if found else None
    if len(early) == len(items):
        first = min((one for one in early.values() if one is not None), default=None)
        when = f"最早 {first} 可以申请" if first else "这些记录不能申请"
        raise CaseRefused(f"所选记录都未满最短公示期，{when}。请选择“不予受理”并告知最早日期。")
    for item in items:
        if item.pk in early:
            item.verdict = Verdict.TOO_EARLY
            item.verdict_reason = f"未满最短公示期，{early[item.pk]} 起可以申请。"
            save_as(officer, item, reason="未满最短期限")
    repair.accepted_on, repair.accepted_by = day, officer
    return kept(repair, officer, "accept", {"too_early": sorted(early)})


@transaction.atomic
def reject(*, officer: Officer, repair_id: int, version: int, reason: str) -> Repair:
    """Not accepted, for a reason that the letter gives; the applicant may come again."""
    repair = begun(Step.REJECT, officer, repair_id, version)
    refuse(reason_faults("reason", reason, "不予受理的理由"))
    close(repair, officer, Verdict.NOT_ACCEPTED, reason.strip())
    return kept(repair, officer, "reject", reason=reason.strip())


@transaction.atomic
def extend(*, officer: Officer, repair_id: int, version: int, reason: str) -> Repair:
    """Lengthen the period for the result, once and before it has run, for a reason."""
    repair = begun(Step.EXTEND, officer, repair_id, version)
    refuse(reason_faults("reason", reason, "延期理由"))
    due = result_by(repair, Periods())
    if due is not None and today() > due.day:
        raise CaseRefused(f"办理期限 {due.day} 已过，不能再延长。请尽快办结。")
    repair.extended_on, repair.extended_reason = today(), reason.strip()
    return kept(repair, officer, "extend", reason=reason.strip())


@transaction.atomic
def propose(
    *,
    officer: Officer,
    repair_id: int,
    version: int,
    proposals: Mapping[int, tuple[str, str]],
) -> Repair:
    """Per record (by id of its item): grant or refuse, and why. Somebody else decides.

    A record is proposed for repair only where every condition is met. A unit that has not answered
    is waited for until its own deadline, and not longer.
    """
    repair = begun(Step.PROPOSE, officer, repair_id, version)
    if (waited := still_waited_for(repair)) is not None:
        raise CaseRefused(waited)
    items = open_items(repair)
    faults: list[Fault] = []
    lines = condition_lines(repair, items, today())
    for item in items:
        verdict, reason = proposals.get(item.pk, ("", ""))
        faults += verdict_faults(item, "proposal", verdict, reason, lacking(lines[item.pk]))
        item.proposal, item.proposal_reason = verdict, reason.strip()
    refuse(faults)
    for item in items:
        save_as(officer, item, reason="提出认定意见")
    repair.proposed_by, repair.proposed_on = officer, today()
    repair.returned_remark = ""
    return kept(repair, officer, "propose", {item.pk: item.proposal for item in items})


@transaction.atomic
def transfer(
    *, officer: Officer, repair_id: int, version: int, to_number: str, reason: str
) -> Repair:
    """Hand the case to another officer of the office, or take it over oneself."""
    repair = begun(Step.TRANSFER, officer, repair_id, version)
    to = Officer.objects.filter(number=one_line(to_number), is_active=True).first()
    faults = reason_faults("reason", reason, "转办理由")
    if to is None or not to.may(Can.HANDLE_APPEAL):
        faults.append(Fault("to_number", "unknown", "没有选择可以办理的民警。请从列表中选择。"))
    elif to.pk == repair.handler_id:
        faults.append(Fault("to_number", "same", f"此案已由 {to.name} 经办。请选择其他民警。"))
    elif to.pk == repair.decided_by_id:
        faults.append(
            Fault("to_number", "decided", f"{to.name} 认定了此案，不能经办。请另选一人。")
        )
    refuse(faults)
    assert to is not None  # checked
    before, repair.handler = repair.handler.number, to
    return kept(repair, officer, "transfer", {"from": before, "to": to.number}, reason.strip())


@transaction.atomic
def withdraw(*, officer: Officer, repair_id: int, version: int, reason: str) -> Repair:
    """The applicant took the application back; nothing hinders another."""
    repair = begun(Step.WITHDRAW, officer, repair_id, version)
    refuse(reason_faults("reason", reason, "撤回情况"))
    close(repair, officer, Verdict.WITHDRAWN, reason.strip())
    return kept(repair, officer, "withdraw", reason=reason.strip())


@transaction.atomic
def mark(
    *,
    officer: Officer,
    repair_id: int,
    version: int,
    kind: str,
    done_on: date | None,
    words: str,
) -> Repair:
    """Note that what others owe after a repair was done, or that nothing is owed."""
    repair = begun(Step.MARK, officer, repair_id, version)
    row = case_marks.write(officer, repair, kind=kind, done_on=done_on, words=words)
    return kept(repair, officer, "mark", {"kind": kind, "done_on": str(done_on)}, row.words)


def _proof(item: RepairItem, name: str, label: str, given: Mapping[str, str]) -> Iterator[Fault]:
    state, words = given.get(name, ""), one_line(given.get(f"{name}_proof", ""))
    where = f"{name}_{item.pk}"
    if state not in Proof.values:
        yield Fault(where, "unknown", f"没有选择{label}情况。请从列出的情况中选择。")
    yield from text(f"{name}_proof_{item.pk}", words, f"{label}证明", 300, required=False)
    if state in FULFILLED and not words and not _known_from_record(item, name, state):
        message = f"没有写明{label}的证明。请写明看过的材料，例如“缴款凭证 1 份”。"
        yield Fault(f"{name}_proof_{item.pk}", "missing", message)
    setattr(item, name, state)
    setattr(item, f"{name}_proof", words)


def _known_from_record(item: RepairItem, name: str, state: str) -> bool:
    """Nothing was imposed that could be performed: the record itself says so."""
    return name == "performance" and state == Proof.NOT_NEEDED == item.performance
