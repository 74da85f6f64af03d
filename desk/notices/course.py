"""Where a reminder or interview is on its way: the steps it takes, and who acts next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from core.clock import today
from sanctions.notice_enums import HELD, NoticeState
from sanctions.notice_fallen import has_fallen
from sanctions.notice_models import Notice
from sanctions.notice_papers import INVITATION, MINUTES, REMINDER, paper_of

REPORTING = "报局办公室"


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of what the unit does before it reports; ``task`` says what is still to be done."""

    label: str
    words: str
    is_done: bool
    task: str


def next_of(notice: Notice) -> str:
    """Who acts next, in words; empty where nobody has to."""
    if notice.state == NoticeState.DRAFT:
        if has_fallen(notice):
            return f"{notice.unit}作废登记，所告知的记录已撤销"
        tasks = [part.task for part in _parts(notice) if not part.is_done]
        return f"{notice.unit}{tasks[0] if tasks else REPORTING}"
    if notice.state == NoticeState.REPORTED:
        return "局办公室核对留存"
    if notice.state == NoticeState.RETURNED:
        return f"{notice.unit}补正后再报"
    if notice.state != NoticeState.KEPT or has_fallen(notice):
        return ""
    if not notice.push:
        return "局办公室决定是否推送"
    if notice.follow_up_on and not notice.followed_up_on:
        return f"{notice.unit}于 {notice.follow_up_on} 回访"
    return ""


def steps_of(notice: Notice) -> list[tuple[str, str, str]]:
    """(label, words, look) of the way that it goes; ``look`` is "done", "now" or empty.

    What was passed over (an interview without its paper) is not done, and not to be done now.
    """
    lines: list[tuple[str, str, bool]] = [
        ("登记", f"{notice.recorded_by.name} · {notice.unit}", True),
        *((part.label, part.words, part.is_done) for part in _parts(notice)),
    ]
    before = len(lines) if notice.state in HELD else 0
    is_reported = notice.state in (NoticeState.REPORTED, NoticeState.KEPT)
    said = _moment(notice.reported_at) if is_reported else ""
    if notice.state == NoticeState.RETURNED:
        said = f"{_moment(notice.returned_at)} 退回补正"
    lines.append((REPORTING, said, is_reported))
    kept = notice.state == NoticeState.KEPT
    by = f"{notice.kept_by.name} {_moment(notice.kept_at)}" if notice.kept_by else ""
    lines.append(("留存", by, kept))
    push, over = (notice.get_push_display() if notice.push else ""), bool(notice.push)
    if kept and not notice.push and has_fallen(notice):
        push, over = "记录已撤销，不再决定", True
    lines.append(("推送与否", push, over))
    looks, now_seen = [], notice.state == NoticeState.CANCELLED
    for place, (label, words, done) in enumerate(lines):
        is_now = not done and not now_seen and place >= before
        looks.append((label, words, "done" if done else "now" if is_now else ""))
        now_seen = now_seen or is_now
    return looks


def without_invitation(notice: Notice) -> str:
    """That an interview took place without its notice having been served; empty otherwise."""
    is_over = notice.state in (NoticeState.KEPT, NoticeState.CANCELLED)
    if not notice.is_interview or is_over or not _was_held(notice):
        return ""
    paper = paper_of(notice, INVITATION)
    if paper is not None and paper.served_on is not None:
        return ""
    free = "没有书面通知而约谈的，也可以报送，局办公室核对时会看到。"
    if paper is None:
        return f"没有出具约谈通知书。{free}"
    return f"约谈通知书 {paper.number} 没有登记送达。已送达的，请先登记送达；{free}"


def _parts(notice: Notice) -> list[_Part]:
    if notice.is_written:
        return _paper_parts(notice)
    words = f"{notice.held_on or ''}"
    if notice.is_interview:
        return _interview_parts(notice, words)
    return [_Part("口头提醒", words, _was_held(notice), "口头提醒并登记")]


def _paper_parts(notice: Notice) -> list[_Part]:
    paper = paper_of(notice, REMINDER)
    served = paper.served_on if paper else None
    number = paper.number if paper else ""
    return [
        _Part("出具提醒书", number, paper is not None, "出具信用提醒书"),
        _Part("送达", f"{served or ''}", served is not None, "送达提醒书并登记"),
    ]


def _interview_parts(notice: Notice, words: str) -> list[_Part]:
    paper, minutes = paper_of(notice, INVITATION), paper_of(notice, MINUTES)
    served = paper.served_on if paper else None
    if paper is None:
        invited, task = "未出具", "出具约谈通知书"
    else:
        state = f"{served} 送达" if served else "未送达"
        invited, task = f"{paper.number} {state}", "送达约谈通知书并登记"
    covered, held = _covers_all(notice), _was_held(notice)
    if held and not covered:
        words += " 内容未记全"
    to_hold = "约谈并补记内容"
    if notice.held_on and not held:
        to_hold = f"于 {notice.held_on} {to_hold}"
    taken = minutes.number if minutes else "未出具"
    return [
        _Part("约谈通知书", invited, served is not None, task),
        _Part("约谈", words, held and covered, "补记约谈内容" if held else to_hold),
        _Part("笔录", taken, minutes is not None, "出具约谈笔录"),
    ]


def _was_held(notice: Notice) -> bool:
    return notice.held_on is not None and notice.held_on <= today()


def _covers_all(notice: Notice) -> bool:
    """The three parts of 5-4: each ticked and put into words."""
    ticks = (notice.pointed_out, notice.explained, notice.urged)
    return all((*ticks, notice.acts_words, notice.laws_words, notice.urged_words))


def _moment(at: Any) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d}" if at else ""
