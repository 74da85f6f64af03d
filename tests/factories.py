"""Rows for tests, written one by one through ``save()``; nothing here sends signals or audits.

Whoever tests the services calls the services; these are the facts that a test begins with.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import Officer, Unit
from accounts.roles import Role
from core.clock import today
from sanctions.list_service import LIST_DECISION
from sanctions.paper_models import Paper
from subjects.enums import Industry, SubjectKind
from subjects.models import Subject
from violations.enums import (
    WARNING_KINDS,
    Bucket,
    DecisionKind,
    DecisionState,
    DispositionKind,
    Field,
    Hearing,
    ListKind,
    ListState,
)
from violations.models import Contest, Decision, Disposition, ListEntry, Violation

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# A treatment: a kind, or a kind with its money in yuan.
Treatment = str | tuple[str, Decimal | int | str | None]

_numbers = itertools.count(1)


def credit_code(seed: int) -> str:
    """A right unified social credit code (register 91, area 410481), one for each ``seed``."""
    body = f"91410481{seed:09d}"
    total = sum(ALPHABET.index(char) * pow(3, i, 31) for i, char in enumerate(body))
    return body + ALPHABET[(31 - total % 31) % 31]


def unit(code: str | None = None, name: str | None = None, is_office: bool = False) -> Unit:
    """A unit; with a ``code`` that exists already, that one."""
    n = next(_numbers)
    made, _ = Unit.objects.get_or_create(
        code=code or f"WG-T{n}",
        defaults={"name": name or f"第{n}派出所", "is_office": is_office},
    )
    return made


def officer(
    *roles: str,
    unit: Unit | None = None,
    number: str | None = None,
    password: str | None = None,
    **fields: Any,
) -> Officer:
    """An officer of 治安管理大队 unless ``unit`` says otherwise.

    Without a password only ``client.force_login`` lets them in (and hashing takes no time).
    """
    n = next(_numbers)
    home = unit or Unit.objects.get_or_create(code="WG-ZA", defaults={"name": "治安管理大队"})[0]
    return Officer.objects.create_user(
        number or f"42{n:04d}",
        password,
        roles=tuple(roles),
        name=fields.pop("name", f"民警{n}"),
        unit=home,
        **fields,
    )


def subject(**fields: Any) -> Subject:
    """A company; give ``credit_code`` or any other field to choose it."""
    n = next(_numbers)
    fields.setdefault("credit_code", credit_code(900_000 + n))
    fields.setdefault("name", f"舞钢市第{n}测试有限公司")
    fields.setdefault("kind", SubjectKind.COMPANY)
    fields.setdefault("industry", Industry.OTHER)
    return Subject.objects.create(**fields)


_any_subject = subject  # for functions whose parameter is named subject


def _split(treatment: Treatment) -> tuple[str, Decimal | None]:
    kind, amount = (treatment, None) if isinstance(treatment, str) else treatment
    return kind, None if amount is None else Decimal(amount)


def _bucket(decision_kind: str, kinds: set[str]) -> Bucket:
    """3-H in the words of the regulation, apart from the code under test."""
    if decision_kind == DecisionKind.BREACH:
        return Bucket.BREACH
    return Bucket.WARNING if kinds <= WARNING_KINDS else Bucket.PENALTY


def _default_acts(kind: str) -> Sequence[Sequence[Treatment]]:
    if kind == DecisionKind.PENALTY:
        return [[(DispositionKind.FINE, 20_000)]]
    return [[DispositionKind.ORDER_TO_CORRECT]] if kind == DecisionKind.ORDER else [[]]


def act(
    decision: Decision,
    treatments: Sequence[Treatment],
    *,
    law: str = "保安服务管理条例",
    **fields: Any,
) -> Violation:
    """One more act of ``decision``; bucket and money follow from its treatments (3-H)."""
    split = [_split(treatment) for treatment in treatments]
    bucket = _bucket(decision.kind, {kind for kind, _ in split})
    money = sum((amount or Decimal(0) for _, amount in split), Decimal(0))
    defaults = {
        "ordinal": decision.violations.count() + 1,
        "field": Field.PUBLIC_ORDER,
        "type": "保安从业单位违规提供服务",
        "facts": "检查时发现。",
        "article": "第四十三条",
        "committed_on": decision.decided_on - timedelta(days=10),
        "law_key": law.strip("《》").removeprefix("中华人民共和国").replace(" ", ""),
        "amount_fen": int(money * 100) if bucket == Bucket.PENALTY else 0,
    }
    made: Violation = Violation.objects.create(
        decision=decision, law=law, bucket=bucket, **{**defaults, **fields}
    )
    for kind, amount in split:
        Disposition.objects.create(violation=made, kind=kind, amount=amount)
    return made


def decision(
    subject: Subject | None = None,
    unit: Unit | None = None,
    decided_on: date | None = None,
    kind: str = DecisionKind.PENALTY,
    state: str = DecisionState.IN_FORCE,
    acts: Sequence[Sequence[Treatment]] | None = None,
    *,
    recorded_by: Officer | None = None,
    confirmed_by: Officer | None = None,
    law: str = "保安服务管理条例",
    **fields: Any,
) -> Decision:
    """A decision with its acts and their treatments; by default one fine of 20,000 in force.

    ``acts`` holds one sequence of treatments an act: ``[["warning", ("fine", 500)], ["warning"]]``.
    """
    n = next(_numbers)
    day = decided_on or today()
    number = fields.pop("number", f"舞公治罚决字〔{day.year}〕{n}号")
    recorder = recorded_by or officer(Role.RECORDER, unit=unit)
    in_force = state == DecisionState.IN_FORCE
    if in_force and confirmed_by is None:
        confirmed_by = officer(Role.UNIT_REVIEWER, unit=recorder.unit)
    made = Decision.objects.create(
        number=number,
        number_key=fields.pop("number_key", number),
        kind=kind,
        unit=unit or recorder.unit,
        subject=subject or _any_subject(),
        decided_on=day,
        served_on=fields.pop("served_on", day),
        state=state,
        recorded_by=recorder,
        confirmed_by=confirmed_by if in_force else None,
        truth_stated=True,
        **fields,
    )
    for treatments in _default_acts(kind) if acts is None else acts:
        act(made, treatments, law=law)
    return made


def contest(decision: Decision, since: date, until: date | None = None) -> Contest:
    """An administrative review of ``decision`` that covers the days from ``since`` to ``until``."""
    made: Contest = Contest.objects.create(
        decision=decision,
        contested_from=since,
        contested_until=until,
        document=f"舞政复〔{since.year}〕{next(_numbers)}号",
    )
    return made


def list_entry(
    subject: Subject | None = None,
    list: str = ListKind.RED,
    listed_on: date | None = None,
    expires_on: date | None = None,
    *,
    state: str = ListState.PUBLISHED,
    proposed_by: Officer | None = None,
    approved_by: Officer | None = None,
    **fields: Any,
) -> ListEntry:
    """A list entry, published and approved by a second officer unless ``state`` says otherwise."""
    day = listed_on or today()
    proposer = proposed_by or officer(Role.OFFICE)
    if state != ListState.PROPOSED and approved_by is None:
        approved_by = officer(Role.APPROVER)
    if state != ListState.PROPOSED and not fields.get("taken_over"):
        fields.setdefault("notice_ends_on", day - timedelta(days=1))
        fields.setdefault("approved_on", day)
        fields.setdefault("hearing", Hearing.NONE if list == ListKind.BLACK else "")
    if fields.get("removed_on") or state == ListState.REVOKED:
        fields.setdefault("closing", "removal" if fields.get("removed_on") else "revocation")
        fields.setdefault("closing_proposed_by", proposer)
        fields.setdefault("closing_approved_by", officer(Role.APPROVER))
    fields.setdefault("notified_on", day - timedelta(days=10))
    fields.setdefault("document", f"舞公信列〔{day.year}〕{next(_numbers)}号")
    fields.setdefault("legal_basis", "河南省社会信用条例 第二十八条")
    fields.setdefault("reason", "经认定符合列入条件。")
    made: ListEntry = ListEntry.objects.create(
        list=list,
        subject=subject or _any_subject(),
        state=state,
        listed_on=day,
        expires_on=expires_on or day + timedelta(days=729),
        proposed_by=proposer,
        approved_by=approved_by,
        **fields,
    )
    return made


def served_list_decision(entry: ListEntry, served_on: date) -> Paper:
    """The paper by which the party was told of an entry, without its file."""
    by = officer(Role.OFFICE)
    sequence = Paper.objects.filter(kind=LIST_DECISION).count() + 1
    paper = Paper(
        kind=LIST_DECISION,
        label="列入决定书",
        number=f"舞公信列〔{served_on.year}〕{sequence}号",
        year=served_on.year,
        sequence=sequence,
        unit=by.unit,
        subject=entry.subject,
        list_entry=entry,
        issued_by=by,
        issued_on=served_on,
        stored=f"list-decision-{sequence}",
        sha256="0" * 64,
        size=1,
        pages=1,
        served_on=served_on,
    )
    paper.save()
    return paper
