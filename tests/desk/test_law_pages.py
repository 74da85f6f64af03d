"""The pages of the law catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.roles import Role
from tests import factories
from violations.models import LawArticle

pytestmark = pytest.mark.django_db
REASON = "国务院令第 999 号修改第四十三条的罚款幅度。"
POST = {
    "law": "保安服务管理条例",
    "article": "第四十三条",
    "violation_type": "保安从业单位违规管理保安员或违规提供服务",
    "field": "public_order",
    "kinds": ["warning", "fine"],
    "fine_min": "30,000",
    "fine_max": "200,000",
    "valid_from": "2026-07-01",
    "reason": REASON,
    "version": "1",
}


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel("2026-11-23 10:00+08:00", tick=False):
        yield


@pytest.fixture
def office(client: Client) -> Client:
    client.force_login(factories.officer(Role.OFFICE, name="赵六"))
    return client


@pytest.fixture
def entry() -> LawArticle:
    return LawArticle.objects.get(law="保安服务管理条例", number="43")


def test_the_list_is_searched_and_filtered(office: Client) -> None:
    assert office.get("/laws/").context["page"].paginator.count == 16
    found = office.get("/laws/?q=bafw&field=public_order").context["page"].object_list
    assert {entry.law for entry in found} == {"保安服务管理条例"}
    assert "没有相符的条目" in office.get("/laws/?q=zzzz").content.decode()
    assert office.get("/laws/?field=odd&page=zz&past=x").status_code == 200


def test_the_office_sees_laws_that_nobody_mapped_and_a_recorder_does_not(office: Client) -> None:
    made = factories.decision(acts=[])
    factories.act(made, ["warning"], law="某市某办法", law_key="某市某办法")
    assert "《某市某办法》" in office.get("/laws/").content.decode()
    office.force_login(factories.officer(Role.RECORDER))
    text = office.get("/laws/").content.decode()
    assert "某市某办法" not in text
    assert "增加条目" not in text


def test_a_change_is_made_on_the_page_and_both_versions_are_shown(
    office: Client, entry: LawArticle
) -> None:
    page = office.get(f"/laws/{entry.pk}/change/").content.decode()
    assert 'value="20,000"' in page
    answer = office.post(f"/laws/{entry.pk}/change/", {**POST, "how": "change"}, follow=True)
    text = answer.content.decode()
    assert "此前的记录仍按行为发生时的规定判断" in text
    assert "30,000 至 200,000 元" in text
    assert "20,000 至 100,000 元" in text
    assert REASON in text
    assert "赵六" in text
    old = office.get(f"/laws/{entry.pk}/").content.decode()
    assert "这是以前的版本" in old
    assert "停止适用" not in old
    assert office.get(f"/laws/{entry.pk}/change/").status_code == 302
    assert 'class="off"' in office.get("/laws/?past=1&q=保安").content.decode()


def test_errors_keep_what_was_typed(office: Client, entry: LawArticle) -> None:
    post = {**POST, "how": "", "fine_min": "3 万", "reason": "短"}
    text = office.post(f"/laws/{entry.pk}/change/", post).content.decode()
    assert "请选择是法律有新规定，还是更正录入错误" in text
    assert "是万元数" in text
    assert 'value="3 万"' in text
    assert 'value="200,000"' in text
    again = office.post(f"/laws/{entry.pk}/change/", {**post, "how": "mend", "fine_min": "3"})
    assert "修改理由至少 10 字，现为 1 字" in again.content.decode()
    assert LawArticle.objects.count() == 16


def test_the_second_of_two_who_change_it_is_told(office: Client, entry: LawArticle) -> None:
    office.post(f"/laws/{entry.pk}/change/", {**POST, "how": "mend"})
    late = office.post(f"/laws/{entry.pk}/change/", {**POST, "how": "mend", "fine_min": "1"})
    assert late.status_code == 409
    assert "该条目已有他人修改" in late.content.decode()
    entry.refresh_from_db()
    assert entry.fine_min == 30_000
    assert office.post(f"/laws/{entry.pk}/end/", {"version": "1"}).status_code == 409


def test_an_entry_is_added_and_ended(office: Client) -> None:
    post = {**POST, "law": "娱乐场所管理条例"}
    office.post("/laws/new/", post)
    made = LawArticle.objects.get(law="娱乐场所管理条例", fine_min=30_000)
    bad = office.post(f"/laws/{made.pk}/end/", {"version": "1", "last_day": "", "reason": REASON})
    assert "没有填写有效期的最后一天" in bad.content.decode()
    good = {"version": "1", "last_day": "2026-12-31", "reason": REASON}
    office.post(f"/laws/{made.pk}/end/", good)
    made.refresh_from_db()
    assert str(made.valid_until) == "2026-12-31"


@pytest.mark.parametrize("field", ["version", "kinds", "fine_min", "valid_from", "how"])
def test_odd_input_is_no_server_error(office: Client, entry: LawArticle, field: str) -> None:
    for value in ("", "x", "-1", "9" * 30, "\x00"):
        post = {**POST, "how": "change", field: value}
        assert office.post(f"/laws/{entry.pk}/change/", post).status_code in (200, 302, 409)


def test_the_list_costs_the_same_for_many(
    office: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(100, 200):
        LawArticle.objects.create(
            law="某法", law_key="某法", number=str(number), violation_type="行为", kinds="fine"
        )
    with django_assert_max_num_queries(18):
        office.get("/laws/")
