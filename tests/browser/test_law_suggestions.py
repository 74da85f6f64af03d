"""Choosing from the law catalogue by keyboard alone, and what the form then asks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts.roles import Role
from tests.browser import world as worlds
from tests.browser.conftest import Window

pytestmark = [pytest.mark.once, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_entry_is_chosen_by_keyboard_and_a_low_fine_asks_for_a_reason(
    window: Callable[[int], Window],
) -> None:
    world = worlds.build()
    opened = window(1440)
    opened.enter(world.officers[Role.RECORDER])
    page = opened.page
    page.goto(f"{opened.address}/violations/penalties/new/")
    page.locator("#id_v-0-type").press_sequentially("bacydw")  # 保安从业单位
    page.locator(".sugg-one").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    assert page.locator(".sugg-one").count() == 0
    assert page.evaluate("document.activeElement.id") == "id_v-0-type"
    page.locator("#id_v-0-type").fill("保安 43条")
    page.locator(".sugg-one").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator("#id_v-0-law[value=保安服务管理条例]").wait_for()
    assert page.input_value("#id_v-0-article") == "第四十三条"
    assert page.input_value("#id_v-0-field") == "public_order"
    page.locator("#id_v-0-committed_on:focus").wait_for()
    assert not page.locator("#id_v-0-deviation_reason").is_visible()

    page.fill("#id_v-0-committed_on", "2026-01-05")
    page.select_option("#id_v-0-d-0-kind", "fine")
    page.fill("#id_v-0-d-0-amount", "500")
    page.keyboard.press("Tab")
    page.get_by_text("罚款 500 元不在《保安服务管理条例》第四十三条规定的幅度内").wait_for()
    page.locator("#id_v-0-deviation_reason").wait_for()
    page.fill("#id_v-0-d-0-amount", "20000")
    page.keyboard.press("Tab")
    page.locator("#id_v-0-deviation_reason").wait_for(state="hidden")
    opened.assert_fits()
