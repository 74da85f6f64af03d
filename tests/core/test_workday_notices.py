"""The yearly notice: read from its own words, refused where it cannot be, kept with its history."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.roles import Role
from core import workdays
from core.models import AuditEntry, Holiday
from core.workday_notices import (
    NoticeChanged,
    NoticeRefused,
    as_text,
    keep_year,
    planned,
    read_notice,
    version_of,
)
from tests import factories

pytestmark = pytest.mark.django_db

# The words of such a notice, for the days of 2026 as they are known.
OFFICIAL = """国务院办公厅关于部分节假日安排的通知
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
"""


def test_the_notice_is_read_from_its_own_words() -> None:
    read = read_notice(2026, OFFICIAL)
    stored = Holiday.objects.filter(year=2026).order_by("day").values_list("day", "kind", "name")
    assert [(one.day, one.kind, one.name) for one in read.days] == list(stored)
    assert (read.faults, read.doubts) == ([], [])


@pytest.mark.parametrize("year", range(2020, 2027))
def test_what_is_shown_for_mending_is_read_back_the_same(year: int) -> None:
    read = read_notice(year, as_text(year))
    stored = Holiday.objects.filter(year=year).order_by("day").values_list("day", "kind", "name")
    assert [(one.day, one.kind, one.name) for one in read.days] == list(stored)
    assert read.faults == []


@pytest.mark.parametrize(
    "line", ["国庆节 10-01 至 10-03 放假，10-10 上班", "国庆节：10月1日～3日，10月10日上班"]
)
def test_simple_lines_are_read_as_well(line: str) -> None:
    days = read_notice(2026, line).days
    assert [(one.day.day, one.kind) for one in days] == [
        (1, "off"), (2, "off"), (3, "off"), (10, "work"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "没有读到放假的日子"),
        ("国庆节：放假 7 天", "没有读到日期"),
        ("国庆节：10月32日放假", "不是有效日期"),
        ("国庆节：10月7日至1日放假", "首尾颠倒"),
        ("10月1日放假", "没有节日名称"),
        ("国庆节：2028年10月1日放假", "不属于 2026 年的通知"),
        ("国庆节：10月1日放假，10月9日上班", "本来就是工作日"),
        ("国庆节：10月1日放假，10月10日上班\n中秋节：10月10日放假", "既写了放假又写了上班"),
    ],
)
def test_what_cannot_be_read_is_said(text: str, said: str) -> None:
    faults = read_notice(2026, text).faults
    assert any(said in fault for fault in faults), faults


def test_a_notice_that_seems_incomplete_is_doubted_and_may_be_kept() -> None:
    read = read_notice(2027, "元旦：1月1日放假")
    assert read.faults == []
    assert "春节" in read.doubts[0]


def keep(year: int, text: str, **changes: object) -> list[Holiday]:
    given = {
        "actor": factories.officer(Role.OFFICE),
        "notice": "国办发明电〔样例〕1号",
        "reason": "按年度通知录入",
        "version": version_of(year),
    }
    return keep_year(year=year, text=text, **{**given, **changes})  # type: ignore[arg-type]


def test_a_new_year_is_certain_from_then_on() -> None:
    assert workdays.deadline_after(date(2026, 12, 31), 1).provisional
    keep(2027, "元旦：1月1日至3日放假，1月9日上班")
    found = workdays.deadline_after(date(2026, 12, 31), 6)
    assert (found.day, found.provisional) == (date(2027, 1, 9), False)
    row = AuditEntry.objects.get(action="holiday.keep_year")
    assert (row.reason, row.details["year"]) == ("按年度通知录入", 2027)


def test_a_day_no_longer_named_is_as_any_other_and_keeps_its_history() -> None:
    text = as_text(2026).replace("10-01 至 10-07", "10-01 至 10-06")
    officer = factories.officer(Role.OFFICE)
    changed = keep(2026, text, actor=officer)
    assert date(2026, 10, 7) in {row.day for row in changed}
    assert working_is_plain(date(2026, 10, 7))
    history = Holiday.history.filter(day=date(2026, 10, 7)).order_by("history_id")
    assert [one.kind for one in history] == ["off", "plain"]
    assert history.last().history_user == officer


def working_is_plain(day: date) -> bool:
    return workdays.calendar().works(day) and day not in workdays.calendar().special


@pytest.mark.parametrize("missing", ["notice", "reason"])
def test_notice_and_reason_are_asked_for(missing: str) -> None:
    with pytest.raises(NoticeRefused, match="没有填写"):
        keep(2027, "元旦：1月1日放假", **{missing: " "})
    assert not Holiday.objects.filter(year=2027).exists()


def test_two_officers_at_one_year_do_not_overwrite_each_other() -> None:
    version = version_of(2027)
    keep(2027, "元旦：1月1日放假", version=version)
    with pytest.raises(NoticeChanged, match="刚刚被他人修改"):
        keep(2027, "元旦：1月1日至3日放假", version=version)
    assert Holiday.objects.filter(year=2027).count() == 1


def test_a_plan_is_the_calendar_that_saving_gives() -> None:
    text = "元旦：1月1日至3日放假，1月9日上班"
    plan = planned(2027, read_notice(2027, text).days)
    keep(2027, text)
    assert plan == workdays.calendar()
