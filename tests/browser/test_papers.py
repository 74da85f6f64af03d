"""Papers chosen in the entry form arrive, with and without scripts; a reviewer's remark stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import FilePayload, Page, expect

from accounts.models import Officer
from accounts.roles import Role
from core.clock import today
from tests import factories
from tests.browser.conftest import TIMEOUT_MS, Window
from tests.violations import papers
from violations.enums import DecisionState
from violations.models import Attachment, Decision, RemarkDraft, StagedFile

pytestmark = [pytest.mark.once, pytest.mark.browser, pytest.mark.django_db(transaction=True)]
expect.set_options(timeout=TIMEOUT_MS)
NEW = "/violations/penalties/new/"


def _file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def _recorder() -> Officer:
    return factories.officer(Role.RECORDER, number="410001", name="王五", password="demo-410001")


def _fill(page: Page, code: str) -> None:
    page.get_by_label("统一社会信用代码").fill(code)
    page.get_by_label("决定书文号").fill("舞公（治）行罚决字〔2026〕0341号")
    page.get_by_label("决定日期").fill(f"{today() - timedelta(days=3)}")
    page.locator("#id_v-0-type").fill("未按规定登记住宿旅客信息")
    page.locator("#id_v-0-field").select_option("public_order")
    page.locator("#id_v-0-law").fill("无名规定")
    page.locator("#id_v-0-article").fill("第五十六条")
    page.locator("#id_v-0-committed_on").fill(f"{today() - timedelta(days=20)}")
    page.locator("#id_v-0-facts").fill("检查时发现。")
    page.locator("#id_v-0-d-0-kind").select_option("warning")
    page.locator("#id_truth_stated").check()


@pytest.mark.parametrize(("width", "scripts"), [(1440, True), (390, True), (1440, False)])
def test_files_chosen_in_the_form_are_on_record_with_the_decision(
    window: Callable[..., Window], width: int, scripts: bool
) -> None:
    subject = factories.subject()
    opened = window(width, scripts=scripts)
    opened.enter(_recorder())
    opened.open(NEW)
    page = opened.page
    _fill(page, subject.credit_code)

    page.locator("#id_files").set_input_files(
        [_file("决定书.pdf", papers.pdf(2)), _file("坏.pdf", b"<html></html>")]
    )
    page.get_by_role("button", name="上传附件").click()
    expect(page.get_by_role("alert").filter(has_text="“坏.pdf”不是 PDF")).to_be_visible()
    expect(page.get_by_text("已上传")).to_have_count(1)

    page.locator("#id_file_kind").select_option("receipt")
    page.locator("#id_files").set_input_files([_file("回证.jpg", papers.picture("JPEG"))])
    page.locator(".bar-act").get_by_role("button", name="核对并提交审核").click()
    expect(page.get_by_role("heading", name="核对并提交")).to_be_visible()

    made = Decision.objects.get()
    assert [(f.name, f.kind) for f in made.attachments.all()] == [
        ("决定书.pdf", "paper"),
        ("回证.jpg", "receipt"),
    ]
    assert not StagedFile.objects.exists()
    page.get_by_role("link", name="决定书.pdf", exact=True).click()
    shown = page.get_by_role("img", name="第 1 页；不能显示的，请下载原件")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") > 500
    with page.expect_download() as started:
        page.get_by_role("link", name="下载原件").click()
    assert started.value.suggested_filename == "决定书.pdf"
    assert Attachment.objects.count() == 2


def test_a_reviewer_s_remark_outlives_an_ended_session(window: Callable[[int], Window]) -> None:
    unit = factories.unit("WG-ZA", "治安管理大队")
    recorder = factories.officer(Role.RECORDER, unit=unit)
    reviewer = factories.officer(
        Role.UNIT_REVIEWER, unit=unit, number="410002", name="李四", password="demo-410002"
    )
    decision = factories.decision(recorded_by=recorder, state=DecisionState.SUBMITTED)
    opened = window(1440)
    opened.enter(reviewer)
    opened.open(f"/violations/{decision.pk}/confirm/")
    page = opened.page
    page.locator("#id_return").check()
    page.get_by_label("退回意见").fill("罚款金额与决定书不符。")
    expect(page.locator("#autosave-said")).to_contain_text("意见已自动保存")

    Session.objects.all().delete()
    page.get_by_label("退回意见").fill("罚款金额与决定书不符，请核对。")
    page.get_by_role("button", name="退回更正").click()
    expect(page.locator("[data-not-saved=signed-out]")).to_be_visible()
    assert page.get_by_label("退回意见").input_value() == "罚款金额与决定书不符，请核对。"

    opened.enter(reviewer)
    page.reload()
    assert page.get_by_label("退回意见").input_value() == "罚款金额与决定书不符。"
    assert RemarkDraft.objects.get().officer == reviewer
    page.get_by_role("button", name="退回更正").click()
    expect(page.get_by_text("已退回")).to_be_visible()
    decision.refresh_from_db()
    assert decision.returned_remark == "罚款金额与决定书不符。"
    opened.expect_errors("Failed to load resource")
