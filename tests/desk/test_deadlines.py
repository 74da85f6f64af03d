"""A last day with the working days that are left, or by which it is over."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine

from desk.deadlines import confirm_by, due

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("today", "words", "kind"),
    [
        (date(2026, 11, 24), "剩 3 天", ""),
        (date(2026, 11, 26), "剩 1 天", "soon"),
        (FRIDAY, "今天到期", "soon"),
        (date(2026, 11, 28), "逾期 1 天", "over"),
        (date(2026, 11, 30), "逾期 1 天", "over"),
        (date(2026, 12, 1), "逾期 2 天", "over"),
    ],
)
def test_words_and_colour_of_a_last_day(today: date, words: str, kind: str) -> None:
    with time_machine.travel(datetime(today.year, today.month, today.day, 4, tzinfo=UTC)):
        assert (due(FRIDAY).words, due(FRIDAY).kind) == (words, kind)


def test_two_working_days_to_confirm_begin_the_day_after() -> None:
    """Submitted on a Friday evening in Shanghai: until Tuesday."""
    with time_machine.travel(datetime(2026, 11, 27, 12, tzinfo=UTC), tick=False):
        term = confirm_by(datetime(2026, 11, 27, 12, tzinfo=UTC))
        assert term is not None
        assert term.on == date(2026, 12, 1)
        assert confirm_by(None) is None


def test_a_term_over_national_day_says_why() -> None:
    """Submitted on 30 September: the first working day after the holiday is 8 October."""
    with time_machine.travel(datetime(2026, 9, 30, 3, tzinfo=UTC), tick=False):
        term = confirm_by(datetime(2026, 9, 30, 3, tzinfo=UTC))
        assert term is not None
        assert (term.on, term.words) == (date(2026, 10, 9), "剩 2 天")
        assert "10-01 至 10-07 国庆节放假" in term.why
        assert not term.provisional


def test_a_term_into_a_year_without_its_notice_is_provisional() -> None:
    with time_machine.travel(datetime(2026, 12, 31, 3, tzinfo=UTC), tick=False):
        term = confirm_by(datetime(2026, 12, 31, 3, tzinfo=UTC))
        assert term is not None
        assert (term.on, term.provisional) == (date(2027, 1, 4), True)
