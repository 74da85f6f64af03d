"""Sign-in with the police number, the lock after five failures, sign-out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 20, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PASSWORD = "shan-hu-yan-9"
SIGN_IN = "/accounts/sign-in/"


@pytest.fixture
def zhang() -> Officer:
    return factories.officer(Role.RECORDER, number="420001", password=PASSWORD)


def attempt(client: Client, password: str, number: str = "420001", **extra: Any) -> int:
    return client.post(SIGN_IN, {"number": number, "password": password}, **extra).status_code


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))


def test_the_right_pair_signs_in_and_goes_where_it_was_headed(
    client: Client, zhang: Officer
) -> None:
    page = client.post(
        SIGN_IN,
        {"number": " 420001 ", "password": PASSWORD, "next": reverse("accounts:change-password")},
    )
    assert page.status_code == 302
    assert page["Location"] == "/accounts/password/"
    (row,) = AuditEntry.objects.all()
    assert (row.action, row.actor, row.unit) == ("account.sign_in", "420001", "WG-ZA")
    assert row.origin == "web 127.0.0.1"


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "javascript:x"])
def test_nobody_is_sent_to_another_site(client: Client, zhang: Officer, elsewhere: str) -> None:
    page = client.post(SIGN_IN, {"number": "420001", "password": PASSWORD, "next": elsewhere})
    assert page["Location"] == "/"


def test_the_session_key_is_a_new_one(client: Client, zhang: Officer) -> None:
    session = client.session
    session["kept"] = "from before"
    session.save()
    before = session.session_key or ""
    assert attempt(client, PASSWORD) == 302
    assert client.session.session_key != before
    assert not client.session.__class__(before).exists(before)


@pytest.mark.parametrize(
    ("number", "password"), [("420001", "wrong"), ("999999", PASSWORD), ("420001", "")]
)
def test_a_wrong_pair_is_told_the_same_and_stays_out(
    client: Client, zhang: Officer, number: str, password: str
) -> None:
    page = client.post(SIGN_IN, {"number": number, "password": password})
    assert page.status_code == 422
    assert "_auth_user_id" not in client.session
    expected = "密码未填写" if not password else "警号或密码不对，或者账号已停用"
    assert expected in page.content.decode()


def test_what_was_typed_as_number_never_enters_the_trail(client: Client) -> None:
    attempt(client, "x", number="my-secret-password")
    (row,) = AuditEntry.objects.all()
    assert row.action == "account.sign_in_failed"
    assert "my-secret" not in f"{row.details}{row.target_label}{row.reason}{row.actor}"


def test_a_disabled_officer_does_not_get_in(client: Client, zhang: Officer) -> None:
    zhang.is_active = False
    zhang.save()
    assert attempt(client, PASSWORD) == 422


def test_five_failures_lock_the_pair_for_fifteen_minutes(client: Client, zhang: Officer) -> None:
    with time_machine.travel(START, tick=False) as clock:
        assert [attempt(client, "wrong") for _ in range(5)] == [422] * 4 + [429]
        clock.shift(timedelta(minutes=10))
        page = client.post(SIGN_IN, {"number": "420001", "password": PASSWORD})
        assert page.status_code == 429
        assert "09:15" in page.content.decode()
        assert '还有约 <span class="num strong">5</span> 分钟' in page.content.decode()
        assert page["Retry-After"] == "300"
        clock.shift(timedelta(minutes=4, seconds=59))
        assert attempt(client, PASSWORD) == 429, "trying again must not prolong or end the lock"
        clock.shift(timedelta(seconds=2))
        assert attempt(client, PASSWORD) == 302
    assert actions().count("account.locked") == 1
    locked = AuditEntry.objects.get(action="account.locked")
    assert locked.target_id == str(zhang.pk)


def test_the_lock_is_for_the_pair_of_account_and_address(client: Client, zhang: Officer) -> None:
    factories.officer(number="420002", password=PASSWORD)
    for n in range(5):
        attempt(client, "wrong", HTTP_USER_AGENT=f"browser {n}")
    assert attempt(client, PASSWORD) == 429
    assert attempt(client, PASSWORD, number="420002") == 302
    assert attempt(Client(REMOTE_ADDR="10.1.2.3"), PASSWORD) == 302


def test_the_page_says_how_many_tries_are_left(client: Client, zhang: Officer) -> None:
    attempt(client, "wrong")
    page = client.post(SIGN_IN, {"number": "420001", "password": "wrong"})
    assert "再错 3 次" in page.content.decode()


def test_success_clears_the_count(client: Client, zhang: Officer) -> None:
    for _ in range(4):
        attempt(client, "wrong")
    assert attempt(client, PASSWORD) == 302
    assert [attempt(Client(), "wrong") for _ in range(4)] == [422] * 4


def test_sign_out_needs_a_post_and_ends_the_session(client: Client, zhang: Officer) -> None:
    client.force_login(zhang)
    assert client.get("/accounts/sign-out/").status_code == 405
    assert client.post("/accounts/sign-out/")["Location"] == SIGN_IN
    assert "_auth_user_id" not in client.session
    assert actions() == ["account.sign_out"]


def test_no_page_is_kept_by_the_browser(client: Client, zhang: Officer) -> None:
    assert "no-store" in client.get(SIGN_IN)["Cache-Control"]
    client.force_login(zhang)
    assert "no-store" in client.get("/")["Cache-Control"]
