"""A sheet through the browser: with scripts the page follows the work by itself, else by links."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from accounts.roles import Role
from core.clock import today
from tests import factories
from tests.browser.conftest import Window
from tests.violations.runs import worked
from tests.violations.sheets import penalty, units, write
from violations.import_models import ImportRun, ImportState
from violations.models import Decision

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scripts", [True, False])
def test_handed_in_mended_submitted_confirmed(
    window: Callable[..., Window], tmp_path: Path, scripts: bool
) -> None:
    recorder = factories.officer(Role.RECORDER, unit=units()["WG-ZA"])
    reviewer = factories.officer(Role.UNIT_REVIEWER, unit=recorder.unit)
    day = str(today() - timedelta(days=20))
    rows = [penalty(1, 处罚决定日期=day), penalty(2, 处罚决定日期=day, 处罚类别="罚站")]
    sheet = write(tmp_path / "样例.xlsx", rows)
    one, two = window(1440, scripts=scripts), window(1440, scripts=scripts)
    one.enter(recorder)
    two.enter(reviewer)

    def fresh(opened: Window) -> None:
        """The worker is done; without scripts the page is asked for again."""
        worked(ImportRun.objects.get())
        if not scripts:
            opened.page.reload()

    one.open("/imports/")
    one.page.get_by_label("选择导入文件").set_input_files(sheet)
    if scripts:
        one.page.get_by_text("已选择 样例.xlsx").wait_for()
    one.page.get_by_role("button", name="上传并校验").click()
    one.page.get_by_text("刷新进度").wait_for()
    fresh(one)
    box = one.page.get_by_label("第 3 行 处罚类别")
    box.wait_for()
    box.fill("罚款")
    one.page.get_by_role("button", name="保存本页更正并重新校验").click()
    one.page.get_by_text("更正已保存").wait_for()
    fresh(one)
    one.page.get_by_text("2 行新增，2 个监管对象等级变化").wait_for()
    one.page.get_by_label("本单位对所报信息的真实性").check()
    one.page.get_by_role("button", name="提交 2 行审核").click()
    one.page.get_by_text("已提交，由").wait_for()
    two.open(f"/imports/{ImportRun.objects.get().pk}/")
    two.page.get_by_label("已抽查对照法律文书原件").check()
    two.page.locator("#verdict-form button[type=submit]").click()
    two.page.get_by_text("已同意，正在后台写入").wait_for()
    fresh(two)
    two.page.get_by_role("heading", name="写入结果").wait_for()
    assert ImportRun.objects.get().state == ImportState.DONE
    assert Decision.objects.in_force().count() == 2
