"""What a change would do to grades, as pages show it: both grades before and after, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from core.templatetags.ui import FLAG_WORDS
from grading.dry_run import Effect, summary
from grading.explanations import money

# How a counter is called and counted; money stands in fen.
_COUNTERS = (
    ("行政处罚", "penalties", "件"),
    ("警告、责令改正", "warnings", "次"),
    ("违反许可承诺", "breaches", "次"),
    ("罚没款", "amount_fen", "元"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One counter before and after."""

    label: str
    before: str
    after: str

    @property
    def moves(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Grades:
    """One of the two evaluations before and after."""

    title: str
    before: str
    after: str
    lines: Sequence[Line]
    gone: Sequence[str]
    new: Sequence[str]
    next_before: date | None
    next_after: date | None

    @property
    def moves(self) -> bool:
        return bool(
            self.before != self.after
            or self.gone
            or self.new
            or self.next_before != self.next_after
            or any(line.moves for line in self.lines)
        )


@dataclass(frozen=True, slots=True)
class EffectView:
    """What becomes of one organisation; ``inside`` is the internal grade, ``outside`` the other."""

    name: str
    subject_id: int
    inside: Grades
    outside: Grades
    worsens: bool = False

    @property
    def both(self) -> tuple[Grades, ...]:
        """The two of them; one where everything is the same inside and outside."""
        if replace(self.outside, title=self.inside.title) == self.inside:
            return (replace(self.inside, title="内部等级和可公开等级"),)
        return self.inside, self.outside

    @property
    def moves(self) -> bool:
        return self.inside.moves or self.outside.moves


def views_of(effects: Iterable[Effect]) -> list[EffectView]:
    """From a dry run."""
    return [
        _view(
            str(effect.subject),
            effect.subject.pk,
            summary(effect.before),
            summary(effect.after),
            effect.worsens,
        )
        for effect in effects
    ]


def views_kept(effects: Iterable[Mapping[str, Any]]) -> list[EffectView]:
    """From what was stored with a correction that was carried out."""
    return [
        _view(one["name"], one["subject"], one["before"], one["after"], False) for one in effects
    ]


def in_one_line(views: Sequence[EffectView]) -> str:
    """The effects as one sentence: how many grades change, and how."""
    changed = [view for view in views if view.inside.before != view.inside.after]
    if not any(view.moves for view in views):
        return "等级和计数不变"
    if not changed:
        return "等级不变，计数或期限有变动"
    words = "、".join(f"{_letter(v.inside.before)} → {_letter(v.inside.after)}" for v in changed)
    return f"{len(changed)} 个监管对象等级变动：{words}"


def _letter(grade: str) -> str:
    return f"{grade} 级" if grade else "未定级"


def _view(
    name: str, pk: int, before: Mapping[str, Any], after: Mapping[str, Any], worsens: bool
) -> EffectView:
    return EffectView(
        name,
        pk,
        _grades("内部等级", before, after, ""),
        _grades("可公开等级", before, after, "disclosable_"),
        worsens,
    )


def _grades(title: str, before: Mapping[str, Any], after: Mapping[str, Any], prefix: str) -> Grades:
    old, new = (one[f"{prefix}flags"].split() for one in (before, after))
    return Grades(
        title,
        before[f"{prefix}grade"],
        after[f"{prefix}grade"],
        [_line(label, unit, before[prefix + n], after[prefix + n]) for label, n, unit in _COUNTERS],
        [FLAG_WORDS.get(flag, flag) for flag in old if flag not in new],
        [FLAG_WORDS.get(flag, flag) for flag in new if flag not in old],
        *(_day(one[f"{prefix}next_change_on"]) for one in (before, after)),
    )


def _line(label: str, unit: str, old: int, new: int) -> Line:
    said = [money(value) if unit == "元" else str(value) for value in (old, new)]
    return Line(f"{label}（{unit}）", *said)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
