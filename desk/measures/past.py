"""The measures of an organisation that are over: how each ended, why, and once for both sights."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desk.templatetags.words import cause_words
from grading.models import GradeChange
from sanctions.measure_enums import Because, MeasureState, Sight
from sanctions.measure_models import SubjectMeasure
from subjects.models import Subject

_ENDED = {
    MeasureState.IN_FORCE: "已解除",
    MeasureState.PENDING: "未适用即解除",
    MeasureState.SUSPENDED: "暂停中解除",
}


@dataclass(frozen=True, slots=True)
class Past:
    """One measure that is over; ``sights`` says for whom, and is empty where for both alike."""

    row: SubjectMeasure
    how: str
    begun: str
    ended: str
    sights: str


def past_of(subject: Subject, *, at_most: int) -> list[Past]:
    """The latest first."""
    rows = list(
        SubjectMeasure.objects.filter(subject=subject, ended_on__isnull=False)
        .select_related("measure", "begun_by", "ended_by")
        .order_by("-ended_on", "measure__clause", "-sight", "-id")[: 2 * at_most]
    )
    followers = list(SubjectMeasure.objects.filter(subject=subject).order_by("id"))
    alike: dict[tuple[object, ...], list[SubjectMeasure]] = {}
    for row in rows:
        begun = _why(row.because, row.begun_by)
        ended = _why(row.ended_because, row.ended_by)
        how = _how(row, followers)
        key = (row.measure_id, row.begins_on, row.ended_on, how, begun, ended)
        alike.setdefault(key, []).append(row)
    return [
        Past(found[0], str(how), str(begun), str(ended), _sights(found))
        for (*_, how, begun, ended), found in alike.items()
    ][:at_most]


def _how(row: SubjectMeasure, followers: Iterable[SubjectMeasure]) -> str:
    """Lifted, or another state of the same measure took its place at that moment."""
    for one in followers:
        if (
            one.pk > row.pk
            and (one.measure_id, one.sight) == (row.measure_id, row.sight)
            and (one.begins_on, one.begun_by_id) == (row.ended_on, row.ended_by_id)
            and one.state != row.state
        ):
            return f"{row.get_state_display()}，后转为{one.get_state_display()}"
    return _ENDED[MeasureState(row.state)]


def _why(because: str, change: GradeChange | None) -> str:
    """What moved the grade, where it was the grade."""
    if because == Because.GRADE and change is not None and change.causes:
        return cause_words(change.causes)
    return Because(because).label if because else ""


def _sights(rows: Iterable[SubjectMeasure]) -> str:
    sights = {row.sight for row in rows}
    if len(sights) > 1:
        return ""
    return "只在局内" if Sight.INTERNAL in sights else "可公开"
