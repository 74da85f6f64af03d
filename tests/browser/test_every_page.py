"""Every page at four widths: WCAG A and AA, no sideways scroll, nothing in the console.

One window a role; a page is opened once and looked at in each width.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from accounts.roles import Role
from tests.browser import world as worlds
from tests.browser.conftest import Window
from tests.browser.correction_pages import CORRECTION_CASES
from tests.browser.import_pages import IMPORT_CASES
from tests.browser.inspection_pages import INSPECTION_CASES
from tests.browser.laws_and_factors import factor_pages, law_pages
from tests.browser.list_pages import LIST_CASES
from tests.browser.measure_pages import MEASURE_CASES
from tests.browser.notice_pages import NOTICE_CASES
from tests.browser.objection_pages import OBJECTION_CASES
from tests.browser.paper_pages import PAPER_CASES
from tests.browser.papers_and_quality import office_pages, recorder_pages, reviewer_pages
from tests.browser.repair_pages import REPAIR_CASES
from tests.browser.review_pages import REVIEW_CASES
from tests.browser.trail_pages import TRAIL_CASES
from tests.browser.world import World

pytestmark = [pytest.mark.once, pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = (1440, 1024, 768, 390)
RULED_AT = (1440, 390)  # between them the same elements stand in fewer columns
CHECK = """
() => axe.run(document, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
  resultTypes: ["violations"],
}).then(result => result.violations.map(
  one => one.id + ": " + one.nodes.map(node => node.target.join(" ")).join(", ")
))
"""
Pages = dict[str, int]


def _subject(world: World, grade: str, part: str = "") -> str:
    return f"/subjects/{world.subjects[grade].pk}/{part}"


def _recorder_reads(world: World) -> Pages:
    return {
        "/": 200,
        "/subjects/?q=样例": 200,
        "/subjects/?q=zzzz": 200,
        "/subjects/new/": 200,
        _subject(world, "B"): 200,
        _subject(world, "B", "history/"): 200,
        _subject(world, "B", "replay/"): 200,
        _subject(world, "B", "replay/?day=2099-01-01"): 400,
        _subject(world, "B", "edit/"): 200,
        "/violations/": 200,
        "/violations/?state=withdrawn": 200,
        f"/violations/{world.in_force.pk}/": 200,
        f"/violations/{world.submitted.pk}/confirm/": 403,
        "/violations/penalties/preview/": 405,
        "/nowhere/": 404,
        "/accounts/password/": 200,
    }


def _recorder_enters(world: World) -> Pages:
    draft = world.draft.pk
    return {
        "/violations/penalties/new/": 200,
        "/violations/orders/new/": 200,
        "/violations/breaches/new/": 200,
        f"/violations/drafts/{world.entry_draft.pk}/": 200,
        f"/violations/{draft}/edit/": 200,
        f"/violations/{draft}/check/": 200,
    }


def _reviewer(world: World) -> Pages:
    pk = world.submitted.pk
    return {"/": 200, f"/violations/{pk}/confirm/": 200, f"/violations/{pk}/": 200}


def _office(world: World) -> Pages:
    files = {_subject(world, grade): 200 for grade in "ACNO"}
    return {"/": 200, "/subjects/export/": 200, **files}


def _auditor(world: World) -> Pages:
    return {"/": 200, f"/violations/{world.in_force.pk}/": 200}


CASES: dict[str, tuple[str, Callable[[World], Pages]]] = {
    "recorder reads": (Role.RECORDER, _recorder_reads),
    "recorder enters": (Role.RECORDER, _recorder_enters),
    "reviewer": (Role.UNIT_REVIEWER, _reviewer),
    "office": (Role.OFFICE, _office),
    "recorder and papers": (Role.RECORDER, recorder_pages),
    "reviewer and papers": (Role.UNIT_REVIEWER, reviewer_pages),
    "office and quality": (Role.OFFICE, office_pages),
    "approver": (Role.APPROVER, lambda world: {"/": 200}),
    "auditor": (Role.AUDITOR, _auditor),
    "tip handler": (Role.TIP_HANDLER, lambda world: {"/": 200}),
    "recorder and factors": (Role.RECORDER, factor_pages),
    "office and laws": (Role.OFFICE, law_pages),
    "administrator": (Role.ADMINISTRATOR, lambda world: {"/": 200}),
    **IMPORT_CASES,
    **CORRECTION_CASES,
    **LIST_CASES,
    **MEASURE_CASES,
    **NOTICE_CASES,
    **OBJECTION_CASES,
    **REPAIR_CASES,
    **REVIEW_CASES,
    **INSPECTION_CASES,
    **PAPER_CASES,
    **TRAIL_CASES,
}


def faults(window: Window, path: str, status: int) -> list[str]:
    """What is wrong with one page, each with the width at which it is."""
    answer = window.page.goto(window.address + path)
    assert answer is not None
    assert answer.status == status, path
    if status != 200:
        window.expect_errors("Failed to load resource")
    found = []
    window.page.evaluate(AXE_SCRIPT)
    for width in WIDTHS:
        window.page.set_viewport_size({"width": width, "height": 900})
        window.assert_fits()
        if width in RULED_AT:
            found += [f"{path} at {width}: {fault}" for fault in window.page.evaluate(CHECK)]
    found += [f"{path}: {error}" for error in window.watch.errors + window.watch.outside]
    return found


@pytest.mark.parametrize("case", CASES)
def test_pages_of_a_role_are_in_order_at_every_width(
    window: Callable[[int], Window], case: str
) -> None:
    role, pages = CASES[case]
    world = worlds.build()
    opened = window(1440)
    opened.enter(world.officers[role])
    found: list[str] = []
    for path, status in pages(world).items():
        found += faults(opened, path, status)
    assert found == []


def test_pages_before_sign_in_are_in_order_at_every_width(window: Callable[[int], Window]) -> None:
    opened = window(1440)
    found = faults(opened, "/accounts/sign-in/?next=/subjects/", 200)
    opened.page.get_by_label("警号").fill("420000")
    opened.page.get_by_label("密码").fill("wrong-password")
    for _ in range(5):
        opened.page.get_by_label("密码").fill("wrong-password")
        opened.page.get_by_role("button", name="登录").click()
        if opened.page.get_by_role("heading", name="登录已锁定").count():
            break
    opened.page.get_by_role("heading", name="登录已锁定").wait_for()
    opened.expect_errors("Failed to load resource")
    opened.page.evaluate(AXE_SCRIPT)
    assert found + opened.page.evaluate(CHECK) == []
    opened.assert_fits()
