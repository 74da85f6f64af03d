"""Why a grade is what it is, in Chinese, from the evaluation that gave it.

Every sentence comes from ``View``: nothing is computed a second time, so that an explanation cannot
differ from the result. Pages add links and layout.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from grading.clauses import CLAUSES, Clause
from grading.counting import (
    Act,
    Evaluation,
    Rules,
    first_decision_day,
    last_counted_day,
    why_not_counted,
)
from grading.models import Grade
from grading.rules import CONDITIONS_OF_B, OVER_LIMIT
from grading.selectors import View
from violations.models import Violation

NOT_IN_FORCE_YET = "制度尚未施行"
STATE_WORDS = {
    "met": "符合",
    "exceeded": "达到上限",
    "not_met": "未发生",
    "no": "不符合",
    "outranked": "从低评定",  # on the red list, but records or the black list give a lower grade
}
BUCKET_OF_CLAUSE = {"3-B-1": "warning", "3-B-2": "penalty", "3-B-3": "breach"}
BUCKET_UNITS = {"warning": "次", "penalty": "件", "breach": "次"}
COUNTED_AS = {"warning": "警告 1 次", "penalty": "处罚 1 件", "breach": "违反承诺 1 次"}
WHY_NOT = {
    "repaired": "已修复",
    "contested": "复议诉讼期间，暂不计入",
    "not_yet": "尚未到决定日期",
    "lapsed": "已移出一年窗口",
    "revoked": "已撤销",
    "not_in_force": "未生效",
}


def grade_words(grade: str) -> str:
    """ "B 一般失信", or 未定级."""
    return f"{grade} {Grade(grade).label}" if grade else "未定级"


def money(fen: int) -> str:
    """Fen as yuan with thousands separators, decimals only where there are any."""
    yuan, rest = divmod(fen, 100)
    return f"{yuan:,}.{rest:02d}" if rest else f"{yuan:,}"


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """One row of the clauses table: how it stands and the violations that count for it."""

    clause: Clause
    state: str  # a key of STATE_WORDS
    words: str
    count: int | None = None
    limit: int | None = None
    unit: str = ""
    amount_fen: int | None = None
    amount_limit_fen: int | None = None
    violation_ids: tuple[int, ...] = ()
    entry_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One violation as the subject page lists it; ``why_not`` is empty where it counts."""

    violation: Violation
    why_not: str
    words: str
    counts_until: date | None

    @property
    def counts(self) -> bool:
        return not self.why_not


@dataclass(frozen=True, slots=True)
class Upcoming:
    """What changes by itself on a day: the grade from then on, and the sentences that say why."""

    day: date
    grade: str
    happenings: tuple[str, ...]
    result: str


def clause_lines(view: View) -> list[ClauseLine]:
    """Every condition of chapter three with its count, its limit and how it stands (3-A to 3-C)."""
    now = view.now
    if now.rules is None:
        return []
    entries = {entry.entry_id: entry.kind for entry in view.facts.entries}
    red, black = (
        tuple(one for one in now.entries if entries[one] == kind) for kind in ("red", "black")
    )
    state_a = "met" if now.decided.grade == "A" else "outranked" if red else "no"
    lines = [ClauseLine(CLAUSES["3-A"], state_a, STATE_WORDS[state_a], entry_ids=red)]
    for clause, condition in CONDITIONS_OF_B:
        lines.append(_limit_line(clause, condition(now.counts, now.rules.limits), view, now.rules))
    state_c = "met" if now.counts.black_listed else "no"
    lines.append(ClauseLine(CLAUSES["3-C"], state_c, STATE_WORDS[state_c], entry_ids=black))
    return lines


def _limit_line(clause: str, state: str, view: View, rules: Rules) -> ClauseLine:
    bucket = BUCKET_OF_CLAUSE[clause]
    counts, limits = view.now.counts, rules.limits
    count, limit = {
        "warning": (counts.warnings, limits.warnings),
        "penalty": (counts.penalties, limits.penalties),
        "breach": (counts.breaches, limits.breaches),
    }[bucket]
    counted = set(view.now.counted)
    with_money = bucket == "penalty"
    return ClauseLine(
        CLAUSES[clause],
        state,
        STATE_WORDS[state],
        count,
        limit,
        BUCKET_UNITS[bucket],
        counts.amount_fen if with_money else None,
        limits.amount_fen if with_money else None,
        tuple(
            act.violation_id
            for act in view.facts.acts
            if act.bucket == bucket and act.violation_id in counted
        ),
    )


def _tally(evaluation: Evaluation) -> list[str]:
    """ "2 件行政处罚", "1 次警告或责令改正" ... of what counts."""
    counts = evaluation.counts
    parts = []
    if counts.penalties:
        parts.append(f"{counts.penalties} 件行政处罚")
    if counts.warnings:
        parts.append(f"{counts.warnings} 次警告、责令改正")
    if counts.breaches:
        parts.append(f"{counts.breaches} 次违反许可承诺")
    return parts


def conclusion(evaluation: Evaluation) -> str:
    """The grade and its reason in one or two sentences."""
    if evaluation.rules is None:
        return f"{NOT_IN_FORCE_YET}，不定级。"
    counts, decided = evaluation.counts, evaluation.decided
    if decided.grade == "C":
        return "在公安局发布的黑名单有效期内，符合三（三）C 级条件。"
    if decided.grade == "A":
        return "在公安局发布的红名单有效期内，一年内没有计入的失信记录，符合三（一）A 级条件。"
    if not decided.grade:
        return "一年内没有计入的失信记录，未列入红名单、黑名单，不定级。未定级不是负面评价。"
    sentence = f"一年内有 {'、'.join(_tally(evaluation))}"
    if counts.amount_fen:
        sentence += f"，罚没款 {money(counts.amount_fen)} 元"
    if OVER_LIMIT in decided.flags:
        titles = (CLAUSES[clause].title for clause in decided.exceeded)
        names = "、".join(title.removeprefix("三（二）") for title in titles)
        return f"{sentence}；{names}达到上限。系统不自动定为 C 级，等级保持 B，由局办公室双人复核。"
    return f"{sentence}，均未达到上限；未列入黑名单。"


