"""What is wrong is named on top and beside its box, and nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from accounts.models import Officer
from accounts.roles import Role
from subjects.models import Subject
from tests import factories
from tests.desk.entry_posts import penalty
from violations.models import Decision

pytestmark = pytest.mark.django_db
NEW = "/violations/penalties/new/"


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel(
        datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Asia/Shanghai")), tick=False
    ):
        yield


@pytest.fixture
def recorder() -> Officer:
    return factories.officer(Role.RECORDER)


@pytest.fixture
def browser(client: Client, recorder: Officer) -> Client:
    client.force_login(recorder)
    return client


@pytest.mark.parametrize(
    ("changes", "box", "said"),
    [
        ({"credit_code": "91410481000000007A"}, "id_credit_code", "校验位不符"),
        ({"credit_code": ""}, "id_credit_code", "没有填写统一社会信用代码"),
        ({"credit_code": "110101199003070134"}, "id_credit_code", "自然人"),
        ({"subject_name": ""}, "id_subject_name", "没有填写监管对象名称"),
        ({"subject_industry": "xx"}, "id_subject_industry", "不在目录内"),
        ({"number": "号" * 300}, "id_number", "过长"),
        ({"decided_on": "2026/13/02"}, "id_decided_on", "不是有效日期"),
        ({"decided_on": "2026-11-24"}, "id_decided_on", "决定日期不能晚于今天"),
        ({"served_on": "2026-11-01"}, "id_served_on", "送达日期不能早于决定日期"),
        ({"truth_stated": ""}, "id_truth_stated", "请阅读后勾选"),
        ({"v__1__type": ""}, "id_v-1-type", "没有填写违法行为类型"),
        ({"v__1__field": "moon"}, "id_v-1-field", "没有选择领域"),
        ({"v__0__committed_on": "2026-11-21"}, "id_v-0-committed_on", "不能晚于决定日期"),
        ({"v__0__d__0__amount": ""}, "id_v-0-d-0-amount", "没有填写金额"),
        ({"v__0__d__0__amount": "两千"}, "id_v-0-d-0-amount", "不是金额"),
        ({"v__0__d__0__amount": "2万"}, "id_v-0-d-0-amount", "万元"),
        ({"v__0__d__1__amount": "5"}, "id_v-0-d-1-amount", "没有金额"),
        ({"v__0__d__1__kind": "revoke_licence"}, "id_v-0-d-1-licence", "证照"),
        ({"v__1__d__0__kind": "行政拘留"}, "id_v-1-d-0-kind", "自然人"),
        ({"v__1__d__0__kind": ""}, "id_v-1-d-0-kind", "没有填写处理种类"),
        ({"v__0__facts": "当事人 410481199001010018"}, "id_v-0-facts", "身份证"),
    ],
)
def test_each_fault_is_linked_from_the_top_and_stands_beside_its_box(
    browser: Client, changes: dict[str, str], box: str, said: str
) -> None:
    page = browser.post(NEW, penalty(**changes))
    text = page.content.decode()

    assert page.status_code == 200
    assert f'href="#{box}"' in text
    assert f'id="{box}"' in text
    assert said in text
    assert "尚未提交" in text
    assert not Decision.objects.exists()
    assert not Subject.objects.exists()


def test_every_fault_is_reported_at_once_and_everything_typed_is_shown_again(
    browser: Client,
) -> None:
    post = penalty(
        credit_code="91410481000000007A",
        decided_on="后天",
        truth_stated="",
        v__0__d__0__amount="一千",
        v__1__law="",
        v__1__d__0__licence="某证",
    )
    page = browser.post(NEW, post)
    text = page.content.decode()

    targets = [line.id for line in page.context["form"].lines]
    assert targets == [
        "id_credit_code",
        "id_decided_on",
        "id_v-0-d-0-amount",
        "id_v-1-law",
        "id_v-1-d-0-licence",
        "id_truth_stated",
    ]
    for typed in ("91410481000000007A", "后天", "一千", "某证", "第五十九条", "王五"):
        assert typed in text
    assert "有 6 处需要更正，尚未提交" in text
    assert "暂不能预览" in text


def test_a_number_that_exists_leads_to_its_record(browser: Client, recorder: Officer) -> None:
    browser.post(NEW, penalty())
    first = Decision.objects.get()

    page = browser.post(NEW, penalty(number="舞公(治)行罚决字〔2026〕0341 号", truth_stated=""))
    text = page.content.decode()

    assert "该文号已于 2026-11-23 由治安管理大队录入" in text
    assert f'<a href="/violations/{first.pk}/">打开原记录</a>' in text
    assert "请阅读后勾选" in text
    assert Decision.objects.count() == 1


def test_another_unit_may_use_the_same_number(client: Client, browser: Client) -> None:
    browser.post(NEW, penalty())
    client.force_login(factories.officer(Role.RECORDER, unit=factories.unit()))
    client.post(NEW, penalty())
    assert Decision.objects.count() == 2


def test_a_code_that_was_issued_wrong_is_accepted_with_a_reason(browser: Client) -> None:
    wrong = "91410481000000007A"
    reason = "已向市场监督管理局登记窗口电话核实，执照原件如此"
    browser.post(NEW, penalty(credit_code=wrong, code_exception=reason))
    assert Subject.objects.get().code_exception == reason


def test_a_page_that_is_older_than_the_record_overwrites_nothing(browser: Client) -> None:
    browser.post(NEW, penalty())
    decision = Decision.objects.get()
    edit = f"/violations/{decision.pk}/edit/"
    browser.post(edit, penalty(version="1", handler="赵六"))

    late = browser.post(edit, penalty(version="1", handler="孙七"))
    text = late.content.decode()

    assert late.status_code == 409
    assert "赵六" in text
    assert "孙七" in text
    assert Decision.objects.get().handler == "赵六"

    again = browser.post(edit, penalty(version="2", handler="孙七", do="continue"))
    assert 'value="孙七"' in again.content.decode()
    assert Decision.objects.get().handler == "赵六"
    browser.post(edit, penalty(version="2", handler="孙七"))
    assert Decision.objects.get().handler == "孙七"


@pytest.mark.parametrize(
    "post",
    [
        {},
        {"do": "remove-act-99999"},
        {"do": "x" * 500},
        {"v-999-type": "x", "v-12345-type": "y", "v--type": "z", "v-0-d-x-kind": "k"},
        {"version": "9" * 50, "do": "check"},
        {"decided_on": "0000-00-00", "v-0-d-0-amount": "NaN", "v-0-committed_on": "9999999999"},
        {"credit_code": "\ud83d\ude00" * 20, "v-0-d-0-kind": "fine", "v-0-d-0-amount": "1e400"},
    ],
)
def test_nonsense_gets_the_form_again(browser: Client, post: dict[str, str]) -> None:
    encodable = {k: v.encode("utf-16", "surrogatepass").decode("utf-16") for k, v in post.items()}
    for url in (NEW, "/violations/penalties/preview/", "/violations/breaches/new/"):
        assert browser.post(url, encodable).status_code == 200
    assert not Decision.objects.exists()


def test_more_acts_than_any_paper_has_are_refused_and_shown(browser: Client) -> None:
    page = browser.post(NEW, {f"v-{i}-type": "x" for i in range(200)})
    assert len(page.context["form"].acts) == 200
