"""The sheet of the register: purpose, trail, limit, and cells that are never formulas."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry
from core.spreadsheets_writer import Value, workbook_bytes
from desk import register_export
from grading.models import Standing
from tests import factories

pytestmark = pytest.mark.django_db
URL = "/subjects/export/"


@pytest.fixture
def officer(client: Client) -> Officer:
    made = factories.officer(Role.OFFICE)
    client.force_login(made)
    return made


def read(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_the_sheet_holds_what_is_listed(client: Client, officer: Officer) -> None:
    subject = factories.subject(name="=1+1有限公司", principal="张三")
    Standing.objects.create(
        subject=subject, grade="B", clauses="3-B-2", penalties=2, amount_fen=20_000_001
    )
    factories.subject(name="不在条件之内")

    asked = client.get(URL, {"grade": "B"})
    assert '将导出 <span class="num">1</span> 个' in asked.content.decode()
    response = client.post(f"{URL}?grade=B", {"purpose": "旅馆业检查抽取名单"})

    assert response.status_code == 200
    assert ".xlsx" in response["Content-Disposition"]
    book = read(response.content)
    rows = list(book["监管对象"].iter_rows(values_only=True))
    assert len(rows) == 2
    row = dict(zip(rows[0], rows[1], strict=True))
    assert row["统一社会信用代码"] == subject.credit_code
    assert row["监管对象"] == "=1+1有限公司"
    assert book["监管对象"]["B2"].data_type == "s"
    assert row["等级"] == "B 一般失信"
    assert row["行政处罚（件）"] == 2
    assert row["罚没款（元）"] == 200000.01
    assert "张三" not in str(rows)
    assert "旅馆业检查抽取名单" in str(list(book["说明"].iter_rows(values_only=True)))
    entry = AuditEntry.objects.get(action="subject.export")
    assert (entry.reason, entry.details["rows"]) == ("旅馆业检查抽取名单", 1)


@pytest.mark.parametrize(
    ("purpose", "message"),
    [("", "没有填写用途"), ("abc", "用途太短"), ("用" * 201, "超过 200 个字")],
)
def test_without_a_purpose_nothing_leaves(
    client: Client, officer: Officer, purpose: str, message: str
) -> None:
    factories.subject()
    response = client.post(URL, {"purpose": purpose})

    assert response.status_code == 400
    assert message in response.content.decode()
    assert not AuditEntry.objects.filter(action="subject.export").exists()


def test_too_many_and_none_are_refused(
    client: Client, officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.post(URL, {"purpose": "检查名单"}).status_code == 400
    monkeypatch.setattr(register_export, "MAX_ROWS", 1)
    factories.subject()
    factories.subject()

    response = client.post(URL, {"purpose": "检查名单"})

    assert response.status_code == 400
    assert "缩小范围" in response.content.decode()


def test_many_rows_take_no_more_queries(client: Client, officer: Officer) -> None:
    client.get(URL)
    counts = []
    for _ in range(2):
        for _ in range(10):
            factories.subject(unit_in_charge=factories.unit())
        with CaptureQueriesContext(connection) as queries:
            client.post(URL, {"purpose": "检查名单"})
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.TIP_HANDLER, Role.ADMINISTRATOR])
def test_who_may_not_export_is_refused(client: Client, role: str) -> None:
    client.force_login(factories.officer(role))

    assert client.get(URL).status_code == 403
    assert client.post(URL, {"purpose": "检查名单"}).status_code == 403


@pytest.mark.parametrize(
    "text", ["=A1", "+1", "-1", "@x", "\tx", "\rx", "＝A1", "＋1", "－1", "＠x"]
)
def test_a_text_like_a_formula_is_a_marked_text_cell(text: str) -> None:
    sheet = read(workbook_bytes([("甲", 10)], [[text], ["plain"]], title="表"))["表"]

    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].quotePrefix
    assert not sheet["A3"].quotePrefix


def test_numbers_money_and_days_keep_their_kind() -> None:
    columns = [("甲", 10)] * 5
    row: list[Value] = ["http://x", 3, Decimal("1.50"), date(2026, 3, 1), None]
    sheet = read(workbook_bytes(columns, [row], title="表"))["表"]

    assert [cell.data_type for cell in sheet[2]] == ["s", "n", "n", "d", "n"]
    assert sheet["A2"].hyperlink is None
