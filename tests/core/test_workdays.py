"""Working days: Monday to Friday, moved by the yearly notices of holidays and make-up days."""

from __future__ import annotations

from datetime import date

import pytest

from core import workdays
from core.models import Holiday
from core.workdays import deadline_after, working_day_after, working_days_between

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (MONDAY, MONDAY, 0),
        (MONDAY, date(2026, 3, 3), 0),
        (MONDAY, date(2026, 3, 4), 1),
        (date(2026, 2, 27), MONDAY, 1),  # Saturday the 28th is worked for Spring Festival
        (date(2026, 3, 6), date(2026, 3, 9), 0),
        (MONDAY, date(2026, 2, 20), 0),
        (date(2026, 9, 30), date(2026, 10, 8), 0),  # National Day
        (date(2026, 9, 30), date(2026, 10, 11), 3),  # with Saturday the 10th
        (date(2025, 12, 31), date(2027, 1, 1), 248),  # 261 weekdays, 19 of them off, 6 made up
    ],
)
def test_neither_end_is_counted(start: date, end: date, days: int) -> None:
    assert working_days_between(start, end) == days


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (MONDAY, 1, date(2026, 3, 3)),
        (MONDAY, 2, date(2026, 3, 4)),
        (date(2026, 2, 27), 1, date(2026, 2, 28)),
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # make-up Saturday before Spring Festival
        (date(2026, 2, 13), 2, date(2026, 2, 24)),
        (date(2026, 2, 13), 6, date(2026, 2, 28)),
        (date(2026, 9, 28), 5, date(2026, 10, 10)),
    ],
)
def test_a_period_ends_on_a_working_day(start: date, count: int, end: date) -> None:
    assert working_day_after(start, count) == end
    assert working_days_between(start, end) == count - 1


def test_a_deadline_says_why_it_falls_on_its_day() -> None:
    found = deadline_after(date(2026, 9, 28), 5)
    assert (found.day, found.provisional) == (date(2026, 10, 10), False)
    assert found.why == ("自 2026-09-28 起第 5 个工作日；10-01 至 10-07 国庆节放假，10-10 上班")


def test_without_holidays_it_names_the_weekend() -> None:
    assert deadline_after(MONDAY, 5).why == "自 2026-03-02 起第 5 个工作日；周六、周日不计"


def test_spring_festival_with_both_make_up_days() -> None:
    found = deadline_after(date(2026, 2, 13), 6)
    assert found.why == (
        "自 2026-02-13 起第 6 个工作日；02-14 上班，02-15 至 02-23 春节放假，02-28 上班"
    )


def test_a_year_without_a_notice_is_provisional_and_says_so() -> None:
    found = deadline_after(date(2026, 12, 30), 3)
    assert (found.day, found.provisional) == (date(2027, 1, 4), True)
    assert "2027 年放假安排尚未录入，暂按周一至周五计算，录入后重新计算" in found.why


def test_the_last_days_of_a_known_year_are_certain() -> None:
    assert not deadline_after(date(2026, 12, 24), 5).provisional


def test_the_known_notices_are_loaded_with_history() -> None:
    assert set(workdays.calendar().years) == set(range(2020, 2027))
    day = Holiday.objects.get(day=date(2022, 12, 31))
    assert (day.kind, day.name, day.year) == ("off", "元旦", 2023)
    assert Holiday.history.count() == Holiday.objects.count()


def test_an_edit_of_another_process_is_seen_at_the_next_question() -> None:
    assert working_day_after(MONDAY, 1) == date(2026, 3, 3)
    Holiday.objects.create(day=date(2026, 3, 3), kind="off", name="样例", year=2026, notice="样例")
    assert working_day_after(MONDAY, 1) == date(2026, 3, 4)


def test_a_request_reads_the_notices_once(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1), workdays.one_calendar():  # type: ignore[operator]
        for _ in range(20):
            working_day_after(MONDAY, 5)
    with django_assert_num_queries(0), workdays.one_calendar():  # type: ignore[operator]
        pass
