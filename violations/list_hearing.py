"""Between proposal and approval: notice, waiver, the party's statement, objections.

Each is written down by the office with its day and paper; none of it decides anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db import transaction

from accounts.models import Officer
from core import audit
from core.clock import today
from violations.checks_of_texts import text
from violations.cleaning import one_line
from violations.enums import Hearing, Settlement
from violations.errors import CaseRefused, InvalidDecision
from violations.inputs import Fault
from violations.list_entries import FIRST_DAY
from violations.list_notice import has_run, notice_days, period
from violations.list_proposals import note_hand
from violations.list_workflow import Step, apply, locked
from violations.models import ListEntry, ListObjection
from violations.writing import save_as


@transaction.atomic
def record_notice(
    *, officer: Officer, entry_id: int, version: int, on: date | None, document: str
) -> ListEntry:
    """The day on which the notice was served on the party, or the announcement published.

    The period is the one that the office had set for that day. Recorded again, it begins anew.
    Raises NotAllowed, CaseChanged, CaseRefused, InvalidDecision, as all services here do.
    """
    entry = _begun(Step.NOTIFY, officer, entry_id, version)
    document = one_line(document)
    words = "公示" if entry.is_red else "告知书送达"
    _refuse(
        [
            *_day("on", on, f"{words}日期"),
            *text("document", document, "公示文书" if entry.is_red else "告知书文号", 100),
        ]
    )
    assert on is not None  # checked
    entry.notified_on, entry.notice_document = on, document
    entry.notice_days = notice_days(entry.list, on)
    entry.waived_on = entry.statement_on = None
    entry.waiver_document = entry.statement = entry.hearing = entry.hearing_reason = ""
    entry.returned_remark = ""
    return _kept(entry, officer, "notify", {"on": str(on), "days": entry.notice_days})


@transaction.atomic
def record_waiver(
    *, officer: Officer, entry_id: int, version: int, on: date | None, document: str
) -> ListEntry:
    """A paper on which the party gives up its statement: approval need not wait for the period."""
    entry = _begun(Step.WAIVE, officer, entry_id, version)
    document = one_line(document)
    _refuse(
        [
            *_day("on", on, "放弃日期", first=entry.notified_on),
            *text("document", document, "放弃声明", 100),
        ]
    )
    entry.waived_on, entry.waiver_document = on, document
    return _kept(entry, officer, "waive", {"on": str(on)})


@transaction.atomic
def record_hearing(
    *,
    officer: Officer,
    entry_id: int,
    version: int,
    hearing: str,
    on: date | None = None,
    statement: str = "",
    reason: str = "",
) -> ListEntry:
    """What the party stated and how it was heard; or, once the time is over, that it did not."""
    entry = _begun(Step.HEAR, officer, entry_id, version)
    statement, reason = statement.strip(), reason.strip()
    if hearing == Hearing.NONE:
        ends = period(entry)
        if ends is not None and not has_run(entry, today()):
            raise CaseRefused(
                f"陈述申辩期 {ends.day} 才满，期满前不能登记“期内未陈述申辩”。请期满后再登记。"
            )
        on, statement, reason = None, "", ""
    else:
        faults = [
            *_day("on", on, "陈述申辩日期", first=entry.notified_on),
            *text("statement", statement, "陈述申辩内容", 4000),
            *text("reason", reason, "采纳与否的理由", 2000),
        ]
        if hearing not in Hearing.values:
            faults.append(Fault("hearing", "missing", "没有选择听取结果。请从列出的结果中选择。"))
        _refuse(faults)
    entry.hearing, entry.statement_on = hearing, on
    entry.statement, entry.hearing_reason = statement, reason
    return _kept(entry, officer, "hear", {"hearing": hearing})


@transaction.atomic
def record_objection(
    *,
    officer: Officer,
    entry_id: int,
    version: int,
    received_on: date | None,
    content: str,
    document: str = "",
) -> ListObjection:
    """An objection to the announcement; approval waits until it is settled."""
    entry = _begun(Step.OBJECT, officer, entry_id, version)
    content, document = content.strip(), one_line(document)
    _refuse(
        [
            *_day("received_on", received_on, "收到日期", first=entry.notified_on),
            *text("content", content, "异议内容", 4000),
            *text("document", document, "异议材料", 100, required=False),
        ]
    )
    assert received_on is not None  # checked
    objection = ListObjection(
        entry=entry, received_on=received_on, content=content, document=document
    )
    save_as(officer, objection, reason="登记异议")
    _kept(entry, officer, "object", {"objection": objection.pk})
    return objection


@transaction.atomic
def settle_objection(
    *,
    officer: Officer,
    entry_id: int,
    version: int,
    objection_id: int,
    settlement: str,
    reason: str,
) -> ListObjection:
    """Say whether an objection holds, and why. Raises ListObjection.DoesNotExist as well."""
    entry = _begun(Step.SETTLE, officer, entry_id, version)
    objection: ListObjection = entry.objections.select_for_update().get(pk=objection_id)
    if objection.settlement:
        raise CaseRefused(f"这项异议已于 {objection.settled_on} 处理。请打开条目查看。")
    reason = reason.strip()
    faults = list(text("settled_reason", reason, "处理理由", 2000))
    if settlement not in Settlement.values:
        faults.append(Fault("settlement", "missing", "没有选择处理结果。请选择成立或不成立。"))
    _refuse(faults)
    objection.settlement, objection.settled_on = settlement, today()
    objection.settled_reason = reason
    save_as(officer, objection, reason="处理异议")
    _kept(entry, officer, "settle", {"objection": objection.pk, "settlement": settlement})
    return objection


def _begun(step: Step, officer: Officer, entry_id: int, version: int) -> ListEntry:
    entry = locked(entry_id)
    apply(entry, step, officer=officer, version=version)
    return entry


def _kept(entry: ListEntry, officer: Officer, verb: str, details: dict[str, object]) -> ListEntry:
    save_as(officer, entry, reason=verb)
    note_hand(entry, officer)
    audit.record(actor=officer, action=f"list_entry.{verb}", target=entry, details=details)
    return entry


def _day(path: str, on: date | None, label: str, first: date | None = None) -> Iterator[Fault]:
    if on is None:
        yield Fault(path, "missing", f"没有填写{label}。请写成 2026-11-20 这样的形式。")
    elif on > today():
        yield Fault(path, "future", f"{label}不能晚于今天。请核对日期。")
    elif on < (first or FIRST_DAY):
        yield Fault(path, "too_early", f"{label}不能早于 {first or FIRST_DAY}。请核对日期。")


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise InvalidDecision(faults)
