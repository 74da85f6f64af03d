"""The admin site: what stands there, reasons, nobody their own account, nothing deleted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from django.contrib import admin
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Officer, Unit
from accounts.roles import Role
from core.models import AuditEntry, OfficeSetting
from core.settings_table import integer
from tests import factories

pytestmark = pytest.mark.django_db

REASON = "新入职，局政工室〔2026〕7号通知。"
PASSWORD = "lin-shi-mi-ma-7"
NEW = {"number": "430001", "name": "王五", "roles_wanted": ["recorder"], "new_password": PASSWORD}


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


def test_a_new_officer_must_change_the_password_at_once(client: Client) -> None:
    assert add(client).status_code == 302
    made = Officer.objects.get(number="430001")
    assert made.check_password(PASSWORD)
    assert made.must_change_password
    assert made.roles == {"recorder"}
    assert made.history.get().history_change_reason == REASON
    row = AuditEntry.objects.get(action="admin.added")
    assert (row.actor, row.reason, row.target_id) == ("420007", REASON, str(made.pk))
    assert PASSWORD not in str(list(AuditEntry.objects.values()))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"reason": ""}, "理由未填写"),
        ({"reason": "新入职"}, "理由太短"),
        ({"new_password": "short"}, "密码太短"),
        ({"new_password": "430001-abc"}, "密码与警号太接近"),
        ({"number": "4"}, "警号由 4 到 32 位"),
        ({"roles_wanted": ["root"]}, "root"),
    ],
)
def test_what_is_refused(client: Client, changes: dict[str, Any], says: str) -> None:
    page = add(client, **changes)
    assert page.status_code == 200
    assert says in page.content.decode()
    assert not Officer.objects.filter(number=changes.get("number", "430001")).exists()


def test_roles_unit_and_password_of_another_change_with_a_reason(client: Client) -> None:
    officer = factories.officer(Role.RECORDER)
    other = factories.unit()
    page = client.post(
        f"/admin/accounts/officer/{officer.pk}/change/",
        {
            "number": "hacked",
            "name": officer.name,
            "unit": other.pk,
            "is_active": "on",
            "roles_wanted": ["unit_reviewer"],
            "new_password": PASSWORD,
            "reason": REASON,
        },
    )
    assert page.status_code == 302
    after = Officer.objects.get(pk=officer.pk)
    assert (after.number, after.unit) == (officer.number, other)
    assert after.roles == {"unit_reviewer"}
    assert after.check_password(PASSWORD)
    assert after.must_change_password
    changed = AuditEntry.objects.get(action="admin.changed").details["changed"]
    assert changed == {
        "unit": [str(officer.unit_id), str(other.pk)],
        "roles_wanted": ["recorder", "unit_reviewer"],
    }


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
