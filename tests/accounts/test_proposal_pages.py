"""What the pages of account changes and tokens show, and each secret shown once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from accounts import changes, services
from accounts.change_effects import ChangeRefused
from accounts.change_models import AccountChange, ChangeKind
from accounts.models import ApiToken, Officer
from accounts.models import Client as Outside
from accounts.tokens import token_of
from core.models import AuditEntry
from tests.accounts.pairs import REASON, TOKEN, new_account, proposed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel("2026-11-20 10:00 +0800", tick=False):
        yield


# --- secrets ------------------------------------------------------------------------------------


def test_a_first_password_is_shown_once_to_the_proposer_alone(
    first: Officer, second: Officer
) -> None:
    change = changes.agree(actor=second, change=new_account(first))
    with pytest.raises(PermissionDenied, match="只向提出人"):
        changes.take_secret(actor=second, change=change)
    password = changes.take_secret(actor=first, change=change)
    made = Officer.objects.get(number="489031")
    assert made.check_password(password)
    assert made.must_change_password
    assert password not in str(list(AuditEntry.objects.values()))
    assert password not in str(list(AccountChange.objects.values()))
    with pytest.raises(ChangeRefused, match="已显示过"):
        changes.take_secret(actor=first, change=change)


def test_a_password_stays_until_the_new_one_is_taken(
    first: Officer, second: Officer, officer: Officer
) -> None:
    officer.set_password("shan-hu-yan-9")
    officer.save()
    change = changes.agree(actor=second, change=proposed(first, officer, ChangeKind.PASSWORD))
    assert Officer.objects.get(pk=officer.pk).check_password("shan-hu-yan-9")
    password = changes.take_secret(actor=first, change=change)
    assert Officer.objects.get(pk=officer.pk).check_password(password)


def test_a_token_comes_of_the_agreement_and_is_shown_once(
    first: Officer, second: Officer, officer: Officer
) -> None:
    change = changes.agree(actor=second, change=proposed(first, officer, ChangeKind.TOKEN))
    assert not ApiToken.objects.exists()
    secret = changes.take_secret(actor=first, change=change)
    token = token_of(secret)
    assert token is not None
    assert (token.officer, token.scopes, token.valid_until) == (
        officer,
        "decisions:read",
        date(2027, 11, 20),
    )
    row = AuditEntry.objects.get(action="token.issue")
    assert (row.actor, row.details["agreed_by"]) == (first.number, second.number)
    assert secret not in str(list(AuditEntry.objects.values()))


def test_a_client_outside_gets_what_is_disclosable(first: Officer, second: Officer) -> None:
    wanted = {"client": "市公共信用信息平台", "scopes": ["grades:read"], "until": TOKEN["until"]}
    change = proposed(first, None, ChangeKind.TOKEN, **wanted)
    assert not Outside.objects.exists()
    changes.agree(actor=second, change=change)
    token = token_of(changes.take_secret(actor=first, change=change))
    assert token is not None
    assert token.client == Outside.objects.get(name="市公共信用信息平台")


def test_what_is_not_taken_within_a_week_lapses(
    first: Officer, second: Officer, officer: Officer
) -> None:
    change = changes.agree(actor=second, change=proposed(first, officer, ChangeKind.TOKEN))
    with (
        time_machine.travel(timezone.now() + timedelta(days=7, seconds=1), tick=False),
        pytest.raises(ChangeRefused, match="已失效"),
    ):
        changes.take_secret(actor=first, change=change)


# --- pages --------------------------------------------------------------------------------------


def signed_in(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def test_the_second_finds_it_on_the_workbench_and_agrees(
    first: Officer, second: Officer, officer: Officer
) -> None:
    change = proposed(first, officer)
    client = signed_in(second)
    assert f"/accounts/proposals/{change.pk}/" in client.get("/").content.decode()
    page = client.get(f"/accounts/proposals/{change.pk}/").content.decode()
    assert "增加角色" in page
    assert REASON in page
    assert client.post(f"/accounts/proposals/{change.pk}/agree/").status_code == 302
    assert Officer.objects.get(pk=officer.pk).roles == {"recorder", "office"}


def test_the_proposer_has_no_button_and_no_way_round_it(first: Officer, officer: Officer) -> None:
    change = proposed(first, officer)
    client = signed_in(first)
    assert "/agree/" not in client.get(f"/accounts/proposals/{change.pk}/").content.decode()
    assert client.post(f"/accounts/proposals/{change.pk}/agree/").status_code == 403
    row = AuditEntry.objects.get(action="access.refused")
    assert (row.actor, row.details["path"]) == (
        first.number,
        f"/accounts/proposals/{change.pk}/agree/",
    )
    assert "提出人不能同意" in row.reason


def test_a_stale_one_is_said_on_the_page_with_what_was_typed(
    first: Officer, second: Officer, officer: Officer
) -> None:
    change = proposed(first, officer)
    services.disable(actor=second, officer=officer, reason=REASON)
    client = signed_in(second)
    page = client.post(f"/accounts/proposals/{change.pk}/agree/")
    assert page.status_code == 409
    assert "提出之后账号" in page.content.decode()
    page = client.post(f"/accounts/proposals/{change.pk}/refuse/", {"remark": " "})
    assert page.status_code == 409
    assert "请填写意见" in page.content.decode()


def test_the_secret_stands_in_one_answer_that_no_cache_keeps(
    first: Officer, second: Officer
) -> None:
    change = changes.agree(actor=second, change=new_account(first))
    client = signed_in(first)
    page = client.post(f"/accounts/proposals/{change.pk}/secret/")
    assert "no-store" in page["Cache-Control"]
    password = page.context["secret"]
    assert password in page.content.decode()
    assert client.post(f"/accounts/proposals/{change.pk}/secret/").status_code == 409
    again = client.get(f"/accounts/proposals/{change.pk}/").content.decode()
    assert password not in again


def test_a_token_is_proposed_and_revoked_on_screen(
    first: Officer, second: Officer, officer: Officer
) -> None:
    client = signed_in(first)
    data = {
        "number": officer.number,
        "scopes": ["decisions:read"],
        "until": "2027-11-20",
        "reason": "案件管理系统对接，局科信〔2026〕3号。",
    }
    assert client.post("/accounts/tokens/new/", data).status_code == 302
    change = AccountChange.objects.get()
    changes.agree(actor=second, change=change)
    secret = changes.take_secret(actor=first, change=change)
    token = ApiToken.objects.get()
    assert token.prefix in client.get("/accounts/tokens/").content.decode()
    assert client.post(f"/accounts/tokens/{token.pk}/revoke/").status_code == 302
    assert token_of(secret) is None


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"number": ""}, "二者填一"),
        ({"client": "某平台"}, "二者填一"),
        ({"number": "000000"}, "没有这个警号"),
        ({"scopes": []}, "至少选一项"),
        ({"until": "2030-01-01"}, "有效期须在"),
        ({"until": "2026/1"}, "不是日期"),
        ({"reason": "对接"}, "理由太短"),
        ({"number": "", "client": "某平台"}, "局外部门只能有"),
    ],
)
def test_a_token_form_that_is_not_right(
    first: Officer, officer: Officer, changed: dict[str, Any], says: str
) -> None:
    data = {
        "number": officer.number,
        "scopes": ["decisions:read"],
        "until": "2027-11-20",
        "reason": "案件管理系统对接，局科信〔2026〕3号。",
        **changed,
    }
    page = signed_in(first).post("/accounts/tokens/new/", data)
    assert page.status_code == 422
    assert says in page.content.decode()
    assert not AccountChange.objects.exists()


def test_nobody_proposes_a_token_for_themself_on_screen(first: Officer) -> None:
    data = {"number": first.number, "until": "2027-11-20", "reason": REASON, "scopes": ["preview"]}
    assert signed_in(first).post("/accounts/tokens/new/", data).status_code == 403
