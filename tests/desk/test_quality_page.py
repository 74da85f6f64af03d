"""The page of data quality: figures by unit and period, each a way to its rows."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Officer, Unit
from accounts.roles import Role
from desk.quality.chart import Bar, BarChart
from desk.quality.periods import read_span
from tests import factories
from violations.models import Decision

pytestmark = pytest.mark.django_db
NOV_16 = datetime(2026, 11, 16, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
OCT_12 = datetime(2026, 10, 12, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def _day() -> Any:
    with time_machine.travel("2026-11-23 10:00+08:00", tick=False):
        yield


@pytest.fixture
def units() -> list[Unit]:
    """Two units: one late and one unserved record in November, one record in October."""
    za, yh = factories.unit("WG-ZA", "治安管理大队"), factories.unit("WG-YH", "垭口派出所")
    _made(za, date(2026, 10, 20), NOV_16)
    _made(za, date(2026, 11, 13), NOV_16, served_on=None)
    _made(yh, date(2026, 10, 20), NOV_16)
    _made(za, date(2026, 10, 9), OCT_12)
    return [za, yh]


def _made(unit: Unit, decided_on: date, entered: datetime, **fields: Any) -> Decision:
    return factories.decision(unit=unit, decided_on=decided_on, created_at=entered, **fields)


def _page(client: Client, officer: Officer, query: str = "") -> str:
    client.force_login(officer)
    return client.get(f"/quality/{query}").content.decode()


def test_every_figure_opens_as_many_rows_as_it_says(client: Client, units: list[Unit]) -> None:
    office = factories.officer(Role.OFFICE, unit=factories.unit(is_office=True))
    page = _page(client, office)

    links = re.findall(r'href="(/violations/\?figure=[^"]+)"[^>]*>([\d,]+)</a>', page)

    assert len(links) > 6
    for href, count in links:
        listing = client.get(href.replace("&amp;", "&"))
        assert listing.context["page"].paginator.count == int(count.replace(",", "")), href
        assert len(listing.context["rows"]) == int(count)
        assert "2026 年 11 月" in listing.content.decode()


def test_a_unit_s_officer_sees_the_own_unit_alone_whatever_the_address_says(
    client: Client, units: list[Unit]
) -> None:
    own = factories.officer(Role.UNIT_REVIEWER, unit=units[1])
    page = _page(client, own)
    assert "垭口派出所" in page
    assert "治安管理大队" not in page

    listing = client.get("/violations/?figure=recorded&period=2026-11&unit=WG-ZA")
    assert listing.context["rows"] == []


@pytest.mark.parametrize("role", [Role.APPROVER, Role.AUDITOR, Role.OFFICE])
def test_office_approver_and_auditor_see_all_units(
    client: Client, units: list[Unit], role: str
) -> None:
    page = _page(client, factories.officer(role, unit=factories.unit(is_office=True)))

    assert "垭口派出所" in page
    assert "治安管理大队" in page
    assert "合计" in page


@pytest.mark.parametrize("role", [Role.TIP_HANDLER, Role.ADMINISTRATOR])
def test_others_do_not_open_it(client: Client, role: str) -> None:
    client.force_login(factories.officer(role))

    assert client.get("/quality/").status_code == 403


@pytest.mark.parametrize(
    ("written", "first", "last", "code"),
    [
        ("2026-11", date(2026, 11, 1), date(2026, 11, 23), "2026-11"),
        ("2026-10", date(2026, 10, 1), date(2026, 10, 31), "2026-10"),
        ("2026-Q3", date(2026, 7, 1), date(2026, 9, 30), "2026-Q3"),
        ("2025", date(2025, 1, 1), date(2025, 12, 31), "2025"),
        ("", date(2026, 11, 1), date(2026, 11, 23), "2026-11"),
        ("2027", date(2026, 11, 1), date(2026, 11, 23), "2026-11"),
        ("2026-13", date(2026, 11, 1), date(2026, 11, 23), "2026-11"),
        ("2026-Q5", date(2026, 11, 1), date(2026, 11, 23), "2026-11"),
        ("2001", date(2026, 11, 1), date(2026, 11, 23), "2026-11"),
        ("' OR 1=1", date(2026, 11, 1), date(2026, 11, 23), "2026-11"),
    ],
)
def test_a_period_is_read_from_the_address(
    written: str, first: date, last: date, code: str
) -> None:
    span = read_span(written)

    assert (span.period.first, span.period.last, span.code) == (first, last, code)


def test_one_goes_from_period_to_period_but_not_into_the_future() -> None:
    quarter = read_span("2026-Q1")
    assert quarter.before is not None
    assert quarter.after is not None
    assert (quarter.before.code, quarter.after.code) == ("2025-Q4", "2026-Q2")
    assert read_span("2026-11").after is None
    assert read_span("2015-01").before is None


def test_an_unknown_figure_narrows_nothing_and_an_empty_period_says_so(
    client: Client, units: list[Unit]
) -> None:
    officer = factories.officer(Role.RECORDER, unit=units[0])
    client.force_login(officer)

    assert len(client.get("/violations/?figure=nonsense").context["rows"]) == 3
    assert "没有录入决定" in _page(client, officer, "?period=2020-01")


def test_the_queries_do_not_grow_with_units(
    client: Client, units: list[Unit], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(6):
        _made(factories.unit(), date(2026, 10, 20), NOV_16)
    client.force_login(factories.officer(Role.OFFICE, unit=factories.unit(is_office=True)))

    with django_assert_max_num_queries(24):
        client.get("/quality/")


def test_the_chart_says_in_words_what_it_draws() -> None:
    drawn = BarChart([Bar("迟录", 3, 12.5), Bar("未送达", 24, 100.0)]).wide()

    assert 'aria-label="占录入件数的比例：迟录 3 件，12.5%；未送达 24 件，100.0%"' in drawn
    widths = [float(width) for width in re.findall(r'width="([\d.]+)" height="14"', drawn)]
    assert widths == [994.0, 124.2, 994.0, 994.0]
