"""Filing an objection: at the desk, by letter, by the office itself, later on the public page.

From the second it is on record its records carry 异议处理中. What is claimed about is a record in
force (or a published list entry) of the organisation, or one of its grades.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import Officer
from accounts.roles import Can
from appeals.case_numbers import next_number
from appeals.objection_enums import BY_PARTY, GradeSight, ObjectionState, Origin
from appeals.objection_models import Objection, ObjectionClaim
from appeals.objection_workflow import lock_decisions, locked
from core import audit
from core.clock import today
from subjects.models import Subject
from violations.checks_of_texts import names_a_person_by_number, text
from violations.cleaning import one_line
from violations.enums import DecisionState, ListState
from violations.errors import CaseRefused, InvalidDecision, NotAllowed
from violations.inputs import Fault
from violations.models import ListEntry, Violation

NUMBER_WORD = "YY"
MIN_WORDS, MAX_WORDS = 5, 1000
MAX_CLAIMS = 50
_PHONE = re.compile(r"\+?[0-9][0-9 \-]{5,19}")


@dataclass(frozen=True, slots=True)
class ClaimInput:
    """About one of the three; ``words`` is what is claimed."""

    words: str
    violation_id: int | None = None
    list_entry_id: int | None = None
    grade: str = ""


@dataclass(frozen=True, slots=True)
class ObjectionInput:
    """An objection as it comes in; ``contact_*`` are of the person who acts for the party."""

    subject_id: int
    origin: str
    received_on: date | None
    claims: tuple[ClaimInput, ...]
    statement: str = ""
    contact_role: str = ""
    contact_name: str = ""
    contact_phone: str = ""


@transaction.atomic
def file_objection(
    *, officer: Officer | None, data: ObjectionInput, reviews: Objection | None = None
) -> Objection:
    """Put an objection on record with its receipt number; the records are disputed from now on.

    ``officer`` is None where the organisation itself files it on the public page. The subject is
    locked, so that of two equal objections the second is told. Raises NotAllowed, InvalidDecision,
    Subject.DoesNotExist.
    """
    if officer is not None and not officer.may(Can.HANDLE_APPEAL):
        raise NotAllowed("您的角色不能登记异议。请联系局办公室。")
    acts = Violation.objects.filter(pk__in=[one.violation_id for one in data.claims])
    lock_decisions(acts.order_by().values_list("decision_id", flat=True))
    subject = Subject.objects.select_for_update().get(pk=data.subject_id)
    subject = Subject.objects.get(pk=subject.survivor_id)
    data = _cleaned(data)
    claims = [_claim(subject, one) for one in data.claims]
    faults = [*_faults(officer, data), *_claim_faults(subject, data, claims)]
    if faults:
        raise InvalidDecision(faults)
    assert data.received_on is not None
    objection = Objection(
        number=next_number(NUMBER_WORD, today().year),
        subject=subject,
        origin=data.origin,
        received_on=data.received_on,
        received_by=officer,
        handler=None if reviews is not None and officer in first_hands(reviews) else officer,
        statement=data.statement,
        contact_role=data.contact_role,
        contact_name=data.contact_name,
        contact_phone=data.contact_phone,
        reviews=reviews,
    )
    if reviews is not None:
        objection.first_handler = reviews.handler
        objection.first_proposer = reviews.proposed_by
        objection.first_decider = reviews.decided_by
    _save(officer, objection, "登记异议")
    for claim in claims:
        claim.objection = objection
        _save(officer, claim, "登记异议")
    audit.record(
        actor=officer,
        action="objection.file",
        target=objection,
        details={
            "subject": subject.pk,
            "origin": data.origin,
            "violations": [one.violation_id for one in claims if one.violation_id],
            "list_entries": [one.list_entry_id for one in claims if one.list_entry_id],
            "grades": [one.grade for one in claims if one.grade],
            "reviews": reviews.pk if reviews else None,
        },
    )
    return objection


@transaction.atomic
def ask_for_second_stage(
    *, officer: Officer, objection_id: int, received_on: date | None, words: str
) -> Objection:
    """The party does not accept the outcome: the same claims again, for another officer.

    Whoever handled, proposed or decided the first may put it on record, but does not handle it:
    it waits for another to take it up. Only what was dismissed or granted in part can be looked
    at again, and once. Raises as ``file_objection``, and CaseRefused.
    """
    first = locked(objection_id)
    if not officer.may(Can.HANDLE_APPEAL):
        raise NotAllowed("您的角色不能登记异议。请联系局办公室。")
    if first.state != ObjectionState.ANSWERED:
        raise CaseRefused("答复以后才能申请再次核查。请打开异议查看现在的状态。")
    if first.reviews_id is not None or Objection.objects.filter(reviews=first).exists():
        raise CaseRefused("该异议已经再次核查过。仍不服的，可以申请复议或者提起诉讼。")
    words = words.replace("\r\n", "\n").strip()
    faults = list(_words("words", words, "再次核查的理由"))
    if faults:
        raise InvalidDecision(faults)
    again = [
        ClaimInput(words, one.violation_id, one.list_entry_id, one.grade)
        for one in first.claims.filter(verdict__in=("dismissed", "partly"))
    ]
    if not again:
        raise CaseRefused("该异议的各项主张已经成立，没有可以再次核查的事项。")
    data = ObjectionInput(
        subject_id=first.subject_id,
        origin=first.origin,
        received_on=received_on,
        claims=tuple(again),
        contact_role=first.contact_role,
        contact_name=first.contact_name,
        contact_phone=first.contact_phone,
    )
    return file_objection(officer=officer, data=data, reviews=first)


def first_hands(first: Objection) -> tuple[Officer | None, ...]:
    """Who handled, proposed or decided this one, and so has no part in looking at it again."""
    return (first.handler, first.proposed_by, first.decided_by)


def _save(officer: Officer | None, row: Any, reason: str) -> None:
    row._history_user = officer
    row._change_reason = reason
    row.save()


def _cleaned(data: ObjectionInput) -> ObjectionInput:
    claims = tuple(
        replace(one, words=one.words.replace("\r\n", "\n").strip()) for one in data.claims
    )
    return replace(
        data,
        claims=claims,
        statement=data.statement.replace("\r\n", "\n").strip(),
        contact_role=one_line(data.contact_role),
        contact_name=one_line(data.contact_name),
        contact_phone=one_line(data.contact_phone),
    )


def _claim(subject: Subject, data: ClaimInput) -> ObjectionClaim:
    """The claim with the persons and the unit of its record written down."""
    claim = ObjectionClaim(words=data.words, grade=data.grade)
    if data.violation_id is not None:
        act = Violation.objects.select_related("decision").filter(pk=data.violation_id).first()
        if act is not None:
            claim.violation = act
            claim.unit_id = act.decision.unit_id
            claim.recorded_by_id = act.decision.recorded_by_id
            claim.confirmed_by_id = act.decision.confirmed_by_id
    elif data.list_entry_id is not None:
        entry = ListEntry.objects.filter(pk=data.list_entry_id).first()
        if entry is not None:
            claim.list_entry = entry
            claim.recorded_by_id = entry.proposed_by_id
            claim.confirmed_by_id = entry.approved_by_id
    return claim


def _faults(officer: Officer | None, data: ObjectionInput) -> Iterator[Fault]:
    if data.origin not in Origin.values:
        yield Fault("origin", "missing", "没有选择异议来源。请选择。")
    if data.received_on is None:
        yield Fault("received_on", "missing", "没有填写收到日期。请写成 2026-11-20 这样的形式。")
    elif data.received_on > today():
        yield Fault("received_on", "future", "收到日期不能晚于今天。请核对。")
    yield from text("statement", data.statement, "事实和理由", 4000, required=False)
    yield from text("contact_role", data.contact_role, "申请人身份", 40, required=False)
    if data.origin in BY_PARTY:
        yield from text("contact_name", data.contact_name, "申请人", 40)
        if not data.contact_phone:
            yield Fault("contact_phone", "missing", "没有填写联系电话。请填写能联系到的电话。")
    if data.contact_phone and names_a_person_by_number(data.contact_phone):
        message = "联系电话一栏是身份证号码。本系统不保存，请改填电话号码。"
        yield Fault("contact_phone", "person", message)
    elif data.contact_phone and not _PHONE.fullmatch(data.contact_phone):
        message = "联系电话只写数字、空格和短横，例如 0375-8123456。"
        yield Fault("contact_phone", "phone", message)


def _claim_faults(
    subject: Subject, data: ObjectionInput, claims: list[ObjectionClaim]
) -> Iterator[Fault]:
    if not claims:
        yield Fault("claims", "missing", "没有选择有异议的记录或等级。请至少选择一项。")
    if len(claims) > MAX_CLAIMS:
        yield Fault("claims", "too_many", f"一件异议最多 {MAX_CLAIMS} 项。请分件登记。")
    seen: set[tuple[int | None, int | None, str]] = set()
    for at, (given, claim) in enumerate(zip(data.claims, claims, strict=True)):
        path = f"claims[{at}].words"
        yield from _words(path, given.words, "主张")
        key = (given.violation_id, given.list_entry_id, given.grade)
        if key in seen:
            yield Fault(path, "twice", "同一记录或等级只写一项。请合并。")
        seen.add(key)
        message = _why_not(subject, given, claim)
        if message:
            yield Fault(path, "not_open", message)


def _words(path: str, words: str, label: str) -> Iterator[Fault]:
    yield from text(path, words, label, MAX_WORDS)
    if words and len(words) < MIN_WORDS:
        message = f"{label}至少 {MIN_WORDS} 字，现为 {len(words)} 字。请写明哪一项有误。"
        yield Fault(path, "too_short", message)


def _why_not(subject: Subject, given: ClaimInput, claim: ObjectionClaim) -> str:
    """Why nothing can be claimed about this; empty where it can."""
    if claim.violation is not None:
        decision = claim.violation.decision
        if Subject.objects.get(pk=decision.subject_id).survivor_id != subject.pk:
            return "这条记录不是该监管对象的。请重新选择。"
        if decision.state != DecisionState.IN_FORCE or claim.violation.is_revoked:
            return "这条记录已经撤销或尚未生效，不需要异议。请打开记录查看现在的状态。"
        return _already(ObjectionClaim.objects.filter(violation=claim.violation))
    if claim.list_entry is not None:
        entry = claim.list_entry
        if Subject.objects.get(pk=entry.subject_id).survivor_id != subject.pk:
            return "这个名单条目不是该监管对象的。请重新选择。"
        if entry.state != ListState.PUBLISHED:
            return "这个名单条目没有列入或已经撤销。公示期内的异议请在名单条目中登记。"
        return _already(ObjectionClaim.objects.filter(list_entry=entry))
    if given.grade in GradeSight.values:
        open_ones = ObjectionClaim.objects.filter(objection__subject=subject, grade=given.grade)
        return _already(open_ones)
    return "没有这条记录。请重新选择。"


def _already(claims: Any) -> str:
    number = claims.filter(is_open=True).values_list("objection__number", flat=True).first()
    return f"已有在办的异议 {number}。请打开该件，把新的材料补充进去。" if number else ""
