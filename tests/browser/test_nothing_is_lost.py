"""What was typed survives an ended session, a server out of reach, a page left, and a colleague."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import Officer
from accounts.roles import Role
from tests import factories
from tests.browser.conftest import TIMEOUT_MS, Window
from violations.enums import DecisionState
from violations.models import Decision, EntryDraft

pytestmark = [pytest.mark.once, pytest.mark.browser, pytest.mark.django_db(transaction=True)]
expect.set_options(timeout=TIMEOUT_MS)
NEW = "/violations/penalties/new/"
PASSWORD = "demo-410001"


def _recorder() -> Officer:
    return factories.officer(Role.RECORDER, number="410001", name="王五", password=PASSWORD)


def _facts(page: Page) -> str:
    return page.get_by_label("违法事实").input_value()


def test_the_form_saves_itself_and_the_workbench_offers_it_again(
    window: Callable[[int], Window],
) -> None:
    opened = window(390)
    opened.enter(_recorder())
    opened.open(NEW)
    page = opened.page
    expect(page.get_by_label("统一社会信用代码")).to_be_focused()
    page.get_by_label("决定书文号").fill("舞公（治）行罚决字〔2026〕7001号")
    page.get_by_label("违法事实").fill("检查时")
    expect(page.locator("#autosave-said")).to_contain_text("已自动保存")
    saved_at = page.url
    # Left within the two seconds: saved while the page goes.
    page.get_by_label("违法事实").fill("检查时发现未登记")
    page.get_by_role("button", name="打开主导航").click()
    page.get_by_role("link", name="工作台").last.click()
    page.get_by_role("link", name="继续录入").last.click()
    assert page.url == saved_at
    assert _facts(page) == "检查时发现未登记"
    assert EntryDraft.objects.count() == 1


def test_an_ended_session_takes_nothing_from_the_page(window: Callable[[int], Window]) -> None:
    opened = window(1440)
    opened.enter(_recorder())
    opened.open(NEW)
    page = opened.page
    page.get_by_label("违法事实").fill("第一句")
    expect(page.locator("#autosave-said")).to_contain_text("已自动保存")
    Session.objects.all().delete()

    page.get_by_label("违法事实").fill("第一句，第二句")
    page.keyboard.press("Control+Enter")
    note = page.locator("[data-not-saved=signed-out]")
    expect(note).to_be_focused()
    assert _facts(page) == "第一句，第二句"
    opened.assert_fits()

    with page.context.expect_page() as other:
        note.get_by_role("link", name="在新窗口登录").click()
    sign_in = other.value
    sign_in.get_by_label("警号").fill("410001")
    sign_in.get_by_label("密码").fill(PASSWORD)
    sign_in.get_by_role("button", name="登录").click()
    sign_in.wait_for_url(f"{opened.address}/")
    sign_in.close()

    page.get_by_label("违法事实").fill("第一句，第二句，第三句")
    expect(page.locator("#autosave-said")).to_contain_text("已自动保存")
    expect(note).to_be_hidden()
    opened.expect_errors("403")  # the token of the old session, renewed at once
    assert EntryDraft.objects.get().data["acts"][0]["values"]["facts"] == "第一句，第二句，第三句"
    page.keyboard.press("Control+Enter")
    expect(page.locator(".errsum")).to_be_focused()


def test_a_server_out_of_reach_takes_nothing_from_the_page(
    window: Callable[[int], Window],
) -> None:
    opened = window(1440)
    opened.enter(_recorder())
    opened.open(NEW)
    page = opened.page
    page.context.set_offline(True)
    page.get_by_label("违法事实").fill("没有网络时写的")
    page.get_by_role("button", name="存为草稿").click()
    expect(page.locator("[data-not-saved=unreachable]")).to_be_focused()
    page.context.set_offline(False)
    page.get_by_role("button", name="存为草稿").click()
    expect(page.get_by_text("已存为草稿")).to_be_visible()
    assert _facts(page) == "没有网络时写的"
    opened.expect_errors("ERR_INTERNET_DISCONNECTED", "htmx:")


def test_the_second_of_two_officers_sees_both_versions(window: Callable[[int], Window]) -> None:
    recorder = _recorder()
    decision = factories.decision(
        state=DecisionState.DRAFT, recorded_by=recorder, handler="王五", law="治安管理处罚法"
    )
    opened = window(1440)
    opened.enter(recorder)
    opened.open(f"/violations/{decision.pk}/edit/")
    page = opened.page
    page.get_by_label("承办民警").fill("赵六")
    page.get_by_label("违法事实").fill("以我填写的为准。")

    colleague = Client()
    colleague.force_login(factories.officer(Role.RECORDER))
    form = colleague.get(f"/violations/{decision.pk}/edit/").context["work"].raw.flat()
    colleague.post(f"/violations/{decision.pk}/edit/", {**form, "handler": "孙七", "do": "check"})
    assert Decision.objects.get().handler == "孙七"

    page.get_by_label("以上信息与生效的法律文书一致").check()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="内容已被他人修改")).to_be_visible()
    opened.expect_errors("409")
    expect(page.get_by_role("cell", name="孙七")).to_be_visible()
    expect(page.get_by_role("cell", name="赵六")).to_be_visible()
    opened.assert_fits()
    assert Decision.objects.get().handler == "孙七"
    page.get_by_role("button", name="带着我填写的继续修改").click()
    expect(page.get_by_label("承办民警")).to_have_value("赵六")
    assert _facts(page) == "以我填写的为准。"
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="核对并提交")).to_be_visible()
    assert Decision.objects.get().handler == "赵六"
    assert not EntryDraft.objects.exists()
