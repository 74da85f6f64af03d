"""The admin site: what stands there, reasons, nobody their own account, nothing deleted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from django.contrib import admin
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import AccountChange, Officer, Unit
from accounts.roles import Role
from core.models import AuditEntry, OfficeSetting
from core.settings_table import integer
from tests import factories

pytestmark = pytest.mark.django_db

REASON = "新入职，局政工室〔2026〕7号通知。"
PASSWORD = "lin-shi-mi-ma-7"
NEW = {"number": "430001", "name": "王五", "roles_wanted": ["recorder"]}


@pytest.fixture
def administrator() -> Officer:
    return factories.officer(Role.ADMINISTRATOR, number="420007")


@pytest.fixture
def client(administrator: Officer) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


def test_what_is_registered() -> None:
    assert sorted(model._meta.label for model in admin.site._registry) == [
        "accounts.Officer",
        "accounts.Unit",
        "core.OfficeSetting",
        # read-only, and corrected by two persons
        "subjects.Subject",
        "violations.Correction",
        "violations.Decision",
        "violations.Factor",
        "violations.ListEntry",
    ]


def test_nobody_deletes_anything_there(client: Client, administrator: Officer) -> None:
    unit = factories.unit()
    assert (
        client.post(f"/admin/accounts/unit/{unit.pk}/delete/", {"post": "yes"}).status_code == 403
    )
    client.post("/admin/accounts/unit/", {"action": "delete_selected", "_selected_action": unit.pk})
    assert Unit.objects.filter(pk=unit.pk).exists()


def add(client: Client, **changes: Any) -> Any:
    data = {**NEW, "unit": factories.unit("WG-ZA").pk, "reason": REASON, **changes}
    return client.post("/admin/accounts/officer/add/", data)


def test_a_new_officer_is_a_proposal_and_no_account(client: Client) -> None:
    answer = add(client)
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/proposals/")
    assert not Officer.objects.filter(number="430001").exists()
    change = AccountChange.objects.get()
    assert (change.kind, change.proposed_by.number, change.reason) == ("account", "420007", REASON)
    assert change.payload == {
        "number": "430001",
        "name": "王五",
        "unit": "WG-ZA",
        "roles": ["recorder"],
    }


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"reason": ""}, "理由未填写"),
        ({"reason": "新入职"}, "理由太短"),
        ({"number": "4"}, "警号由 4 到 32 位"),
        ({"roles_wanted": ["root"]}, "root"),
    ],
)
def test_what_is_refused(client: Client, changes: dict[str, Any], says: str) -> None:
    page = add(client, **changes)
    assert page.status_code == 200
    assert says in page.content.decode()
    assert not AccountChange.objects.exists()


def test_the_same_proposal_again_is_said_and_not_made(client: Client) -> None:
    add(client)
    page = add(client).content.decode()
    assert "已有一项同类变更" in page
    assert 'value="王五"' in page, "what was typed is kept"
    assert AccountChange.objects.count() == 1


def change(client: Client, officer: Officer, **changes: Any) -> Officer:
    data = {
        "number": "hacked",
        "name": officer.name,
        "unit": officer.unit_id,
        "is_active": "on",
        "roles_wanted": sorted(officer.roles),
        "reason": REASON,
        **changes,
    }
    data = {name: value for name, value in data.items() if value is not None}
    page = client.post(f"/admin/accounts/officer/{officer.pk}/change/", data)
    assert page.status_code == 302
    return Officer.objects.get(pk=officer.pk)


def test_more_power_for_another_is_proposed(client: Client) -> None:
    officer, other = factories.officer(Role.RECORDER), factories.unit()
    roles = ["recorder", "unit_reviewer"]
    after = change(client, officer, unit=other.pk, roles_wanted=roles, new_password="on")
    assert (after.number, after.unit, after.password) == (
        officer.number,
        officer.unit,
        officer.password,
    )
    assert after.roles == {"recorder"}
    made = AccountChange.objects.order_by("pk").values_list("kind", "payload")
    assert list(made) == [
        ("roles", {"roles": ["unit_reviewer"]}),
        ("unit", {"unit": other.code}),
        ("password", {}),
    ]


def test_less_power_for_another_holds_at_once(client: Client) -> None:
    officer = factories.officer(Role.RECORDER, Role.OFFICE)
    after = change(client, officer, roles_wanted=["office"], is_active=None, name="王伍")
    assert (set(after.roles), after.is_active, after.name) == ({"office"}, False, "王伍")
    assert not AccountChange.objects.exists()
    rows = AuditEntry.objects.filter(actor="420007", reason=REASON).order_by("pk")
    assert list(rows.values_list("action", flat=True)) == [
        "account.correct_name",
        "account.roles_changed",
        "account.disable",
    ]


def test_an_account_comes_back_by_agreement_only(client: Client) -> None:
    officer = factories.officer(Role.RECORDER, is_active=False)
    assert not change(client, officer).is_active
    assert AccountChange.objects.get().kind == "enable"


def test_nobody_changes_their_own_account(client: Client, administrator: Officer) -> None:
    path = f"/admin/accounts/officer/{administrator.pk}/change/"
    shown = client.get(path)
    assert shown.status_code == 200
    assert 'name="roles_wanted"' not in shown.content.decode()
    data = {
        "name": "x",
        "unit": administrator.unit_id,
        "roles_wanted": list(Role),
        "reason": REASON,
    }
    assert client.post(path, data).status_code == 403
    assert Officer.objects.get(pk=administrator.pk).roles == {"administrator"}


def test_the_password_never_stands_on_a_page(client: Client) -> None:
    officer = factories.officer(Role.RECORDER, password=PASSWORD)
    page = client.get(f"/admin/accounts/officer/{officer.pk}/change/").content.decode()
    assert officer.password not in page


def test_a_unit_keeps_its_code(client: Client) -> None:
    unit = factories.unit("WG-ZA", "治安大队")
    client.post(
        f"/admin/accounts/unit/{unit.pk}/change/",
        {"code": "WG-NEW", "name": "治安管理大队", "is_active": "on", "reason": REASON},
    )
    unit.refresh_from_db()
    assert (unit.code, unit.name) == ("WG-ZA", "治安管理大队")


def test_there_is_one_office_in_the_admin_too(client: Client) -> None:
    factories.unit("WG-OFFICE", is_office=True)
    page = client.post(
        "/admin/accounts/unit/add/",
        {"code": "WG-2", "name": "二号办", "is_office": "on", "is_active": "on", "reason": REASON},
    )
    assert "局办公室只能有一个" in page.content.decode()


def test_the_list_of_officers_asks_the_same_number_of_times_however_long(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(12):
        factories.officer(Role.RECORDER, Role.AUDITOR)
    with django_assert_max_num_queries(12):
        assert "录入民警、审计员" in client.get("/admin/accounts/officer/").content.decode()


@pytest.mark.parametrize("path", ["/admin/login/", "/admin/login/?next=/admin/accounts/unit/"])
def test_there_is_one_sign_in_page(path: str) -> None:
    assert Client().get(path)["Location"].startswith("/accounts/sign-in/?next=/admin/")


def test_sign_out_from_the_admin_is_in_the_trail(client: Client) -> None:
    assert client.get("/admin/logout/").status_code == 405
    assert client.post("/admin/logout/").status_code == 302
    assert AuditEntry.objects.filter(action="account.sign_out").count() == 1


@time_machine.travel("2026-11-20 10:00 +0800", tick=False)
@pytest.mark.parametrize(
    ("key", "value", "day", "says"),
    [
        ("confirm_working_days", "3", "2026-11-20", ""),
        ("takeover_until", "2026-12-31", "2026-11-21", ""),
        ("takeover_until", "", "2026-11-21", ""),
        ("confirm_working_days", "三", "2026-11-20", "这一项是天数"),
        ("confirm_working_days", "0", "2026-11-20", "这一项是天数"),
        ("takeover_until", "2026/12/31", "2026-11-20", "这一项是日期"),
        ("confirm_working_days", "3", "2026-11-19", "生效日期不能早于今天"),
        ("amount_limit", "1", "2026-11-20", "amount_limit"),
    ],
)
def test_office_settings(client: Client, key: str, value: str, day: str, says: str) -> None:
    data = {"key": key, "value": value, "effective_from": day, "reason": REASON}
    page = client.post("/admin/core/officesetting/add/", data)
    assert (page.status_code == 302) == (not says)
    assert OfficeSetting.objects.count() == (0 if says else 1)
    if says:
        assert says in page.content.decode()
    else:
        row = OfficeSetting.objects.get()
        assert (row.reason, row.history.get().history_change_reason) == (REASON, REASON)


@time_machine.travel("2026-11-20 10:00 +0800", tick=False)
def test_a_setting_in_force_before_today_is_no_longer_edited(client: Client) -> None:
    row = OfficeSetting.objects.create(
        key="confirm_working_days", value="2", effective_from=date(2026, 1, 1)
    )
    data = {"key": row.key, "value": "9", "effective_from": "2026-11-20", "reason": REASON}
    path = f"/admin/core/officesetting/{row.pk}/change/"
    assert client.get(path).status_code == 200
    assert client.post(path, data).status_code == 403
    assert integer("confirm_working_days") == 2
