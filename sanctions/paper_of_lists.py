"""What a list notice and a list decision say, from the entry on record (条例 art. 28)."""

from __future__ import annotations

from typing import Any

from accounts.models import Officer
from accounts.roles import Can
from core import settings_table
from sanctions.list_service import LIST_DECISION
from sanctions.paper_content import chinese_day
from sanctions.paper_models import Paper
from sanctions.papers import issue
from violations.enums import Hearing, ListState
from violations.errors import InvalidDecision, NotAllowed
from violations.inputs import Fault
from violations.models import ListEntry

NOTICE, DECISION = "list_notice", LIST_DECISION
HEARD_WORDS = {
    Hearing.NONE: "你单位在期限内未提出陈述申辩。",
    Hearing.REJECTED: "你单位提出的陈述申辩，经核实不予采纳。",
    Hearing.PARTLY: "你单位提出的陈述申辩，经核实部分予以采纳。",
}
WAIVED = "你单位书面表示放弃陈述申辩。"


def kinds_for(entry: ListEntry) -> tuple[str, ...]:
    """Which papers this entry can have now."""
    if entry.is_proposed and not entry.is_red:
        return (NOTICE,)
    if entry.state == ListState.PUBLISHED:
        return (DECISION,)
    return ()


def issue_for_entry(
    *,
    officer: Officer,
    entry: ListEntry,
    kind: str,
    supersedes: Paper | None = None,
    reason: str = "",
) -> Paper:
    """The office's paper about an entry. Raises NotAllowed, InvalidDecision."""
    if not officer.may(Can.PROPOSE_LIST_ENTRY):
        raise NotAllowed("名单文书由局办公室出具。请联系局办公室。")
    if kind not in kinds_for(entry):
        raise InvalidDecision([Fault("kind", "state", "该名单记录现在不能出具这种文书。")])
    return issue(
        kind=kind,
        unit=officer.unit,
        subject=entry.subject,
        content=content_for(entry, kind),
        officer=officer,
        list_entry=entry,
        supersedes=supersedes,
        reason=reason,
    )


def content_for(entry: ListEntry, kind: str) -> dict[str, Any]:
    """The strings of the template; see ``templates/documents``."""
    condition = entry.condition.words if entry.condition else ""
    content = {
        "list": entry.get_list_display(),
        "reason": entry.reason,
        "legal_basis": entry.legal_basis,
        "condition": condition,
        "listed_on": chinese_day(entry.listed_on),
        "expires_on": chinese_day(entry.expires_on),
    }
    if kind == NOTICE:
        days = entry.notice_days or settings_table.integer("black_notice_working_days")
        return content | {"days": str(days), "evidence": entry.evidence}
    red = entry.is_red
    return content | {
        "grade": "A级（信用优良）" if red else "C级（严重失信）",
        "item": "（一）" if red else "（三）",
        "measures": "激励措施" if red else "惩戒措施",
        "is_black": "" if red else "1",
        "notified_on": chinese_day(entry.notified_on) if entry.notified_on else "",
        "heard": _heard(entry),
    }


def _heard(entry: ListEntry) -> str:
    if entry.waived_on is not None and not entry.statement:
        return WAIVED
    return HEARD_WORDS.get(Hearing(entry.hearing), "") if entry.hearing else ""
