"""What repair asks for, condition by condition: the record, what the office confirmed, what lacks.

信用修复管理办法: the minimum period, correction, performance, a public commitment. That nothing new
was recorded meanwhile is no condition of the law, and none here: the reading that burdens less.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from appeals.repair_enums import FULFILLED, Proof, Verdict
from appeals.repair_models import Repair, RepairItem
from grading.clocks import Clocks
from grading.counting import last_counted_day
from violations.enums import DispositionKind

PERIOD, PERFORMANCE, CORRECTION, COMMITMENT = "period", "performance", "correction", "commitment"
# Nothing has to be done after these but to mend the act itself.
_NOTHING_TO_PERFORM = frozenset(
    {DispositionKind.WARNING, DispositionKind.CRITICISM, DispositionKind.ORDER_TO_CORRECT}
)


@dataclass(frozen=True, slots=True)
class Condition:
    """``known`` is what the records say, ``proof`` what was confirmed; ``lacks`` says what to do.

    ``from_`` is the earliest day of a period that still runs.
    """

    code: str
    label: str
    met: bool
    known: str
    proof: str
    lacks: str = ""
    from_: date | None = None


def nothing_to_perform(kinds: list[str]) -> bool:
    """Whether the treatments leave nothing to pay, hand over or endure."""
    return all(kind in _NOTHING_TO_PERFORM for kind in kinds)


def conditions(
    item: RepairItem, repair: Repair, clocks: Clocks | None, imposed: str, day: date
) -> list[Condition]:
    """The four of one record; ``imposed`` is its treatment in words."""
    return [
        period(item.violation.decision.decided_on, clocks, day),
        _confirmed(
            PERFORMANCE,
            "处理决定已履行完毕",
            item.performance,
            item.performance_proof,
            imposed,
            "缴款凭证等履行证明",
        ),
        _confirmed(
            CORRECTION,
            "违法行为已经纠正",
            item.correction,
            item.correction_proof,
            "整改期限 " + str(item.violation.correct_by) if item.violation.correct_by else "",
            "整改报告等纠正证明",
        ),
        commitment(repair),
    ]


def period(decided_on: date, clocks: Clocks | None, day: date) -> Condition:
    """The minimum period, worked out and confirmed by nobody."""
    label = "最短公示期已满"
    if clocks is None or clocks.repair_from is None:
        return Condition(PERIOD, label, False, "", "系统判定", "该记录不能申请信用修复")
    first = clocks.repair_from
    since = f"{decided_on} 起，已 {elapsed(decided_on, day)}" if day > decided_on else ""
    if first <= day:
        words = since if first > decided_on else "轻微失信信息，没有最短公示期"
        return Condition(PERIOD, label, True, words, "系统判定，无需确认")
    lacks = f"最早 {first} 可以申请"
    return Condition(PERIOD, label, False, since, "系统判定，无需确认", lacks, first)


def commitment(repair: Repair) -> Condition:
    label = "已公开作出信用承诺"
    if not repair.commitment or repair.committed_on is None:
        return Condition(COMMITMENT, label, False, "", "", "补交信用承诺书")
    said = f"{repair.commitment}，{repair.committed_on} 作出"
    if not repair.commitment_public:
        return Condition(COMMITMENT, label, False, said, "", "取得申请人公开承诺的同意")
    return Condition(COMMITMENT, label, True, said, "同意公开")


def _confirmed(code: str, label: str, proof: str, words: str, known: str, asked: str) -> Condition:
    lacks = ""
    if proof not in FULFILLED:
        lacks = f"{'完成后提交' if proof == Proof.NOT_MET else '提交并核对'}{asked}"
    return Condition(code, label, proof in FULFILLED, known, words, lacks)


def lacking(found: list[Condition]) -> list[str]:
    """What is missing, in words."""
    return [f"{one.label}：{one.lacks}" for one in found if not one.met]


def is_asked(item: RepairItem) -> bool:
    """Whether the record is still to be decided."""
    return item.verdict == Verdict.NONE


def elapsed(since: date, day: date) -> str:
    """「3 个月 18 天」 from one day to another."""
    months = (day.year - since.year) * 12 + day.month - since.month
    if last_counted_day(since, months) > day:
        months -= 1
    rest = day - last_counted_day(since, months)
    parts = [f"{months} 个月"] if months else []
    if rest > timedelta(0) or not months:
        parts.append(f"{rest.days} 天")
    return " ".join(parts)