def headroom(evaluation: Evaluation) -> str:
    """What one more record would mean; empty where that does not depend on a limit."""
    rules, decided = evaluation.rules, evaluation.decided
    if rules is None or decided.grade != "B" or OVER_LIMIT in decided.flags:
        return ""
    counts, limits = evaluation.counts, rules.limits
    left = [
        (limits.penalties - counts.penalties, "件行政处罚"),
        (limits.warnings - counts.warnings, "次警告或责令改正"),
        (limits.breaches - counts.breaches, "次违反许可承诺"),
    ]
    fewest = min(number for number, _ in left)
    kinds = "或 ".join(f"{number} {words}" for number, words in left if number == fewest)
    spare = money(limits.amount_fen - counts.amount_fen)
    return (
        f"再发生 {kinds}，或罚没款再增加超过 {spare} 元，即达到上限并转入等级复核；"
        "系统不会自动定为 C 级。"
    )


def record_lines(view: View, violations: Iterable[Violation]) -> list[RecordLine]:
    """Each of ``violations`` (with ``decision`` loaded) with whether and until when it counts."""
    acts = {act.violation_id: act for act in view.facts.acts}
    return [_record_line(view, violation, acts.get(violation.pk)) for violation in violations]


def _record_line(view: View, violation: Violation, act: Act | None) -> RecordLine:
    rules = view.now.rules
    months = rules.window_months if rules else 12
    until = last_counted_day(violation.decision.decided_on, months)
    if violation.is_revoked:
        return RecordLine(violation, "revoked", WHY_NOT["revoked"], None)
    if not violation.decision.is_in_force:
        return RecordLine(violation, "not_in_force", WHY_NOT["not_in_force"], None)
    if violation.repaired_on and violation.repaired_on <= view.day:
        return RecordLine(violation, "repaired", WHY_NOT["repaired"], violation.repaired_on)
    if act is None:
        return RecordLine(violation, "lapsed", WHY_NOT["lapsed"], until)
    if rules is None:
        return RecordLine(violation, "not_in_force", NOT_IN_FORCE_YET, until)
    why = why_not_counted(act, view.day, rules)
    return RecordLine(violation, why, WHY_NOT[why] if why else COUNTED_AS[act.bucket], until)


def upcoming(view: View) -> list[Upcoming]:
    """What happens next and when, if nothing new comes in."""
    before, days = view.now, []
    for after in view.ahead():
        days.append(_upcoming(view, before, after))
        before = after
    return days


def _upcoming(view: View, before: Evaluation, after: Evaluation) -> Upcoming:
    gone = set(before.counted) - set(after.counted)
    come = set(after.counted) - set(before.counted)
    happenings = []
    lapsed = [act for act in view.facts.acts if act.violation_id in gone]
    if lapsed:
        happenings.append(_leaving(lapsed, after))
    if come:
        happenings.append(f"{len(come)} 条记录开始计入")
    for entry in view.facts.entries:
        name = "红名单" if entry.kind == "red" else "黑名单"
        if entry.entry_id in before.entries and entry.entry_id not in after.entries:
            happenings.append(f"{name}到期移出")
        if entry.entry_id in after.entries and entry.entry_id not in before.entries:
            happenings.append(f"列入{name}生效")
    if before.rules is not after.rules and after.rules is not None:
        happenings.append(f"适用规则版本“{after.rules.name}”")
    if after.decided.grade != before.decided.grade:
        result = f"预计转为 {grade_words(after.decided.grade)}"
    else:
        result = f"预计仍为 {grade_words(after.decided.grade)}"
    return Upcoming(after.day, after.decided.grade, (*happenings, *_moves(before, after)), result)


def _leaving(lapsed: list[Act], after: Evaluation) -> str:
    if after.rules is not None:
        reasons = {why_not_counted(act, after.day, after.rules) for act in lapsed}
        if reasons == {"repaired"}:
            return f"{len(lapsed)} 条记录修复生效"
        if reasons == {"contested"}:
            return f"{len(lapsed)} 条记录进入复议诉讼期间"
    return f"{len(lapsed)} 条记录移出一年窗口"


def _moves(before: Evaluation, after: Evaluation) -> list[str]:
    """ "处罚 2 → 1 件" for each count that moves."""
    moves = []
    for name, old, new, unit in (
        ("处罚", before.counts.penalties, after.counts.penalties, "件"),
        ("警告、责令改正", before.counts.warnings, after.counts.warnings, "次"),
        ("违反许可承诺", before.counts.breaches, after.counts.breaches, "次"),
    ):
        if old != new:
            moves.append(f"{name} {old} → {new} {unit}")
    if before.counts.amount_fen != after.counts.amount_fen:
        old_money, new_money = (money(one.counts.amount_fen) for one in (before, after))
        moves.append(f"罚没款 {old_money} → {new_money} 元")
    return moves


def window(view: View) -> tuple[date, date]:
    """The decision days that count on the day of the view: first and last."""
    months = view.now.rules.window_months if view.now.rules else 12
    return first_decision_day(view.day, months), view.day
