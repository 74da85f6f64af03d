"""The main job from end to end: a decision is entered and confirmed and becomes a grade."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from accounts.roles import Role
from core.clock import today
from grading.models import Standing
from tests import factories
from tests.browser.conftest import TIMEOUT_MS, Window
from violations.enums import DecisionState
from violations.models import Decision

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
expect.set_options(timeout=TIMEOUT_MS)

NAME = "舞钢市样例云栖宾馆有限公司"


def _officers() -> None:
    unit = factories.unit("WG-ZA", "治安管理大队")
    for number, name, role in (
        ("410001", "王五", Role.RECORDER),
        ("410002", "李四", Role.UNIT_REVIEWER),
    ):
        factories.officer(role, unit=unit, number=number, name=name, password=f"demo-{number}")


def _fill_head(page: Page, code: str) -> None:
    page.get_by_label("统一社会信用代码").press_sequentially(code)
    page.get_by_label("监管对象名称").fill(NAME)
    page.get_by_label("决定书文号").fill("舞公（治）行罚决字[2026]0341号")
    page.get_by_label("决定日期").fill(f"{today() - timedelta(days=3):%Y/%m/%d}")


def _fill_act(page: Page, act: int, **values: str) -> None:
    page.locator(f"#id_v-{act}-type").fill(values["type"])
    page.locator(f"#id_v-{act}-field").select_option(values["field"])
    page.locator(f"#id_v-{act}-law").fill(values["law"])
    page.locator(f"#id_v-{act}-article").fill("第五十六条")
    page.locator(f"#id_v-{act}-committed_on").fill(f"{today() - timedelta(days=20)}")
    page.locator(f"#id_v-{act}-facts").fill("检查时发现。")


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.usefixtures("eager_tasks")
def test_entered_by_one_confirmed_by_another_and_graded(
    window: Callable[[int], Window], width: int
) -> None:
    _officers()
    code = factories.credit_code(12)

    recorder = window(width)
    recorder.sign_in("410001", "demo-410001")
    recorder.open("/violations/penalties/new/")
    page = recorder.page
    recorder.assert_fits()
    _fill_head(page, code)
    _fill_act(page, 0, type="未按规定登记", field="public_order", law="治安管理处罚法")
    page.locator("#id_v-0-d-0-kind").select_option("fine")
    page.locator("#id_v-0-d-0-amount").fill("1,000")
    page.get_by_role("button", name="增加违法行为").click()
    expect(page.locator("#id_v-1-type")).to_be_focused()
    _fill_act(page, 1, type="未落实等级保护", field="cyber_security", law="网络安全法")
    page.locator("#id_v-1-d-0-kind").select_option("order_to_correct")
    expect(page.locator("#id_v-1-d-0-amount")).to_be_hidden()
    expect(page.locator("#id_v-1-correct_by")).to_be_visible()
    expect(page.locator("#counted-0")).to_contain_text("行政处罚 1 件，1,000 元")
    expect(page.locator("#preview .grade-b")).to_be_visible()
    expect(page.locator("#id_subject_name")).to_have_value(NAME)
    recorder.assert_fits()

    # Handed in without the statement: told so, nothing lost.
    page.keyboard.press("Control+Enter")
    summary = page.locator(".errsum")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("有 1 处需要更正，尚未提交")
    expect(page.locator("#id_subject_name")).to_have_value(NAME)
    recorder.assert_fits()
    page.locator("#id_truth_stated").check()
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("heading", name="核对并提交")).to_be_visible()
    expect(
        page.get_by_text("以最重的").or_(page.get_by_text("计入：行政处罚 1 件")).first
    ).to_be_visible()
    recorder.assert_fits()
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_text("已提交，转 治安管理大队 李四 审核")).to_be_visible()
    recorder.assert_fits()

    reviewer = window(width)
    reviewer.sign_in("410002", "demo-410002")
    page = reviewer.page
    page.get_by_role("link", name=re.compile("办理：待审核")).click()
    expect(page.get_by_role("heading", name="审核处罚决定")).to_be_visible()
    reviewer.assert_fits()
    page.get_by_label("已对照法律文书原件").check()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("已生效，")).to_be_visible()
    page.get_by_role("link", name="信用档案").click()
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    expect(page.locator(".grade-b").first).to_contain_text("一般失信")
    reviewer.assert_fits()

    assert Decision.objects.get().state == DecisionState.IN_FORCE
    standing = Standing.objects.get()
    assert (standing.grade, standing.clauses) == ("B", "3-B-1 3-B-2")


def test_a_draft_and_an_act_more_work_without_scripts(
    window: Callable[..., Window],
) -> None:
    _officers()
    plain = window(1440, scripts=False)
    plain.sign_in("410001", "demo-410001")
    plain.open("/violations/penalties/new/")
    page = plain.page
    page.get_by_label("统一社会信用代码").fill(factories.credit_code(12))
    page.get_by_role("button", name="查找监管对象").click()
    page.get_by_label("监管对象名称").fill(NAME)
    page.get_by_role("button", name="增加违法行为").click()
    page.locator("#id_v-1-type").fill("第二个违法行为")
    page.get_by_role("button", name="存为草稿").click()

    expect(page.get_by_text("已存为草稿")).to_be_visible()
    expect(page.get_by_label("监管对象名称")).to_have_value(NAME)
    expect(page.locator("#id_v-1-type")).to_have_value("第二个违法行为")
    # Without scripts every box is there.
    expect(page.locator("#id_v-0-d-0-amount")).to_be_visible()
    expect(page.locator("#id_v-0-d-0-licence")).to_be_visible()
    assert not Decision.objects.exists()
