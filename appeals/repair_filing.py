"""An application comes in: for one organisation, for any number of its records (5-9)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from accounts.models import Officer
from accounts.roles import Can
from appeals.case_numbers import REPAIR, next_number
from appeals.repair_conditions import nothing_to_perform
from appeals.repair_enums import Channel, Proof, Verdict
from appeals.repair_models import Repair, RepairItem
from core import audit
from core.clock import today
from subjects.models import Subject
from violations.checks_of_texts import text
from violations.cleaning import one_line
from violations.enums import DecisionState
from violations.errors import InvalidDecision, NotAllowed
from violations.inputs import Fault
from violations.models import Decision, Violation
from violations.writing import save_as

MOST_RECORDS = 50
_PHONE = re.compile(r"[+\d][\d\s\-()（）转]{5,29}")


@dataclass(frozen=True, slots=True)
class Application:
    """What is on the application, as the officer at the desk writes it down."""

    subject_id: int
    violation_ids: Sequence[int]
    channel: str
    received_on: date | None
    materials: str
    statement: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    commitment: str = ""
    committed_on: date | None = None
    commitment_public: bool = False


@transaction.atomic
def receive(*, officer: Officer, data: Application) -> Repair:
    """Register an application under the next number; who receives it handles it.

    It is registered even where a minimum period still runs: that is for acceptance to say.
    Raises Subject.DoesNotExist, NotAllowed, InvalidDecision.
    """
    if not officer.may(Can.HANDLE_APPEAL):
        raise NotAllowed("您的角色不能登记信用修复申请。请转局办公室办理。")
    subject = Subject.objects.get(pk=data.subject_id)
    acts = _locked_acts(data.violation_ids)
    faults = [*_faults(data), *_record_faults(subject, data.violation_ids, acts)]
    if faults:
        raise InvalidDecision(faults)
    assert data.received_on is not None  # checked
    repair = Repair(
        number=next_number(REPAIR, today().year),
        subject_id=subject.survivor_id,
        channel=data.channel,
        received_on=data.received_on,
        received_by=officer,
        handler=officer,
        statement=data.statement.strip(),
        materials=data.materials.strip(),
        contact_name=one_line(data.contact_name),
        contact_phone=one_line(data.contact_phone),
        commitment=one_line(data.commitment),
        committed_on=data.committed_on,
        commitment_public=data.commitment_public,
    )
    save_as(officer, repair, reason="收到申请")
    for act in acts:
        save_as(officer, _item(repair, act), reason="收到申请")
    audit.record(
        actor=officer,
        action="repair.receive",
        target=repair,
        details={"subject": repair.subject_id, "violations": [act.pk for act in acts]},
    )
    return repair


def _item(repair: Repair, act: Violation) -> RepairItem:
    kinds = [row.kind for row in act.dispositions.all()]
    nothing = nothing_to_perform(kinds)
    return RepairItem(
        repair=repair,
        violation=act,
        unit_id=act.decision.unit_id,
        recorded_by_id=act.decision.recorded_by_id,
        confirmed_by_id=act.decision.confirmed_by_id,
        performance=Proof.NOT_NEEDED if nothing else Proof.OPEN,
    )


def _locked_acts(ids: Collection[int]) -> list[Violation]:
    """The acts with their decisions, which are locked first and in order, as everybody does."""
    wanted = Violation.objects.filter(pk__in=list(ids)[: MOST_RECORDS + 1])
    decisions = sorted(set(wanted.values_list("decision_id", flat=True)))
    list(Decision.objects.select_for_update().filter(pk__in=decisions).order_by("pk"))
    acts: list[Violation] = list(
        wanted.select_related("decision__subject").prefetch_related("dispositions").order_by("pk")
    )
    return acts


def _faults(data: Application) -> Iterator[Fault]:
    if data.channel not in Channel.values:
        yield Fault("channel", "missing", "没有选择收到方式。请从列出的方式中选择。")
    yield from _day("received_on", data.received_on, "收到日期")
    yield from text("materials", data.materials.strip(), "提交的材料", 2000)
    yield from text("statement", data.statement.strip(), "申请理由", 2000, required=False)
    yield from contact_faults(data.contact_name, data.contact_phone)
    yield from commitment_faults(data.commitment, data.committed_on)


def contact_faults(name: str, phone: str) -> Iterator[Fault]:
    yield from text("contact_name", one_line(name), "联系人", 40, required=False)
    phone = one_line(phone)
    if phone and not _PHONE.fullmatch(phone):
        message = "联系电话不像电话号码。请写成 0375-8120000 或 13800000000 这样的形式。"
        yield Fault("contact_phone", "phone", message)
    yield from text("contact_phone", phone, "联系电话", 30, required=False)


def commitment_faults(commitment: str, committed_on: date | None) -> Iterator[Fault]:
    yield from text("commitment", one_line(commitment), "信用承诺书", 200, required=False)
    if commitment and committed_on is None:
        yield Fault("committed_on", "missing", "没有填写承诺日期。请对照承诺书填写。")
    elif committed_on is not None and committed_on > today():
        yield Fault("committed_on", "future", "承诺日期不能晚于今天。请对照承诺书核对。")


def _day(path: str, on: date | None, label: str) -> Iterator[Fault]:
    if on is None:
        yield Fault(path, "missing", f"没有填写{label}。请写成 2026-11-20 这样的形式。")
    elif on > today():
        yield Fault(path, "future", f"{label}不能晚于今天。请核对日期。")


def _record_faults(
    subject: Subject, wanted: Sequence[int], acts: Sequence[Violation]
) -> Iterator[Fault]:
    """Each record that cannot be applied for is named with its reason."""
    if not wanted:
        yield Fault("violations", "missing", "没有选择申请修复的记录。请至少选择一条。")
    if len(set(wanted)) > MOST_RECORDS:
        message = f"一件申请最多 {MOST_RECORDS} 条记录。请分成几件登记。"
        yield Fault("violations", "too_many", message)
        return
    if len(acts) != len(set(wanted)):
        yield Fault("violations", "unknown", "所选记录有的不存在。请重新打开档案选择。")
    taken = _in_hand([act.pk for act in acts])
    for act in acts:
        if why := _why_not(act, subject, taken):
            yield Fault("violations", "record", f"{act.decision.number} · {act.ordinal}：{why}")


def _in_hand(ids: list[int]) -> dict[int, str]:
    rows = RepairItem.objects.filter(violation__in=ids, verdict=Verdict.NONE)
    return dict(rows.values_list("violation_id", "repair__number"))


def _why_not(act: Violation, subject: Subject, taken: dict[int, str]) -> str:
    if act.decision.subject.survivor_id != subject.survivor_id:
        return "不是该监管对象的记录。请按监管对象分别登记。"
    if act.decision.state != DecisionState.IN_FORCE or act.revoked_on is not None:
        return "已撤销或未生效，不计入，无需修复。"
    if act.repaired_on is not None:
        return f"已于 {act.repaired_on} 修复，无需再次申请。"
    if act.pk in taken:
        return f"已有在办的申请 {taken[act.pk]}。请打开该案办理。"
    return ""


def records_to_choose(subject: Subject) -> list[Violation]:
    """The organisation's acts in force that are neither revoked, repaired nor in hand already."""
    taken = RepairItem.objects.filter(verdict=Verdict.NONE).values("violation")
    rows = Violation.objects.filter(
        decision__subject__in=subject.family_ids,
        decision__state=DecisionState.IN_FORCE,
        revoked_on__isnull=True,
        repaired_on__isnull=True,
    ).exclude(pk__in=taken)
    found = rows.select_related("decision__unit").prefetch_related("dispositions")
    return list(found.order_by("-decision__decided_on", "decision_id", "ordinal")[:200])
