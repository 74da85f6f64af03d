"""The fragment behind a code while it is typed."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry
from grading.models import Standing
from subjects.models import SubjectCode
from tests import factories

pytestmark = pytest.mark.django_db
URL = "/subjects/lookup/"
CODE = "91410481YL0000012N"
BOXES = ("subject_name", "subject_address", "subject_principal", "subject_industry")


@pytest.fixture
def officer(client: Client) -> Officer:
    made = factories.officer(Role.RECORDER)
    client.force_login(made)
    return made


def fragment(client: Client, code: str, **typed: str) -> str:
    response = client.get(URL, {"credit_code": code, **typed})
    assert response.status_code == 200
    return str(response.content.decode())


def shown(part: str) -> list[str]:
    return [name for name in (*BOXES, "code_exception") if f'name="{name}"' in part]


def test_a_known_code_shows_its_card_and_leaves_a_row(client: Client, officer: Officer) -> None:
    subject = factories.subject(credit_code=CODE, name="云栖宾馆", principal="张三")
    Standing.objects.create(subject=subject, grade="B")

    part = fragment(client, " 91410481yl0000012n ")

    assert "校验位正确，找到 1 个监管对象" in part
    assert "云栖宾馆" in part
    assert "一般失信" in part
    assert reverse("desk:subject", args=[subject.pk]) in part
    assert shown(part) == []
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.target_id) == ("subject.lookup", str(subject.pk))


def test_a_former_code_names_the_present_one(client: Client, officer: Officer) -> None:
    subject = factories.subject()
    SubjectCode.objects.create(subject=subject, code=CODE)

    assert subject.credit_code in fragment(client, CODE)


def test_an_unknown_code_asks_for_the_particulars(client: Client, officer: Officer) -> None:
    part = fragment(client, CODE, subject_name="打了一半")

    assert "尚未登记" in part
    assert shown(part) == list(BOXES)
    assert 'value="打了一半"' in part
    assert not AuditEntry.objects.exists()


def test_a_wrong_check_character_tells_the_right_one_and_asks_for_a_reason(
    client: Client, officer: Officer
) -> None:
    part = fragment(client, CODE[:-1] + "M")

    assert "第 18 位应为 N，现为 M" in part
    assert "code_exception" in shown(part)


def test_an_issued_code_with_a_wrong_check_character_is_known_later(
    client: Client, officer: Officer
) -> None:
    factories.subject(credit_code=CODE[:-1] + "M", code_exception="营业执照原件如此。")

    assert "校验位例外已登记" in fragment(client, CODE[:-1] + "M")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("", "18 位"),
        ("91410481YL", "已输入"),
        ("914104818OCBPNY33D", "不在代码字符集内"),
        ("410481199003070011", "自然人不是监管对象"),
        (CODE + "N", "现为 19 位"),
        ("样例" * 2500, "现为 40 位"),
    ],
)
def test_other_codes_say_what_is_wrong_and_ask_for_nothing(
    client: Client, officer: Officer, code: str, message: str
) -> None:
    part = fragment(client, code)

    assert message in part
    assert shown(part) == []


def test_few_queries(client: Client, officer: Officer, django_assert_max_num_queries: Any) -> None:
    factories.subject(credit_code=CODE)
    with django_assert_max_num_queries(10):
        fragment(client, CODE)


@pytest.mark.parametrize("role", [Role.TIP_HANDLER, Role.AUDITOR, Role.UNIT_REVIEWER])
def test_who_records_nothing_is_refused(client: Client, role: str) -> None:
    client.force_login(factories.officer(role))

    assert client.get(URL, {"credit_code": CODE}).status_code == 403
