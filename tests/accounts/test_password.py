"""An officer changes the own password; a password set by an administrator must be changed."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db

OLD = "shan-hu-yan-9"
NEW = "shui-ku-bian-27"
PAGE = "/accounts/password/"


@pytest.fixture
def zhang() -> Officer:
    return factories.officer(Role.RECORDER, number="420001", name="张三", password=OLD)


def signed_in(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def test_it_changes_and_other_sessions_end(zhang: Officer) -> None:
    here, elsewhere = signed_in(zhang), signed_in(zhang)
    before = here.session.session_key
    page = here.post(PAGE, {"old": OLD, "new": NEW, "again": NEW})
    assert page.status_code == 302
    zhang.refresh_from_db()
    assert zhang.check_password(NEW)
    assert here.session.session_key != before
    assert here.get(PAGE).status_code == 200
    assert elsewhere.get(PAGE).status_code == 302
    assert AuditEntry.objects.get(action="account.password_changed").actor == "420001"


@pytest.mark.parametrize(
    ("old", "new", "again", "says"),
    [
        ("wrong", NEW, NEW, "现在的密码不对"),
        (OLD, "short-9", "short-9", "密码太短：至少 10 个字符。"),
        (OLD, "1234567890123", "1234567890123", "密码不能全是数字。请"),
        (OLD, "password123", "password123", "这个密码太常见"),
        (OLD, "420001-abc", "420001-abc", "密码与警号太接近"),
        (OLD, OLD, OLD, "新密码与现在的密码相同"),
        (OLD, NEW, NEW + "x", "两次输入的新密码不一致"),
        (OLD, "", "", "新密码未填写"),
    ],
)
def test_what_is_refused(zhang: Officer, old: str, new: str, again: str, says: str) -> None:
    page = signed_in(zhang).post(PAGE, {"old": old, "new": new, "again": again})
    assert page.status_code == 422
    assert says in page.content.decode()
    zhang.refresh_from_db()
    assert zhang.check_password(OLD)


def test_a_password_set_by_another_is_changed_before_anything_else(zhang: Officer) -> None:
    zhang.must_change_password = True
    zhang.save()
    client = signed_in(zhang)
    assert client.get("/admin/")["Location"] == PAGE
    fragment = client.get("/admin/", headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment["HX-Redirect"]) == (204, PAGE)
    assert "由系统管理员设置" in client.get(PAGE).content.decode()
    client.post(PAGE, {"old": OLD, "new": NEW, "again": NEW})
    zhang.refresh_from_db()
    assert not zhang.must_change_password
    assert client.get("/admin/").status_code == 403


def test_they_may_sign_out_instead(zhang: Officer) -> None:
    zhang.must_change_password = True
    zhang.save()
    assert signed_in(zhang).post("/accounts/sign-out/").status_code == 302


def test_hashes_are_argon2(settings: object) -> None:
    from wugang_credit import settings as product

    assert product.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")


def test_no_password_enters_the_history(zhang: Officer) -> None:
    assert not any(field.name == "password" for field in Officer.history.model._meta.fields)
