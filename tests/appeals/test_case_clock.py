"""Deadlines of cases: over holidays and make-up days, with stops, in a year without a notice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from appeals.case_numbers import CaseCounter, next_number
from core.case_clock import Wait, deadline
from core.models import Holiday
from core.workdays import calendar
from tests.grading.worked_cases import d

pytestmark = pytest.mark.django_db

AWAITED = "等待补正"
# 2026: Spring Festival 02-15 to 02-23, make-up days 02-14 and 02-28; National Day 10-01 to 10-07,
# make-up days 09-20 and 10-10.
OFF = [("春节", d("2026-02-15"), 9), ("国庆节", d("2026-10-01"), 7)]
WORKS = ["2026-02-14", "2026-02-28", "2026-09-20", "2026-10-10"]


@pytest.fixture(autouse=True)
def _notice() -> None:
    Holiday.objects.filter(year=2026).delete()
    for name, first, days in OFF:
        for n in range(days):
            day = first + timedelta(days=n)
            Holiday.objects.create(day=day, kind="off", name=name, year=2026)
    for made_up in WORKS:
        Holiday.objects.create(day=d(made_up), kind="work", name="调休", year=2026)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-11-09", 3, "2026-11-12"),
        ("2026-09-30", 3, "2026-10-10"),  # 10-08, 10-09 and the Saturday that works
        ("2026-09-30", 10, "2026-10-20"),
        ("2026-02-13", 3, "2026-02-25"),  # the Saturday 02-14 works, then the festival
        ("2026-02-13", 10, "2026-03-05"),  # the Saturday 02-28 works
        ("2026-09-18", 1, "2026-09-20"),  # a Sunday that works
    ],
)
def test_over_holidays_and_make_up_days(start: str, count: int, end: str) -> None:
    found = deadline(d(start), count, [], today=d(start))
    assert (found.day, found.provisional) == (d(end), False)


@pytest.mark.parametrize(
    ("begins", "ends", "end"),
    [
        ("2026-11-10", "2026-11-13", "2026-11-17"),  # three working days lost
        ("2026-11-09", "2026-11-09", "2026-11-12"),  # brought on the day it was asked for
        (
            "2026-11-12",
            "2026-11-20",
            "2026-11-12",
        ),  # asked on the last day: nothing is left to stop
        ("2026-11-10", "2026-11-15", "2026-11-17"),  # Saturday and Sunday cost nothing
    ],
)
def test_what_is_awaited_is_not_counted(begins: str, ends: str, end: str) -> None:
    stops = [Wait(d(begins), d(ends), AWAITED)]
    found = deadline(d("2026-11-09"), 3, stops, today=d("2026-11-30"))
    assert found.day == d(end)


def test_a_stop_over_national_day_moves_the_end_by_its_working_days_alone() -> None:
    stops = [Wait(d("2026-09-29"), d("2026-10-09"), AWAITED)]
    found = deadline(d("2026-09-28"), 3, stops, today=d("2026-10-12"))
    # 09-29 counts; 09-30, 10-08, 10-09 stand still; 10-10 (a Saturday) and 10-12 count.
    assert found.day == d("2026-10-12")
    assert "扣除等待的 3 个工作日" in found.why
    assert "2026-09-29 至 2026-10-09 等待补正" in found.why
    assert "国庆节放假" in found.why


def test_a_stop_that_runs_moves_the_end_on_with_each_day() -> None:
    stops = [Wait(d("2026-11-10"), None, AWAITED)]
    ends = [
        deadline(d("2026-11-09"), 3, stops, today=d("2026-11-11") + timedelta(days=n)).day
        for n in range(3)
    ]
    assert ends == [d("2026-11-13"), d("2026-11-16"), d("2026-11-17")]


def test_a_year_without_a_notice_is_counted_and_said_to_be_provisional() -> None:
    found = deadline(d("2026-12-29"), 3, [], today=d("2026-12-29"))
    assert (found.day, found.provisional) == (d("2027-01-01"), True)
    assert "2027 年放假安排尚未录入" in found.why
    Holiday.objects.create(day=d("2027-01-01"), kind="off", name="元旦", year=2027)
    moved = deadline(d("2026-12-29"), 3, [], today=d("2026-12-29"))
    assert (moved.day, moved.provisional) == (d("2027-01-04"), False)


@pytest.mark.parametrize("length", [0, 1, 4, 9, 30])
def test_as_many_free_working_days_pass_as_were_given(length: int) -> None:
    start = d("2026-09-21")
    stop = Wait(start + timedelta(days=2), start + timedelta(days=2 + length), AWAITED)
    end = deadline(start, 10, [stop], today=d("2026-12-31")).day
    days = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    free = [day for day in days if calendar().works(day) and not _stopped(stop, day)]
    assert len(free) == 10
    assert free[-1] == end


def _stopped(stop: Wait, day: date) -> bool:
    assert stop.ends is not None
    return stop.begins < day <= stop.ends


def test_numbers_are_gapless_within_their_kind_and_year() -> None:
    assert [next_number("XF", 2026) for _ in range(2)] == ["XF-2026-0001", "XF-2026-0002"]
    assert next_number("XF", 2027) == "XF-2027-0001"
    assert next_number("YY", 2026) == "YY-2026-0001"
    assert CaseCounter.objects.get(kind="XF", year=2026).last == 2
