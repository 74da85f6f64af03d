"""What the template tags print: numbers, days, badges and counters in the words of the house."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from core.templatetags import ui
from grading.models import Flag, Grade


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("fen", "said"),
    [(32_000_000, "320,000"), (20_000_001, "200,000.01"), (5, "0.05"), (0, "0"), (None, "")],
)
def test_money_in_fen_is_said_in_yuan_without_a_float(fen: int | None, said: str) -> None:
    assert ui.fen_money(fen) == said


def test_money_in_yuan_keeps_its_fen() -> None:
    assert ui.money(Decimal("200000.10")) == "200,000.10"
    assert ui.money(Decimal("500000.00")) == "500,000"


def test_days_are_days_in_shanghai() -> None:
    assert ui.day(date(2026, 11, 23)) == "2026-11-23"
    assert ui.day(datetime(2026, 11, 22, 16, 30, tzinfo=UTC)) == "2026-11-23"
    assert ui.moment(datetime(2026, 11, 22, 16, 30, tzinfo=UTC)) == "2026-11-23 00:30"
    assert ui.day(None) == "—"
    assert ui.weekday(date(2026, 11, 23)) == "星期一"


def test_a_grade_is_shape_letter_and_word() -> None:
    badge = ui.grade_badge("B", large=True)
    assert badge == '<span class="grade grade-b grade-lg"><b>B</b><span>一般失信</span></span>'
    assert "未定级" in ui.grade_badge("")
    assert "grade-n" in ui.grade_badge(None)


def test_the_words_of_grades_and_flags_are_those_of_the_models() -> None:
    assert dict(Grade.choices) == ui.GRADE_WORDS
    assert dict(Flag.choices) == ui.FLAG_WORDS


@pytest.mark.parametrize(
    ("value", "colour", "filled"),
    [(0, "f-br", 0), (1, "f-br", 1), (2, "f-warn", 2), (3, "f-c", 3), (7, "f-c", 3)],
)
def test_a_count_turns_amber_one_below_its_limit_and_red_at_it(
    value: int, colour: str, filled: int
) -> None:
    drawn = ui.segments(value, 3, "件")
    assert f'aria-label="{value} 件，上限 3 件（不含）"' in drawn
    assert drawn.count(f'class="{colour}"') == filled
    assert drawn.count('class="f-bg"') == 3 - filled


@pytest.mark.parametrize(
    ("fen", "colour"),
    [(39_999_999, "f-br"), (40_000_000, "f-warn"), (50_000_000, "f-warn"), (50_000_001, "f-c")],
)
def test_money_turns_amber_at_four_fifths_and_red_only_above_its_limit(
    fen: int, colour: str
) -> None:
    drawn = ui.bar(fen, 50_000_000)
    assert f'class="{colour}"' in drawn
    assert "上限 500,000 元" in drawn


def test_a_link_keeps_the_rest_of_the_query() -> None:
    request = RequestFactory().get("/subjects/", {"q": "样例", "page": "3"})
    assert render("{% query_with request page=2 %}", request=request).endswith("&amp;page=2")
    assert "page" not in render("{% query_with request page=None %}", request=request)


def test_what_people_typed_is_escaped_in_tags() -> None:
    drawn = render("{% segments 1 3 unit %}", unit='"><script>')
    assert "<script>" not in drawn


def test_icons_are_hidden_from_screen_readers() -> None:
    assert 'aria-hidden="true"' in render('{% icon "house" %}')
    assert 'class="ic ic-s"' in render('{% icon "house" "ic-s" %}')
