"""What is wrong with a reminder or interview: while it is a draft, and once it is reported."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from core.clock import today
from sanctions.list_service import served_on
from sanctions.notice_enums import OFFERED, Channel, PersonRole, Way
from sanctions.notice_input import NoticeInput
from sanctions.notice_models import Notice
from violations.checks_of_texts import names_a_person_by_number, text
from violations.inputs import Fault
from violations.models import Decision, ListEntry

MIN_INTERVIEWERS = 2
_PHONE = re.compile(r"[+\d][\d\s()（）-]{5,28}\d")
_BETWEEN = re.compile(r"[、，,;；/\s]+")
_TEXTS = (
    ("acts_words", "指出失信行为", 3000),
    ("laws_words", "宣传法律、法规、规章和政策", 3000),
    ("urged_words", "督促严格自律、诚信守法", 3000),
    ("statement", "当事人陈述", 3000),
    ("commitment", "当事人承诺", 2000),
)


def people(by_whom: str) -> list[str]:
    """The names in a line such as 李四、周九; each once."""
    return list(dict.fromkeys(name for name in _BETWEEN.split(by_whom.strip()) if name))


def offered(grade: str) -> tuple[Way, ...]:
    """The ways that 5-1 leaves open for a grade."""
    return OFFERED.get(grade, ())


def way_faults(way: str, grade: str) -> Iterator[Fault]:
    """5-1: oral for B alone, an interview for C alone."""
    if way not in Way.values:
        yield Fault("way", "missing", "没有选择告知方式。请选择口头提醒、书面提醒或约谈。")
        return
    if not offered(grade):
        yield Fault("way", "nothing_counts", "该对象没有计入的失信记录，不需要提醒或约谈。")
    elif way not in offered(grade):
        ways = "或".join(one.label for one in offered(grade))
        name = "一般失信" if grade == "B" else "严重失信"
        message = f"该对象为{name}，只能采取{ways}，不能采取{Way(way).label}。请另选告知方式。"
        yield Fault("way", "not_offered", message)


def draft_faults(data: NoticeInput) -> Iterator[Fault]:
    """What cannot even be kept as a draft."""
    yield from text("person_name", data.person_name, "被告知人", 64, required=False)
    yield from text("place", data.place, "地点", 200, required=False)
    yield from text("by_whom", data.by_whom, "经办民警", 200, required=False)
    yield from text("recorder", data.recorder, "记录人", 64, required=False)
    for name, label, longest in _TEXTS:
        yield from text(name, getattr(data, name), label, longest, required=False)
    if data.person_role and data.person_role not in PersonRole.values:
        yield Fault("person_role", "unknown", "没有这种身份。请从列表中选择。")
    if data.channel and data.channel not in Channel.values:
        yield Fault("channel", "unknown", "没有这种提醒途径。请从列表中选择。")
    if data.phone and names_a_person_by_number(data.phone):
        yield Fault("phone", "person", "联系电话一栏是身份证号码。本系统不保存，请改填电话号码。")
    elif data.phone and not _PHONE.fullmatch(data.phone):
        message = "联系电话不像电话号码。请写成 0375-8120000 或 13800000000 这样的形式。"
        yield Fault("phone", "phone", message)
    if data.held_at and data.held_until and data.held_until <= data.held_at:
        yield Fault("held_until", "not_after", "结束时间须晚于开始时间。请核对。")


def cause_faults(decisions: Iterable[Decision], entries: Iterable[ListEntry]) -> Iterator[Fault]:
    """Something is pointed out, and nothing of it before it was served."""
    decisions, entries = list(decisions), list(entries)
    if not decisions and not entries:
        yield Fault("causes", "missing", "没有选择要告知的失信记录。请至少选择一项。")
    for one in decisions:
        if one.served_on is None:
            message = f"决定 {one.number} 尚未送达，不能提醒或约谈。请先登记送达。"
            yield Fault("causes", "not_served", message)
    for entry in entries:
        if served_on(entry) is None:
            message = (
                f"列入黑名单（{entry.document}）的决定书尚未送达，不能提醒或约谈。请先登记送达。"
            )
            yield Fault("causes", "not_served", message)


def report_faults(notice: Notice, begins: date | None) -> Iterator[Fault]:
    """What is missing from what the office is to keep (5-3 to 5-5).

    ``begins`` is the last day on which one of its records was served.
    """
    yield from text("person_name", notice.person_name, "被告知人", 64)
    if not notice.person_role:
        message = "没有选择身份。应告知主要负责人、分管负责人或者直接责任人（制度五）。"
        yield Fault("person_role", "missing", message)
    yield from _day_faults(notice, begins)
    names = people(notice.by_whom)
    if not names:
        yield Fault("by_whom", "missing", "没有填写经办民警。请写明姓名。")
    elif notice.is_interview and len(names) < MIN_INTERVIEWERS:
        message = f"约谈人不少于 {MIN_INTERVIEWERS} 人，现为 {len(names)} 人。姓名之间用顿号。"
        yield Fault("by_whom", "too_few", message)
    yield from text("acts_words", notice.acts_words, "指出失信行为", 3000)
    if notice.is_oral and not notice.channel:
        yield Fault("channel", "missing", "没有选择提醒途径。请选择当面或者电话。")
    if notice.is_interview:
        yield from _interview_faults(notice)
    if notice.commitment and notice.follow_up_on is None:
        message = "有承诺而没有约定回访日期。请填写回访日期。"
        yield Fault("follow_up_on", "missing", message)
    if notice.follow_up_on and notice.held_on and notice.follow_up_on <= notice.held_on:
        yield Fault("follow_up_on", "not_after", "回访日期须晚于告知日期。请核对。")


def _day_faults(notice: Notice, begins: date | None) -> Iterator[Fault]:
    held = notice.held_on
    if notice.is_written:
        if notice.paper is None:
            message = "尚未出具信用提醒书。请先预览并出具编号，送达后再报送。"
            yield Fault("paper", "missing", message)
        elif notice.paper.served_on is None:
            message = f"信用提醒书 {notice.paper.number} 尚未登记送达。请先登记送达，再报送。"
            yield Fault("paper", "not_served", message)
        return
    if held is None:
        yield Fault("held_on", "missing", "没有填写日期。请写成 2026-11-20 这样的形式。")
    elif held > today():
        message = "日期不能晚于今天。尚未进行的可以先存为草稿，进行后再报送。"
        yield Fault("held_on", "future", message)
    elif begins is not None and held < begins:
        message = f"日期不能早于 {begins}：所告知的记录这一天才送达或者列入。请核对日期。"
        yield Fault("held_on", "before_service", message)


def _interview_faults(notice: Notice) -> Iterator[Fault]:
    """5-4: each of the three was said and stands in the minutes."""
    yield from text("place", notice.place, "地点", 200)
    if notice.held_at is None:
        yield Fault("held_at", "missing", "没有填写约谈时间。请写成 09:30 这样的形式。")
    for tick, words, label in (
        ("pointed_out", "acts_words", "指出失信行为"),
        ("explained", "laws_words", "宣传法律、法规、规章和政策"),
        ("urged", "urged_words", "督促严格自律、诚信守法"),
    ):
        if words != "acts_words":
            yield from text(words, getattr(notice, words), label, 3000)
        if not getattr(notice, tick):
            message = f"没有勾选“{label}”。约谈内容三项均须完成（制度五）。"
            yield Fault(tick, "missing", message)
    yield from text("statement", notice.statement, "当事人陈述（没有的写“无”）", 3000)
