"""Factors on screen: recorded, ended and revoked; sheets settled row by row; the credit file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry
from subjects.models import Subject
from tests import factories
from tests.violations.sheets import write
from violations.models import Factor, FactorRow, FactorRun

pytestmark = pytest.mark.django_db
OPEN_SHEETS = {"/factors/": "待处理的参考因素表", "/": "参考因素待处理"}
CODE = factories.credit_code(5)
REASON = "上级来函更正，原列入有误。"
POST = {
    "credit_code": CODE,
    "kind": "discipline_list",
    "scheme": "失信被执行人名单",
    "value": "列入",
    "source": "省平台 2026 年 10 月推送",
    "in_force_from": "2026-10-01",
    "in_force_until": "",
}
SHEET = {**POST, "worst": "", "in_force_from": "2026-10-01"}
HEADER = ["统一社会信用代码", "企业名称", "结果"]


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel("2026-11-20 10:00+08:00", tick=False):
        yield


@pytest.fixture
def recorder() -> Officer:
    return factories.officer(Role.RECORDER, name="王五")


@pytest.fixture
def browser(client: Client, recorder: Officer) -> Client:
    client.force_login(recorder)
    return client


@pytest.fixture
def subject() -> Subject:
    return factories.subject(credit_code=CODE, name="舞钢市样例甲公司")


def factor(subject: Subject, recorder: Officer, **changes: Any) -> Factor:
    values = {
        "subject": subject,
        "kind": "quantified",
        "scheme": "旅馆业量化分级",
        "value": "三级",
        "source": "治安管理大队评定",
        "in_force_from": date(2026, 1, 1),
        "recorded_by": recorder,
    }
    return Factor.objects.create(**{**values, **changes})


# --- one by one ----------------------------------------------------------------------------------


def test_a_factor_is_recorded_from_the_credit_file(browser: Client, subject: Subject) -> None:
    file = browser.get(f"/subjects/{subject.pk}/").content.decode()
    assert f"/factors/new/?credit_code={CODE}" in file
    page = browser.get(f"/factors/new/?credit_code={CODE}").content.decode()
    assert "舞钢市样例甲公司" in page
    answer = browser.post("/factors/new/", POST, follow=True).content.decode()
    assert "不改变等级" in answer
    assert "失信被执行人名单：列入" in answer
    assert "外部信号，待研判" in answer
    assert AuditEntry.objects.filter(action="factor.view").exists()


def test_errors_keep_what_was_typed(browser: Client, subject: Subject) -> None:
    text = browser.post("/factors/new/", {**POST, "value": "", "in_force_from": "上月"}).content
    assert "“上月”不是有效日期" in text.decode()
    assert "省平台 2026 年 10 月推送" in text.decode()
    text = browser.post("/factors/new/", {**POST, "credit_code": "410481199003070011"}).content
    assert "自然人不是监管对象" in text.decode()
    text = browser.post("/factors/new/", {**POST, "credit_code": factories.credit_code(99)}).content
    assert "该代码没有登记" in text.decode()
    assert not Factor.objects.exists()


def test_the_worst_class_is_asked_for_national_evaluations_alone(
    browser: Client, subject: Subject
) -> None:
    browser.post("/factors/new/", {**POST, "is_worst": "on"})
    browser.post("/factors/new/", {**POST, "kind": "national", "value": "差", "is_worst": "on"})
    found = dict(Factor.objects.values_list("kind", "is_worst"))
    assert found == {"discipline_list": False, "national": True}


def test_revoking_and_ending_on_the_page(
    browser: Client, subject: Subject, recorder: Officer
) -> None:
    one = factor(subject, recorder)
    bad = browser.post(f"/factors/{one.pk}/revoke/", {"revoke-version": "1", "revoke-reason": "误"})
    assert "没有填写撤销文书" in bad.content.decode()
    assert "理由至少 5 字" in bad.content.decode()
    end = {"end-version": "1", "end-last_day": "2026-12-31", "end-reason": REASON}
    assert browser.post(f"/factors/{one.pk}/end/", end).status_code == 302
    late = browser.post(f"/factors/{one.pk}/end/", end)
    assert late.status_code == 409
    revoke = {
        "revoke-version": "2",
        "revoke-reason": REASON,
        "revoke-document": "豫信用办函〔2026〕3号",
    }
    browser.post(f"/factors/{one.pk}/revoke/", revoke)
    one.refresh_from_db()
    assert (one.in_force_until, one.revoked_on) == (date(2026, 12, 31), date(2026, 11, 20))
    text = browser.get(f"/factors/{one.pk}/").content.decode()
    assert "豫信用办函〔2026〕3号" in text
    assert "登记截止日期</button>" not in text


def test_the_list_is_of_the_own_unit_filtered_and_costs_the_same_for_many(
    browser: Client, subject: Subject, recorder: Officer, django_assert_max_num_queries: Any
) -> None:
    stranger = factories.officer(Role.RECORDER, unit=factories.unit(name="别处派出所"))
    foreign = factor(subject, stranger, value="别处的")
    for number in range(60):
        factor(subject, recorder, value=f"第{number}级")
    factor(subject, recorder, kind="licence", value="已过的", in_force_until=date(2026, 11, 19))
    with django_assert_max_num_queries(12):
        text = browser.get("/factors/").content.decode()
    assert "别处的" not in text
    assert "已过的" not in text
    assert "已过的" in browser.get("/factors/?state=past").content.decode()
    assert "已过的" in browser.get("/factors/?state=all&kind=licence&q=样例甲").content.decode()
    assert "没有参考因素" in browser.get("/factors/?q=zzzz").content.decode()
    assert browser.get("/factors/?state=odd&kind=odd&page=zz&unit=x&q=%00").status_code == 200
    assert browser.get(f"/factors/{foreign.pk}/").status_code == 404
    browser.force_login(factories.officer(Role.OFFICE))
    text = browser.get(f"/factors/?unit={stranger.unit.code}").content.decode()
    assert "别处的" in text
    assert "第1级" not in text


def test_the_credit_file_shows_scheme_and_value_and_folds_what_is_past(
    browser: Client, subject: Subject, recorder: Officer
) -> None:
    factor(subject, recorder)
    factor(subject, recorder, value="二级", in_force_until=date(2026, 11, 19))
    factor(subject, recorder, value="一级", revoked_on=date(2026, 11, 1), closing_reason=REASON)
    text = browser.get(f"/subjects/{subject.pk}/").content.decode()
    card = text.partition('id="factors"')[2].partition("</section>")[0]
    assert "不计入等级，供复核参考" in card
    now, _, past = card.partition("<details")
    assert "旅馆业量化分级：<b>三级</b>" in now
    assert "二级" not in now
    assert "旅馆业量化分级：二级" in past
    assert "2026-11-01 撤销" in past
    assert REASON in past


def test_the_history_of_the_file_tells_what_became_of_factors(
    browser: Client, subject: Subject, recorder: Officer
) -> None:
    one = factor(subject, recorder)
    end = {"end-version": "1", "end-last_day": "2026-12-31", "end-reason": REASON}
    browser.post(f"/factors/{one.pk}/end/", end)
    text = browser.get(f"/subjects/{subject.pk}/history/?only=factor").content.decode()
    assert "录入量化分级，旅馆业量化分级：三级" in text
    assert "截止到 2026-12-31：量化分级" in text
    assert REASON in text


# --- sheets --------------------------------------------------------------------------------------


def upload(browser: Client, tmp_path: Path, *rows: tuple[str, str, str], **changes: str) -> Any:
    lines = [dict(zip(HEADER, row, strict=True)) for row in rows]
    path = write(tmp_path / "名单.xlsx", lines, HEADER)
    file = SimpleUploadedFile("名单.xlsx", path.read_bytes())
    return browser.post("/factors/sheets/new/", {**SHEET, "file": file, **changes})


def test_a_sheet_is_settled_row_by_row_and_written(
    browser: Client, subject: Subject, tmp_path: Path
) -> None:
    unknown, wrong = factories.credit_code(50), factories.credit_code(51)
    answer = upload(
        browser,
        tmp_path,
        (CODE, "舞钢市样例甲公司", "列入"),
        (unknown, "舞钢市样例乙公司", "列入"),
        (CODE, "舞钢市样例丙公司", "再次列入"),
        (wrong, "外地公司", "列入"),
    )
    run = FactorRun.objects.get()
    url = f"/factors/sheets/{run.pk}/"
    assert answer.url == url
    page = browser.get(url).content.decode()
    assert '代码或名称不符 <span class="num">1</span>' in page
    assert "库中该代码的名称为“舞钢市样例甲公司”" in page
    assert '还有 <span class="num">3</span> 行没有处理' in page
    for page, words in OPEN_SHEETS.items():
        assert words in browser.get(page).content.decode()
    rows = {row.row: row for row in run.rows.all()}

    settle = f"{url}settle/?group=unmatched"
    bad = browser.post(settle, {"do": f"register-{rows[3].pk}", f"reason-{rows[3].pk}": "短"})
    assert bad.status_code == 400
    assert "理由至少 5 字" in bad.content.decode()
    assert 'value="短"' in bad.content.decode()
    early = browser.post(settle, {"do": "confirm"})
    assert "还有 3 行没有处理" in early.content.decode()
    assert not Factor.objects.exists()

    said = {f"reason-{rows[3].pk}": "本辖区新设立企业。", f"reason-{rows[4].pk}": REASON}
    went = browser.post(settle, {"do": f"register-{rows[3].pk}", **said})
    assert went.url == f"{url}?group=unmatched"  # type: ignore[attr-defined]
    browser.post(settle, {"do": f"take-{rows[4].pk}", **said})
    browser.post(settle, {"do": "rest", "reason": "不在本辖区内。"})
    done = browser.post(settle, {"do": "confirm"}, follow=True).content.decode()
    assert "已写入 3 条参考因素" in done
    assert Factor.objects.count() == 3
    assert Subject.objects.get(credit_code=unknown).factors.get().value == "列入"
    assert "写入 3 条</button>" not in done
    for page, words in OPEN_SHEETS.items():
        assert words not in browser.get(page).content.decode()
    assert "名单.xlsx" in browser.get("/factors/sheets/").content.decode()


def test_a_sheet_with_natural_persons_is_refused_and_nothing_of_it_kept(
    browser: Client, subject: Subject, tmp_path: Path
) -> None:
    person = ("410481199003070011", "张三", "列入")
    text = upload(browser, tmp_path, (CODE, "舞钢市样例甲公司", "列入"), person).content.decode()
    assert "这是居民身份证号码。自然人不是监管对象，删去该行后再导入" in text
    assert "410481199003070011" not in text
    assert "失信被执行人名单" in text  # what was typed is kept
    assert not FactorRun.objects.exists()


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (None, "没有选择文件"),
        (SimpleUploadedFile("a.xlsx", b""), "文件是空的"),
        (SimpleUploadedFile("a.xlsx", b"PK\x03\x04 broken"), "表格文件："),
        (SimpleUploadedFile("a.csv", "甲,乙\n1,2".encode()), "第一行没有这一列"),
    ],
)
def test_what_is_no_sheet_is_said(browser: Client, file: Any, words: str) -> None:
    post = {**SHEET, **({"file": file} if file else {})}
    text = browser.post("/factors/sheets/new/", post).content.decode()
    assert words in text
    assert not FactorRun.objects.exists()


def test_a_sheet_of_another_unit_does_not_exist_and_odd_buttons_do_nothing(
    browser: Client, subject: Subject, tmp_path: Path
) -> None:
    upload(browser, tmp_path, (factories.credit_code(50), "舞钢市样例乙公司", "列入"))
    run, row = FactorRun.objects.get(), FactorRow.objects.get()
    url = f"/factors/sheets/{run.pk}/settle/"
    for do in ("", "x", f"x-{row.pk}", "drop-999999", "drop-x", f"drop-{'9' * 30}"):
        given = {"do": do, "reason": REASON, f"reason-{row.pk}": REASON}
        assert browser.post(url, given).status_code == 404, do
    browser.force_login(factories.officer(Role.RECORDER, unit=factories.unit()))
    assert browser.get(f"/factors/sheets/{run.pk}/").status_code == 404
    assert browser.post(url, {"do": "rest", "reason": REASON}).status_code == 404
    browser.force_login(factories.officer(Role.OFFICE, unit=factories.unit("WG-OFFICE")))
    assert browser.get(f"/factors/sheets/{run.pk}/").status_code == 200
    assert browser.post(url, {"do": "rest", "reason": REASON}).status_code == 403
    row.refresh_from_db()
    assert row.answer == ""


def test_a_sheet_is_given_up_with_a_reason(
    browser: Client, subject: Subject, tmp_path: Path
) -> None:
    upload(browser, tmp_path, (CODE, "舞钢市样例甲公司", "列入"))
    url = f"/factors/sheets/{FactorRun.objects.get().pk}/settle/"
    assert browser.post(url, {"do": "abandon", "reason": ""}).status_code == 400
    browser.post(url, {"do": "abandon", "reason": "来件已由上级撤回。"})
    assert FactorRun.objects.get().state == "dropped"
    assert not Factor.objects.exists()


def test_the_page_of_a_sheet_costs_the_same_for_many(
    browser: Client, tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    rows = [(factories.credit_code(5000 + n), f"舞钢市样例{n}号公司", "列入") for n in range(120)]
    upload(browser, tmp_path, *rows)
    with django_assert_max_num_queries(16):
        text = browser.get(f"/factors/sheets/{FactorRun.objects.get().pk}/").content.decode()
    assert '/ <span class="num">3</span> 页' in text
