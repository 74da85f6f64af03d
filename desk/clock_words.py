"""The three clocks of a record in words, for the decision, the subject's file and a repair."""

from __future__ import annotations

from dataclasses import dataclass

from core.clock import today
from grading.clocks import Clocks
from grading.tiers import LABELS
from violations.models import Violation

NOT_SHOWN = {
    "sealed": "不公开：治安违法记录封存（治安管理处罚法第一百三十六条）或者法律尚未归类",
    "light": "不公开：轻微失信信息，原则上不公示",
    "unserved": "不公开：决定尚未送达",
    "revoked": "不公开：已撤销",
    "repaired": "不公开：已修复",
    "too_late": "不公开：送达时公示期已过",
    "contested": "暂不公开：复议诉讼期间",
}


@dataclass(frozen=True, slots=True)
class ClockWords:
    """Each clock as one short text; ``tier`` is the tier's name, ``why`` explains what is shown."""

    tier: str
    counts: str
    shown: str
    repair: str
    is_shown: bool


def clock_words(found: Clocks, act: Violation) -> ClockWords:
    """As of today."""
    counts = f"计入至 {found.counts_until}" if found.counts_until else "不计入"
    # 信息: the tiers are called nearly as the grades B and C.
    tier = f"{LABELS[found.tier]}信息"
    return ClockWords(tier, counts, _shown(found), _repair(found, act), _open(found))


def _open(found: Clocks) -> bool:
    return found.shown_from is not None and not found.not_shown


def _shown(found: Clocks) -> str:
    if found.not_shown:
        return NOT_SHOWN[found.not_shown]
    return f"可公示 {found.shown_from} 至 {found.shown_until}"


def _repair(found: Clocks, act: Violation) -> str:
    if act.repaired_on is not None:
        return f"已于 {act.repaired_on} 修复"
    if found.repair_from is None:
        return "无需修复"
    day = today()
    ends = [found.counts_until, found.shown_until]
    if all(one is None or one < day for one in ends) and found.not_shown != "unserved":
        return "已不计入、不公示，无需修复"
    return f"可修复自 {found.repair_from}"
