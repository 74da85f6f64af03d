"""The ways to a better grade and what would make it worse, as plain Chinese sentences (5-9).

Each line names its clause. Nothing is computed here: ``way_back`` has done so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from grading.clauses import CLAUSES, Clause
from grading.counting import BREACH, PENALTY, WARNING, Evaluation
from grading.explanations import grade_words, money
from grading.rules import OVER_LIMIT
from grading.way_back import NOTHING, REMOVED, REPAIRED, UPHELD, Delay, Outlook, Risk, Way

CLAUSE_OF_BUCKET = {WARNING: "3-B-1", PENALTY: "3-B-2", BREACH: "3-B-3"}
KINDS = {WARNING: "次警告或责令改正", PENALTY: "件行政处罚", BREACH: "次违反许可承诺"}
T = TypeVar("T")
NAMED = 4  # records that a sentence names


@dataclass(frozen=True, slots=True)
class Line:
    """What is done, what comes of it, and the clauses on which that rests."""

    doing: str
    result: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """The lines of both directions; ``without_doing`` is the day that time alone brings."""

    better: Sequence[Line]
    worse: Sequence[Line]
    without_doing: Way | None
    to_a: str


def words_of(seen: Outlook, names: Mapping[int, str]) -> Words:
    """``names`` are what records are called on screen, by the id of the violation."""
    by_itself = next((way for way in seen.ways if way.event == NOTHING), None)
    return Words(
        _better(seen, names),
        [*_worse(seen), *_slower(seen, by_itself)],
        by_itself,
        "" if seen.now.decided.grade in ("A", "C") else "A 级只由发布的红名单产生，须经名单程序。",
    )


def _better(seen: Outlook, names: Mapping[int, str]) -> list[Line]:
    ways = [way for way in seen.ways if way.event != NOTHING]
    lines = []
    for many in _grouped(ways, _alike):
        way = many[0]
        if way.event == REMOVED:
            lines.append(_line(seen.now, way, "黑名单条目"))
        elif len(way.ids) > 1:
            lines.append(_line(seen.now, way, _all_of(way.ids, names)))
        else:
            lines.append(_line(seen.now, way, _either(many, names)))
    return lines


def _alike(way: Way) -> object:
    """Records that do the same on the same days are said in one sentence."""
    together = way.ids if len(way.ids) > 1 else ()
    return way.event, together, way.on, way.better.day, way.better.decided


def _either(ways: Sequence[Way], names: Mapping[int, str]) -> str:
    said = _several([names.get(way.ids[0], "") for way in ways], "或")
    return said if len(ways) == 1 else f"{said} 任一条"


def _all_of(ids: Iterable[int], names: Mapping[int, str]) -> str:
    return _several([names.get(one, "") for one in ids], "、") + " 全部"


def _several(said: Sequence[str], joint: str) -> str:
    shown = [name for name in said if name][:NAMED]
    words = f" {joint} ".join(shown) if joint == "或" else joint.join(shown)
    return words if len(said) == len(shown) else f"{words}等 {len(said)} 条"


def _line(now: Evaluation, way: Way, what: str) -> Line:
    at_once = way.better.day == way.on
    if way.event == UPHELD:
        doing, when = f"{what}经异议认定撤销", "撤销当日"
    elif way.event == REPAIRED:
        may = "现在即可申请" if way.on == now.day else f"{way.on} 起可申请"
        doing, when = f"{what}信用修复（{may}）", "认定修复当日"
    else:
        doing, when = f"{what}经名单程序移出", "移出当日"
    since = when if at_once else f"自 {way.better.day} 起"
    clause = "3-C" if way.event == REMOVED else "5-9"
    return Line(doing, since + becomes(now, way.better), (CLAUSES[clause],))


def becomes(now: Evaluation, after: Evaluation) -> str:
    """What the grade becomes, or which limit is no longer reached."""
    if after.decided.grade != now.decided.grade:
        more = "（达到上限，待复核）" if OVER_LIMIT in after.decided.flags else ""
        return f"转为 {grade_words(after.decided.grade)}{more}"
    return f"不再达到上限，复核随之结束，仍为 {grade_words(after.decided.grade)}"


def _worse(seen: Outlook) -> list[Line]:
    now = seen.now
    if now.decided.grade == "C":
        doing = "新的记录不改变 C 级"
        return [Line(doing, "黑名单条目结束之日，按届时计入的记录评定", (CLAUSES["3-C"],))]
    alike = _grouped(seen.risks, lambda risk: (risk.until, risk.worse.decided.grade))
    return [_risk_line(now, many) for many in alike]


def _risk_line(now: Evaluation, risks: Sequence[Risk]) -> Line:
    first = risks[0]
    kinds = "，或 ".join(_more(risk) for risk in risks)
    by = f"{first.until} 之前再有 {kinds}" if first.until else f"再有 {kinds}"
    clauses = tuple(CLAUSES[one] for one in sorted({CLAUSE_OF_BUCKET[r.bucket] for r in risks}))
    decided = first.worse.decided
    if OVER_LIMIT in decided.flags:
        kept = "" if decided.grade == now.decided.grade else f"转为 {grade_words(decided.grade)}，"
        return Line(by, f"{kept}达到上限，转入等级复核；系统不会自动定为 C 级", clauses)
    return Line(by, f"转为 {grade_words(decided.grade)}，自决定之日起计一年", clauses)


def _more(risk: Risk) -> str:
    if risk.over_fen is not None:
        return f"1 件罚没款超过 {money(risk.over_fen)} 元的行政处罚"
    return f"{risk.number} {KINDS[risk.bucket]}"


def _slower(seen: Outlook, by_itself: Way | None) -> list[Line]:
    lines = []
    for alike in _grouped(seen.delays, _day):
        kinds = "，或 ".join(f"1 {KINDS[delay.bucket]}" for delay in alike)
        before = f"由 {by_itself.better.day} " if by_itself else ""
        later = _day(alike[0])
        result = (
            f"等级不变，恢复{before}推迟到 {later}" if later else "等级不变，没有到期恢复的日子"
        )
        clauses = tuple(CLAUSES[one] for one in sorted({CLAUSE_OF_BUCKET[d.bucket] for d in alike}))
        lines.append(Line(f"今天再有 {kinds}", result, clauses))
    return lines


def _day(delay: Delay) -> date | None:
    return delay.better.day if delay.better else None


def _grouped(items: Iterable[T], key: Callable[[T], object]) -> list[list[T]]:
    """Those of one key together, in the order of the first of each."""
    groups: dict[object, list[T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return list(groups.values())
