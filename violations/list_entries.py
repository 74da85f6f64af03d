"""Entries of the red and black list (3-A, 3-C) that were published before this system was used.

A machine never puts anyone on a list: an officer of the office vouches for each entry, the notice
it was preceded by is checked, and the entry stays marked as taken over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction

from accounts.models import Officer
from accounts.roles import Can
from core import audit, settings_table
from core.clock import today
from core.workdays import working_days_between
from subjects import credit_codes
from subjects.models import Subject
from subjects.particulars import clean_name
from violations.checks_of_texts import text_of_paper as text
from violations.cleaning import one_line
from violations.enums import GONE, ListKind, ListState
from violations.errors import InvalidDecision, NotAllowed
from violations.inputs import Fault
from violations.list_notice import notice_days
from violations.models import ListEntry
from violations.organisations import entered, known
from violations.signals import facts_written
from violations.writing import save_as

FIRST_DAY = date(2000, 1, 1)
# The day after a term must be a day as well, or no grade could be worked out.
LAST_DAY = date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class ListEntryInput:
    """A published entry as handed in; ``list`` is "red" or "black"."""

    list: str
    credit_code: str
    name: str
    listed_on: date | None
    expires_on: date | None
    document: str
    legal_basis: str
    reason: str
    notified_on: date | None

    def cleaned(self) -> ListEntryInput:
        return replace(
            self,
            list=self.list.strip().lower(),
            credit_code=credit_codes.normalise(self.credit_code),
            name=clean_name(self.name),
            document=one_line(self.document),
            legal_basis=one_line(self.legal_basis),
            reason=self.reason.strip(),
        )


@transaction.atomic
def take_over_list_entry(*, officer: Officer, data: ListEntryInput) -> ListEntry:
    """Record an entry that the bureau published, in force as of its own days.

    An unknown organisation is registered. Raises NotAllowed (also where the setting
    ``takeover_until`` does not allow it today) and InvalidDecision.
    """
    require_takeover_open()
    if not officer.may(Can.PROPOSE_LIST_ENTRY):
        raise NotAllowed("您的角色不能接收名单条目。需要接收的，请联系局办公室。")
    data = data.cleaned()
    subject = known(data.credit_code)
    faults = check_list_entry(
        data,
        today=today(),
        notice_days=notice_days(data.list),
        known_code=subject is not None,
    )
    if subject is not None and not faults:
        faults = _twin_faults(subject, data)
    if faults:
        raise InvalidDecision(faults)
    assert data.listed_on is not None  # checked, as is the next
    assert data.expires_on is not None
    entry = ListEntry(
        list=data.list,
        subject=subject or entered(officer=officer, credit_code=data.credit_code, name=data.name),
        state=ListState.PUBLISHED,
        notified_on=data.notified_on,
        listed_on=data.listed_on,
        expires_on=data.expires_on,
        document=data.document,
        legal_basis=data.legal_basis,
        reason=data.reason,
        proposed_by=officer,
        approved_by=officer,
        taken_over=True,
    )
    save_as(officer, entry, reason="接收历史记录")
    audit.record(
        actor=officer,
        action="list_entry.take_over",
        target=entry,
        details={"list": entry.list, "credit_code": entry.subject.credit_code},
    )
    facts_written.send(
        sender=ListEntry,
        subject_ids=[entry.subject_id],
        cause="takeover",
        source=f"接收名单条目 {entry.document}",
    )
    return entry


def require_takeover_open() -> None:
    """Raise NotAllowed where the office does not let records of the past in today."""
    until = settings_table.day("takeover_until")
    if until is None or until < today():
        raise NotAllowed(
            "历史记录接收未开放。需要接收的，请由局办公室在设置中填写“历史记录接收截止日”。"
        )


def check_list_entry(
    data: ListEntryInput, *, today: date, notice_days: int, known_code: bool = False
) -> list[Fault]:
    """Everything wrong with a cleaned entry; the paths are the names of its fields."""
    return list(_faults(data, today, notice_days, known_code))


def _faults(
    data: ListEntryInput, today: date, notice_days: int, known_code: bool
) -> Iterator[Fault]:
    if data.list not in ListKind.values:
        message = f"名单“{data.list[:20]}”不在目录内。请填写 red（红名单）或 black（黑名单）。"
        yield Fault("list", "unknown", message)
    code = credit_codes.check(data.credit_code)
    if code is not None and not (known_code and code.code == "check_character"):
        yield Fault("credit_code", code.code, code.message)
    yield from text("name", data.name, "名称", 200)
    yield from text("document", data.document, "文书", 100)
    yield from text("legal_basis", data.legal_basis, "依据", 300)
    yield from text("reason", data.reason, "事由", 2000)
    yield from _days(data, today, notice_days)


def _days(data: ListEntryInput, today: date, notice_days: int) -> Iterator[Fault]:
    listed, expires, notified = data.listed_on, data.expires_on, data.notified_on
    for path, label, day in (
        ("listed_on", "列入日期", listed),
        ("expires_on", "有效期", expires),
        ("notified_on", "告知（公示）日期", notified),
    ):
        if day is None:
            message = f"没有填写{label}。请写成 2026-11-20 这样的形式。"
            yield Fault(path, "missing", message)
    if listed is None:
        return
    if listed > today:
        yield Fault(
            "listed_on", "future", "列入日期不能晚于今天。已发布的条目才能接收，请核对日期。"
        )
    if listed < FIRST_DAY:
        yield Fault("listed_on", "too_early", f"列入日期不能早于 {FIRST_DAY}。请核对年份。")
    if expires is not None and expires > LAST_DAY:
        yield Fault("expires_on", "too_late", f"有效期不能晚于 {LAST_DAY}。请核对年份。")
    if expires is not None and expires < listed:
        message = f"有效期不能早于列入日期 {listed}。请对照文书核对。"
        yield Fault("expires_on", "before_listed", message)
    if notified is None:
        return
    if notified >= listed:
        message = f"告知（公示）须早于列入日期 {listed}。请对照文书核对。"
        yield Fault("notified_on", "not_before_listed", message)
    elif (passed := working_days_between(notified, listed)) < notice_days:
        what = "公示" if data.list == ListKind.RED else "告知"
        message = (
            f"{what}期不足：列入前应满 {notice_days} 个工作日，现为 {passed} 个。"
            "请对照文书核对日期。"
        )
        yield Fault("notified_on", "notice_too_short", message)


def _twin_faults(subject: Subject, data: ListEntryInput) -> list[Fault]:
    assert data.listed_on is not None  # checked
    twin = ListEntry.objects.filter(
        subject=subject, list=data.list, document=data.document, listed_on=data.listed_on
    ).exclude(state__in=GONE)
    if not twin.exists():
        return []
    message = (
        f"{subject.name}的这一条目（{data.document}，{data.listed_on} 列入）已登记。请删去该行。"
    )
    return [Fault("document", "duplicate", message)]
