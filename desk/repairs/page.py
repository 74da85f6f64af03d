"""What a case page shows: the steps, each record with its conditions and clocks, the preview."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from accounts.models import Officer
from accounts.roles import Can
from appeals.repair_clocks import Clocks, clocks
from appeals.repair_conditions import COMMITMENT, CORRECTION, PERFORMANCE, PERIOD, Condition
from appeals.repair_deadlines import Periods, due_now, unit_by
from appeals.repair_enums import UNDECIDED, RepairState, Verdict
from appeals.repair_models import Repair, RepairItem
from appeals.repair_tasks import waits_for
from appeals.repair_view import condition_lines, imposed
from core.clock import today
from core.crypto import masked
from desk.clock_words import ClockWords, clock_words
from desk.deadlines import Due, due
from desk.owed import Owed, after_change, by_others, moment, on_paper
from grading.repair_preview import preview_repair
from grading.selectors import view

STATE_TAGS = {
    RepairState.ANSWERED: "ok",
    RepairState.NOT_ACCEPTED: "",
    RepairState.WITHDRAWN: "",
    RepairState.OVERTAKEN: "",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One record; ``in_full`` is False for another unit's, of which words are not shown."""

    item: RepairItem
    imposed: str
    clocks: Clocks | None
    words: ClockWords | None
    conditions: Sequence[Condition]
    in_full: bool

    @property
    def met(self) -> int:
        return sum(1 for one in self.conditions if one.met)

    def has(self, code: str) -> bool:
        """Whether the condition of that code is met."""
        return any(one.met for one in self.conditions if one.code == code)


@dataclass(frozen=True, slots=True)
class StepLine:
    label: str
    words: str
    look: str


@dataclass(frozen=True, slots=True)
class Grades:
    """Both grades before and after; the second pair only where it differs. ``now``: today's."""

    now: str
    before: str
    after: str
    outside_before: str
    outside_after: str
    is_past: bool

    @property
    def differs_outside(self) -> bool:
        return (self.before, self.after) != (self.outside_before, self.outside_after)


@dataclass(frozen=True, slots=True)
class CasePage:
    repair: Repair
    lines: Sequence[Line]
    steps: Sequence[StepLine]
    due: Due | None
    waits_for: str
    since: date | None
    grades: Grades
    name: str
    phone: str
    tag: str

    @property
    def ripe(self) -> list[Line]:
        """The open records that can be accepted: the law asks for the minimum period alone."""
        return [one for one in self.lines if not one.item.verdict and one.has(PERIOD)]


def case_page(repair: Repair, officer: Officer) -> CasePage:
    """Of a case whose pauses and items are prefetched."""
    items, day, periods = list(repair.items.all()), today(), Periods()
    conditions = condition_lines(repair, items, day)
    known = clocks([item.violation_id for item in items], day)
    lines = [
        _line(item, known.get(item.violation_id), conditions[item.pk], officer) for item in items
    ]
    last = due_now(repair, periods)
    who, since = waits_for(repair)
    return CasePage(
        repair,
        lines,
        _steps(repair, items, periods),
        due(last) if last else None,
        who,
        since,
        _grades(repair, items),
        masked(repair.contact_name) if repair.contact_name else "",
        masked(repair.contact_phone) if repair.contact_phone else "",
        STATE_TAGS.get(RepairState(repair.state), "info"),
    )


def open_at_acceptance(case: CasePage) -> Iterator[str]:
    """What acceptance leaves open: conditions that can still be met, records that are too early."""
    ripe = case.ripe
    lacks = {
        word: len([one for one in ripe if not one.has(code)])
        for code, word in ((PERFORMANCE, "履行"), (CORRECTION, "纠正"), (COMMITMENT, "信用承诺"))
    }
    lacks = {word: count for word, count in lacks.items() if count}
    if lacks and len(ripe) == 1:
        what = f"另有 {len(lacks)} 项条件待核对或补充（{'、'.join(lacks)}）"
    else:  # there is one commitment for all records
        parts = [w if w == "信用承诺" else f"{w} {count} 条" for w, count in lacks.items()]
        about = len([one for one in ripe if one.met < len(one.conditions)])
        what = f"{about} 条记录另有条件待核对或补充（{'、'.join(parts)}）"
    if lacks:
        yield f"{what}，可在受理后补充，准予修复前须全部具备"
    early = len([one for one in case.lines if not one.item.verdict]) - len(ripe)
    if early and ripe:
        yield f"其中 {early} 条未满最短公示期，不予受理"


