"""A last day with the working days that are left, or by which it is over."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine

from desk.deadlines import confirm_by, due

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


@pytest.mark.django_db
def test_two_working_days_to_confirm_begin_the_day_after() -> None:
    """Submitted on a Friday evening in Shanghai: until Tuesday."""
    with time_machine.travel(datetime(2026, 11, 27, 12, tzinfo=UTC), tick=False):
        term = confirm_by(datetime(2026, 11, 27, 12, tzinfo=UTC))
        assert term is not None
        assert term.on == date(2026, 12, 1)
        assert confirm_by(None) is None
