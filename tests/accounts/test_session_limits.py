"""A session ends when idle, when old, when its officer is disabled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 20, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PAGE = "/accounts/password/"
TO_SIGN_IN = "/accounts/sign-in/?next=%2Faccounts%2Fpassword%2F"
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/subjects/?q=jy"}


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def zhang(client: Client, clock: time_machine.Traveller) -> Officer:
    officer = factories.officer(Role.RECORDER)
    client.force_login(officer)
    assert client.get(PAGE).status_code == 200
    return officer


def test_fifteen_idle_minutes_end_it(
    client: Client, zhang: Officer, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(minutes=14, seconds=59))
    assert client.get(PAGE).status_code == 200
    clock.shift(timedelta(minutes=15))
    page = client.get(PAGE)
    assert page["Location"] == TO_SIGN_IN
    assert "已超过 15 分钟没有操作" in client.get(page["Location"]).content.decode()
    row = AuditEntry.objects.get(action="account.session_ended")
    assert (row.actor, row.details) == (zhang.number, {"because": "idle"})


def test_polling_does_not_keep_it_alive(
    client: Client, zhang: Officer, clock: time_machine.Traveller
) -> None:
    for _ in range(14):
        clock.shift(timedelta(minutes=1))
        assert client.get(PAGE, headers={"X-Background": "1"}).status_code == 200
    clock.shift(timedelta(minutes=1))
    assert client.get(PAGE, headers={"X-Background": "1"}).status_code == 302


def test_eight_hours_end_it_however_busy(
    client: Client, zhang: Officer, clock: time_machine.Traveller
) -> None:
    for _ in range(47):
        clock.shift(timedelta(minutes=10))
        assert client.get(PAGE).status_code == 200
    clock.shift(timedelta(minutes=10))
    page = client.get(PAGE)
    assert page["Location"] == TO_SIGN_IN
    assert "登录已满 8 小时" in client.get(page["Location"]).content.decode()


def test_a_disabled_officer_is_out_at_the_next_request(client: Client, zhang: Officer) -> None:
    zhang.is_active = False
    zhang.save()
    page = client.get(PAGE)
    assert page["Location"] == TO_SIGN_IN
    assert "账号已停用" in client.get(page["Location"]).content.decode()
    zhang.is_active = True
    zhang.save()
    assert client.get(PAGE).status_code == 302, "enabled again, they sign in again"


def test_a_role_taken_away_is_gone_at_the_next_request(client: Client, zhang: Officer) -> None:
    zhang.role_grants.all().delete()
    assert not Officer.objects.get(pk=zhang.pk).permissions


def test_a_fragment_sends_the_whole_page_to_sign_in(
    client: Client, zhang: Officer, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(minutes=16))
    page = client.get("/accounts/password/", headers=HTMX)
    assert page.status_code == 204
    assert page["HX-Redirect"] == "/accounts/sign-in/?next=%2Fsubjects%2F%3Fq%3Djy"


def test_a_fragment_without_sign_in_does_the_same(client: Client) -> None:
    page = client.get(PAGE, headers=HTMX)
    assert (page.status_code, page["HX-Redirect"][:18]) == (204, "/accounts/sign-in/")


def test_a_page_of_another_site_is_not_remembered(client: Client) -> None:
    page = client.post(PAGE, headers={"Referer": "https://example.org/"})
    assert page["Location"] == "/accounts/sign-in/"


def test_a_form_sent_too_late_leads_back_to_its_page(
    client: Client, zhang: Officer, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(hours=1))
    page = client.post(PAGE, {}, headers={"Referer": "http://testserver/entry/7/"})
    assert page["Location"] == "/accounts/sign-in/?next=%2Fentry%2F7%2F"