def _line(
    item: RepairItem, found: Clocks | None, conditions: Sequence[Condition], officer: Officer
) -> Line:
    in_full = officer.may(Can.SEE_ALL_DECISIONS) or item.unit_id == officer.unit_id
    treated = imposed(item.violation.dispositions.all()) if in_full else ""
    words = clock_words(found, item.violation) if found else None
    return Line(item, treated, found, words, conditions, in_full)


def _grades(repair: Repair, items: Sequence[RepairItem]) -> Grades:
    if repair.effects:
        before, after = repair.effects["before"], repair.effects["after"]
        now = view(repair.subject.survivor_id).now.decided.grade
        return Grades(now, before[0], after[0], before[1], after[1], is_past=True)
    open_items = [one for one in items if not one.verdict]
    if repair.state == RepairState.PROPOSED:
        open_items = [one for one in open_items if one.proposal == Verdict.GRANTED]
    seen = preview_repair(repair.subject, [one.violation_id for one in open_items])
    return Grades(
        seen.before.internal.decided.grade,
        seen.before.internal.decided.grade,
        seen.after.internal.decided.grade,
        seen.before.disclosable.decided.grade,
        seen.after.disclosable.decided.grade,
        is_past=False,
    )


def owed_after(repair: Repair) -> list[Owed]:
    """The checklist after something was granted (条例 arts. 42, 43); empty where nothing was."""
    granted = any(one.verdict == Verdict.GRANTED for one in repair.items.all())
    if not granted or repair.decided_at is None:
        return []
    changed = Owed("记录标注“已修复”", moment(repair.decided_at))
    at = repair.decided_at
    return [changed, *after_change(repair, at), *on_paper(repair), *by_others(repair)]


_ORDER = (
    RepairState.RECEIVED,
    RepairState.CHECKING,
    RepairState.EXAMINING,
    RepairState.PROPOSED,
    RepairState.DECIDED,
)


def _steps(repair: Repair, items: Sequence[RepairItem], periods: Periods) -> list[StepLine]:
    """The five steps as drawn, each with who and when."""
    last = unit_by(repair, periods)
    words = [
        f"{repair.accepted_by.name} {repair.accepted_on}" if repair.accepted_by else "局办公室",
        _unit_words(repair, items, last.day if last else None),
        f"{repair.proposed_by.name} {repair.proposed_on}" if repair.proposed_by else "局办公室",
        f"{repair.decided_by.name} {repair.decided_on}" if repair.decided_by else "须为另一人",
        f"{repair.answered_on} 答复" if repair.answered_on else "停止公示、撤回推送",
    ]
    labels = ("受理审查", "原单位核实", "认定", "复核人审批", "更改信息并答复")
    at = _ORDER.index(RepairState(repair.state)) if repair.state in _ORDER else len(_ORDER)
    if repair.state in (RepairState.NOT_ACCEPTED, RepairState.WITHDRAWN, RepairState.OVERTAKEN):
        at = -1
    return [
        StepLine(label, text, "done" if n < at else "now" if n == at else "")
        for n, (label, text) in enumerate(zip(labels, words, strict=True))
    ]


# Of these records the unit was never asked, or need not say anything more.
_NOT_ASKED = (Verdict.TOO_EARLY, Verdict.NOT_ACCEPTED, Verdict.WITHDRAWN, Verdict.OVERTAKEN)


def _unit_words(repair: Repair, items: Sequence[RepairItem], last: date | None) -> str:
    """Which units answered, and which are still awaited until when (or never answered)."""
    said = {one.unit.name for one in items if one.word}
    silent = {one.unit.name for one in items if not one.word and one.verdict not in _NOT_ASKED}
    answered, asked = "、".join(sorted(said)), "、".join(sorted(silent))
    if not silent:
        units = "、".join(sorted({one.unit.name for one in items}))
        return f"{answered} 已回复" if said else units
    if last is None:
        return asked
    open_ = repair.state in UNDECIDED
    if not said:
        return f"{asked}，{last} 前" if open_ else f"{asked} 未回复"
    return f"{answered} 已回复；" + (f"待{asked}，{last} 前" if open_ else f"{asked} 未回复")
