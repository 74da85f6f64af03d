"""Registering and mending an organisation through the pages."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Officer
from accounts.roles import Role
from subjects.models import Subject
from tests import factories

pytestmark = pytest.mark.django_db
NEW = "/subjects/new/"
CODE = "91410481YL0000012N"


@pytest.fixture
def officer(client: Client) -> Officer:
    made = factories.officer(Role.RECORDER)
    client.force_login(made)
    return made


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "credit_code": CODE,
        "name": "舞钢市样例云栖宾馆有限公司",
        "address": "样例路 1 号",
        "principal": "张三",
        "industry": "hotel",
        "unit_in_charge": "",
        **changes,
    }


def test_an_organisation_is_registered(client: Client, officer: Officer) -> None:
    response = client.post(NEW, typed(unit_in_charge=officer.unit_id))

    subject = Subject.objects.get()
    assert response.status_code == 302
    assert response["Location"] == reverse("desk:subject", args=[subject.pk])
    assert (subject.credit_code, subject.unit_in_charge) == (CODE, officer.unit)
    assert subject.history.get().history_user == officer


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"credit_code": CODE[:-1] + "M"}, "第 18 位应为 N，现为 M"),
        ({"credit_code": "410481199003070011"}, "自然人不是监管对象"),
        ({"credit_code": ""}, "没有填写统一社会信用代码"),
        ({"name": ""}, "没有填写监管对象名称"),
        ({"principal": "张三 11010519491231002X"}, "不登记身份证号码"),
        ({"industry": "x"}, "行业不在选项之内"),
        ({"unit_in_charge": "0"}, "归口单位不在选项之内"),
        ({"unit_in_charge": "x"}, "归口单位不在选项之内"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client: Client, officer: Officer, changes: dict[str, str], message: str
) -> None:
    response = client.post(NEW, typed(**changes))
    page = response.content.decode()

    assert response.status_code == 400
    assert "有 1 处需要更正，尚未保存" in page
    assert message in page
    assert "样例路 1 号" in page
    assert not Subject.objects.exists()


def test_a_code_that_is_known_leads_to_its_file(client: Client, officer: Officer) -> None:
    known = factories.subject(credit_code=CODE, name="早已登记有限公司")
    page = client.post(NEW, typed()).content.decode()

    assert "早已登记有限公司" in page
    assert reverse("desk:subject", args=[known.pk]) in page


def test_what_was_searched_for_stands_in_its_box(client: Client, officer: Officer) -> None:
    assert f'value="{CODE}"' in client.get(NEW, {"q": CODE}).content.decode()
    assert 'value="样例宾馆"' in client.get(NEW, {"q": "样例宾馆"}).content.decode()


def test_particulars_and_name_are_mended(client: Client, officer: Officer) -> None:
    subject = factories.subject(name="旧名有限公司")
    url = reverse("desk:subject-edit", args=[subject.pk])
    seen = client.get(url).context["form"]["seen"].value()

    response = client.post(url, typed(name="新名有限公司", registry_status="suspended", seen=seen))

    assert response.status_code == 302
    subject.refresh_from_db()
    assert (subject.name, subject.registry_status, subject.address) == (
        "新名有限公司",
        "suspended",
        "样例路 1 号",
    )
    assert subject.credit_code != CODE
    assert subject.former_names.get().name == "旧名有限公司"


def test_a_colleagues_change_in_between_is_not_overwritten(
    client: Client, officer: Officer
) -> None:
    subject = factories.subject(name="旧名有限公司")
    url = reverse("desk:subject-edit", args=[subject.pk])
    seen = client.get(url).context["form"]["seen"].value()
    values = typed(registry_status="active", seen=seen)
    assert client.post(url, {**values, "name": "先改有限公司"}).status_code == 302

    response = client.post(url, {**values, "name": "后改有限公司"})
    page = response.content.decode()

    assert response.status_code == 409
    assert f"{officer.name} 在" in page
    assert 'value="后改有限公司"' in page, "what was typed is kept"
    assert "先改有限公司" in page, "and what stands now is beside it"
    subject.refresh_from_db()
    assert subject.name == "先改有限公司"

    again = {**values, "name": "后改有限公司", "seen": response.context["form"]["seen"].value()}
    assert client.post(url, again).status_code == 302
    subject.refresh_from_db()
    assert subject.name == "后改有限公司"


def test_a_page_without_its_version_overwrites_nothing(client: Client, officer: Officer) -> None:
    subject = factories.subject(name="旧名有限公司")
    url = reverse("desk:subject-edit", args=[subject.pk])

    assert client.post(url, typed(registry_status="active")).status_code == 409
    subject.refresh_from_db()
    assert subject.name == "旧名有限公司"


def test_a_wrong_edit_changes_nothing(client: Client, officer: Officer) -> None:
    subject = factories.subject(name="旧名有限公司")
    url = reverse("desk:subject-edit", args=[subject.pk])
    seen = client.get(url).context["form"]["seen"].value()

    response = client.post(
        url, typed(name="新名", address="11010519491231002X", registry_status="active", seen=seen)
    )

    assert response.status_code == 400
    subject.refresh_from_db()
    assert subject.name == "旧名有限公司"


def test_what_was_merged_or_never_was_cannot_be_edited(client: Client, officer: Officer) -> None:
    away = factories.subject(merged_into=factories.subject())

    assert client.get(reverse("desk:subject-edit", args=[away.pk])).status_code == 404
    assert client.get(reverse("desk:subject-edit", args=[10**9])).status_code == 404


@pytest.mark.parametrize("role", [Role.UNIT_REVIEWER, Role.APPROVER, Role.AUDITOR])
def test_who_may_not_edit_is_refused(client: Client, role: str) -> None:
    client.force_login(factories.officer(role))
    url = reverse("desk:subject-edit", args=[factories.subject().pk])

    assert client.get(NEW).status_code == client.post(NEW, typed()).status_code == 403
    assert client.get(url).status_code == client.post(url, typed()).status_code == 403
