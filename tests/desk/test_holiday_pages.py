"""The office enters the yearly notice: previewed with what moves, kept with reason and history."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry, Holiday
from core.workday_notices import version_of
from grading.models import Review
from tests import factories
from tests.violations.list_cases import Case, on
from violations.enums import DecisionState

pytestmark = pytest.mark.django_db
NOTICE = """元旦：1月1日（周五）至3日（周日）放假，共3天。
春节：2月5日至13日放假调休。1月31日、2月14日上班。
"""
DAY = date(2026, 12, 30)


@pytest.fixture
def office() -> Officer:
    return factories.officer(Role.OFFICE)


def client_of(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def typed(**changes: str) -> dict[str, str]:
    given = {
        "do": "preview",
        "version": str(version_of(2027)),
        "notice": "国办发明电〔样例〕1号",
        "text": NOTICE,
        "reason": "按年度通知录入",
    }
    return {**given, **changes}


URL = "/holidays/2027/"


def test_a_preview_shows_which_deadlines_move_and_writes_nothing(office: Officer) -> None:
    with on(DAY):
        waiting = factories.decision(
            state=DecisionState.SUBMITTED,
            submitted_at=datetime(2027, 1, 29, 2, tzinfo=UTC),  # a Friday
        )
        shown = client_of(office).post(URL, typed()).content.decode()
    assert waiting.number in shown
    assert '<del class="num">2027-02-02</del> → <ins class="num">2027-02-01</ins>' in shown
    assert "其中 1 个日期变动" in shown
    assert not Holiday.objects.filter(year=2027).exists()


def test_notices_and_reviews_are_among_what_moves(office: Officer) -> None:
    case = Case()
    case.notify(date(2026, 12, 30))
    review = Review.objects.create(
        subject=factories.subject(),
        flag="over_limit",
        opened_at=datetime(2026, 12, 31, 2, tzinfo=UTC),
    )
    with on(date(2026, 12, 31)):
        shown = (
            client_of(office)
            .post(URL, typed(text="元旦：1月1日至8日放假，1月9日上班"))
            .content.decode()
        )
    assert "黑名单告知" in shown
    assert case.subject.name in shown
    assert "等级复核" in shown
    assert review.subject.name in shown


def test_saved_it_is_said_what_moved_and_every_page_counts_anew(office: Officer) -> None:
    case = Case()
    case.notify(date(2026, 12, 30))  # 5 working days: 2027-01-06 for now
    entry_url = reverse("desk:list-entry", args=[case.entry.pk])
    with on(date(2026, 12, 31)):
        client = client_of(office)
        before = client.get(entry_url).content.decode()
        assert "2027-01-06" in before
        assert "暂定" in before
        answer = client.post(URL, typed(do="save"), follow=True).content.decode()
        assert "在办期限 1 个，其中 1 个日期变动，1 个由暂定转为确定。" in answer
        after = client.get(entry_url).content.decode()
    assert "2027-01-07" in after
    assert "暂定" not in after
    row = AuditEntry.objects.get(action="holiday.keep_year")
    assert (row.actor, row.reason) == (office.number, "按年度通知录入")
    assert Holiday.history.filter(year=2027).first().history_user == office


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": ""}, "没有读到放假的日子"),
        ({"notice": ""}, "没有填写通知文号"),
        ({"reason": ""}, "没有填写理由"),
        ({"text": "元旦：1月32日放假"}, "不是有效日期"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    office: Officer, changes: dict[str, str], said: str
) -> None:
    with on(DAY):
        answer = client_of(office).post(URL, typed(do="save", **changes))
    shown = answer.content.decode()
    assert answer.status_code == 400
    assert said in shown
    assert changes.get("text", "1月31日") in shown
    assert not Holiday.objects.filter(year=2027).exists()


def test_a_year_entered_meanwhile_is_not_overwritten(office: Officer) -> None:
    with on(DAY):
        first = typed(do="save")
        assert client_of(office).post(URL, first).status_code == 302
        late = client_of(factories.officer(Role.OFFICE)).post(URL, first)
    assert late.status_code == 409
    assert "刚刚被他人修改" in late.content.decode()


@pytest.mark.parametrize("year", [1999, 2019, 2029, 9999])
def test_years_far_away_do_not_exist(office: Officer, year: int) -> None:
    with on(DAY):
        assert client_of(office).get(f"/holidays/{year}/").status_code == 404


@pytest.mark.parametrize(
    ("day", "role", "there"),
    [
        (date(2026, 11, 30), Role.OFFICE, False),
        (date(2026, 12, 1), Role.OFFICE, True),
        (date(2027, 3, 1), Role.OFFICE, True),
        (date(2026, 12, 1), Role.RECORDER, False),
    ],
)
def test_from_december_on_the_office_is_told_in_red(day: date, role: str, there: bool) -> None:
    with on(day):
        shown = client_of(factories.officer(role)).get("/").content.decode()
    assert ("2027 年的放假安排尚未录入" in shown) is there


def test_with_the_notice_nobody_is_told(office: Officer) -> None:
    with on(date(2026, 12, 1)):
        client_of(office).post(URL, typed(do="save"))
        assert "放假安排尚未录入" not in client_of(office).get("/").content.decode()
