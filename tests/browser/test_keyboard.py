"""Without a mouse: a file read, a decision entered and handed in; the focus is always seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from accounts.roles import Role
from core.clock import today
from tests import factories
from tests.browser import world as worlds
from tests.browser.conftest import TIMEOUT_MS, Window
from violations.enums import DecisionState
from violations.models import Decision

pytestmark = [pytest.mark.once, pytest.mark.browser, pytest.mark.django_db(transaction=True)]
expect.set_options(timeout=TIMEOUT_MS)

FOCUS = """
() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const style = getComputedStyle(element), box = element.getBoundingClientRect();
  const name = element.id || element.name || element.getAttribute("href")
    || element.getAttribute("aria-label") || element.textContent.trim();
  return {
    name: name,
    seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0,
  };
}
"""
STOPS = """
() => Array.from(document.querySelectorAll(
  "a[href], button:not([disabled]), input:not([type=hidden]), select, textarea, [tabindex='0']"
)).filter(one => one.tabIndex >= 0 && one.checkVisibility({checkVisibilityCSS: true})).length
"""


def _walk(page: Page) -> list[str]:
    """Tab once through the page from its top: every stop is in view with its ring."""
    expected = page.evaluate(STOPS)
    names: list[str] = []
    for _ in range(expected):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        assert focus is not None, names
        assert focus["seen"], focus
        assert focus["inside"], focus
        names.append(str(focus["name"]))
    return names


def test_a_credit_file_is_read_by_keyboard_alone(window: Callable[[int], Window]) -> None:
    world = worlds.build()
    subject = world.subjects["B"]
    opened = window(1440)
    opened.enter(world.officers[Role.RECORDER])
    opened.open("/")
    page = opened.page
    page.keyboard.press("/")
    expect(page.locator("#gq")).to_be_focused()
    page.keyboard.type(subject.credit_code)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=subject.name).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=subject.name)).to_be_visible()

    names = _walk(page)
    assert names[0] == "#main"
    assert f"/subjects/{subject.pk}/history/" in names
    assert f"/violations/{world.in_force.pk}/" in names


def test_a_decision_is_entered_and_handed_in_by_keyboard_alone(
    window: Callable[[int], Window],
) -> None:
    recorder = factories.officer(Role.RECORDER)
    factories.officer(Role.UNIT_REVIEWER, name="李四")
    subject = factories.subject(credit_code=factories.credit_code(12))
    opened = window(1440)
    opened.enter(recorder)
    opened.open("/violations/penalties/new/")
    page = opened.page

    def go_to(box: str) -> None:
        for _ in range(12):
            if page.evaluate("() => document.activeElement.id") == box:
                break
            page.keyboard.press("Tab")
        expect(page.locator(f"[id='{box}']")).to_be_focused()

    def fill(box: str, text: str) -> None:
        go_to(box)
        page.keyboard.type(text)

    def choose(box: str, word: str) -> None:
        go_to(box)
        for _ in range(12):
            page.keyboard.press("ArrowDown")
            if page.locator(f"[id='{box}'] option:checked").inner_text() == word:
                return
        raise AssertionError(word)

    fill("id_credit_code", subject.credit_code)
    expect(page.locator("#subject-card")).to_contain_text(subject.name)
    fill("id_number", "舞公（治）行罚决字〔2026〕8001号")
    fill("id_decided_on", f"{today() - timedelta(days=3)}")
    fill("id_v-0-type", "未按规定登记")
    choose("id_v-0-field", "治安")
    fill("id_v-0-law", "治安管理处罚法")
    page.keyboard.press("Escape")
    fill("id_v-0-article", "第五十六条")
    fill("id_v-0-committed_on", f"{today() - timedelta(days=9)}")
    fill("id_v-0-facts", "检查时发现。")
    choose("id_v-0-d-0-kind", "警告")
    fill("id_truth_stated", " ")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="核对并提交")).to_be_visible()
    _walk(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("李四 审核")).to_have_count(3)
    assert Decision.objects.get().state == DecisionState.SUBMITTED
