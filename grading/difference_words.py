"""The difference between two evaluations in one sentence: from what to what, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Protocol

from grading import differences as d
from grading.counting import Evaluation
from grading.differences import Reason
from grading.explanations import NOT_IN_FORCE_YET, grade_words, money
from grading.rules import OVER_LIMIT

NOTHING = "没有变化"
NAMED = 6  # things that a sentence names of one kind
STATUS_WORDS = {
    d.NO_RULES: NOT_IN_FORCE_YET,
    d.UNKNOWN: "尚未录入",
    d.UNCONFIRMED: "尚未生效",
    d.REVOKED: "已撤销",
    d.WITHDRAWN: "已作废",
    d.ELSEWHERE: "在另一档案",
    d.NOT_YET: "尚未到日期",
    d.LAPSED: "已移出一年窗口",
    d.REPAIRED: "已修复",
    d.CONTESTED: "复议诉讼期间",
    d.EXPIRED: "已到期",
    d.REMOVED: "已移出",
}
_ACT_LOST = {
    d.LAPSED: " {on} 移出一年窗口",
    d.REPAIRED: " {on} 信用修复",
    d.CONTESTED: " {on} 起处于复议诉讼期间",
    d.REVOKED: "已撤销",
    d.WITHDRAWN: "所在决定已作废",
    d.UNCONFIRMED: "尚未生效",
    d.UNKNOWN: "尚未录入",
    d.ELSEWHERE: "归另一档案计算",
    d.NOT_YET: "尚未作出（决定日期 {on}）",
}
_ACT_GAINED = {
    d.NOT_YET: "新增（{on} 决定）",
    d.UNKNOWN: "补录",
    d.UNCONFIRMED: "审核生效",
    d.CONTESTED: "复议诉讼结束，恢复计入",
    d.REPAIRED: "尚未修复",
    d.LAPSED: "仍在一年窗口内",
    d.REVOKED: "撤销已更正",
    d.WITHDRAWN: "恢复生效",
    d.ELSEWHERE: "因并档计入本档案",
}
_ENTRY_LOST = {
    d.EXPIRED: "到期移出",
    d.REMOVED: " {on} 移出",
    d.REVOKED: "已撤销",
    d.UNKNOWN: "尚未录入",
    d.UNCONFIRMED: "尚未发布",
    d.NOT_YET: "尚未列入",
    d.ELSEWHERE: "归另一档案",
}
_ENTRY_GAINED = {
    d.NOT_YET: " {on} 列入",
    d.UNKNOWN: "补录",
    d.UNCONFIRMED: "发布",
    d.EXPIRED: "尚未到期",
    d.REMOVED: "尚未移出",
    d.REVOKED: "撤销已更正",
    d.ELSEWHERE: "因并档归入本档案",
}


class Names(Protocol):
    """What things are called on screen, by what they are and their id."""

    def __call__(self, what: str, pk: int) -> str: ...


def sentence(before: Evaluation, after: Evaluation, reasons: Sequence[Reason], name: Names) -> str:
    """ "B 一般失信 → 未定级：0203号 2026-03-06 移出一年窗口；其余没有变化" """
    head = heading(before, after)
    if not reasons:
        return f"{head}：{NOTHING}"
    said = [*_rules(reasons, before, after), *_things(reasons, name)]
    return f"{head}：{'；'.join(said)}；其余没有变化"


def heading(before: Evaluation, after: Evaluation) -> str:
    """ "B 一般失信 → 未定级", or "仍为 B 一般失信"."""
    old, new = _called(before), _called(after)
    return f"{old} → {new}" if old != new else f"仍为 {new}"


def _called(at: Evaluation) -> str:
    if at.rules is None:
        return f"未定级（{NOT_IN_FORCE_YET}）"
    more = "（达到上限）" if OVER_LIMIT in at.decided.flags else ""
    return grade_words(at.decided.grade) + more


def _rules(reasons: Iterable[Reason], before: Evaluation, after: Evaluation) -> list[str]:
    if not any(reason.what == d.RULES for reason in reasons):
        return []
    if before.rules is None and after.rules is not None:
        return [f"{after.rules.begins_on} 起施行规则版本“{after.rules.name}”"]
    if after.rules is None:
        return [NOT_IN_FORCE_YET]
    old = before.rules.name if before.rules else ""
    return [f"规则版本由“{old}”改为“{after.rules.name}”"]


def _things(reasons: Iterable[Reason], name: Names) -> list[str]:
    """Those that moved in the same way on the same day together."""
    left = [reason for reason in reasons if reason.what != d.RULES]
    left.sort(key=lambda one: (one.what, one.how, one.why, one.on or date.min))
    said = []
    for _, many in groupby(left, key=lambda one: (one.what, one.how, one.why, one.on)):
        alike = list(many)
        names = [name(one.what, pk) for one in alike for pk in one.ids]
        shown = "、".join(names[:NAMED])
        more = f"等 {len(names)} 条" if len(names) > NAMED else ""
        said.append(f"{shown}{more}{_happened(alike[0])}")
    return said


def _happened(reason: Reason) -> str:
    if reason.how == d.CORRECTED:
        return "经更正"
    if reason.what == d.SIGNAL:
        return "在有效期内" if reason.how == d.GAINED else "不在有效期内"
    words: Mapping[tuple[str, str], Mapping[str, str]] = {
        (d.ACT, d.LOST): _ACT_LOST,
        (d.ACT, d.GAINED): _ACT_GAINED,
        (d.ENTRY, d.LOST): _ENTRY_LOST,
        (d.ENTRY, d.GAINED): _ENTRY_GAINED,
    }
    said = words[reason.what, reason.how].get(reason.why, STATUS_WORDS.get(reason.why, ""))
    return said.format(on=reason.on) if reason.on else said.replace(" {on} ", "")


def amount_words(bucket_words: str, fen: int) -> str:
    """ "行政处罚 · 20,000 元"."""
    return f"{bucket_words} · {money(fen)} 元" if fen else bucket_words
