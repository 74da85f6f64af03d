"""The pages of papers: the register, one paper, its service, texts, batches."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Officer
from accounts.roles import Role
from core.documents import page_count
from core.models import AuditEntry
from sanctions.models import Paper, PaperBatch, PaperText
from sanctions.paper_batches import work
from tests import factories
from tests.sanctions.paper_cases import office_officer, reminder
from violations.enums import ListKind, ListState

pytestmark = pytest.mark.django_db
SERVED = {
    "way": "direct",
    "result": "served",
    "on": "2026-11-24",
    "document": "送达回证 12",
    "recipient": "张三，主要负责人",
    "servers": "李四、王五",
}


@pytest.fixture(autouse=True)
def _day() -> Any:
    with time_machine.travel("2026-11-24 10:00 +0800", tick=False):
        yield


@pytest.fixture
def blank(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sanctions.papers.render_pdf", lambda template, context: b"%PDF-blank")
    monkeypatch.setattr("sanctions.papers.page_count", lambda data: 1)


@pytest.fixture
def clerk() -> Officer:
    return office_officer()


def _in(client: Client, officer: Officer) -> Client:
    client.force_login(officer)
    return client


def test_the_register_asks_the_same_however_many_papers(
    client: Client, clerk: Officer, blank: None
) -> None:
    reminder(clerk)
    _in(client, clerk).get("/papers/")
    with CaptureQueriesContext(connection) as few:
        client.get("/papers/")
    for _ in range(11):
        reminder(clerk)
    with CaptureQueriesContext(connection) as many:
        page = client.get("/papers/").content.decode()
    assert page.count("信用提醒书</a>") == 12
    assert len(many) == len(few) < 25


def test_a_unit_sees_its_own_papers_and_the_office_all(
    client: Client, clerk: Officer, blank: None
) -> None:
    station = factories.unit("WG-YH", "垭口派出所")
    recorder = factories.officer(Role.RECORDER, unit=station)
    own, other = reminder(recorder), reminder(clerk)
    page = _in(client, recorder).get("/papers/").content.decode()
    assert own.number in page
    assert other.number not in page
    assert client.get(f"/papers/{other.pk}/").status_code == 404
    page = _in(client, clerk).get("/papers/?unit=WG-YH").content.decode()
    assert own.number in page
    assert other.number not in page


def test_filters_by_state_kind_and_words(client: Client, clerk: Officer, blank: None) -> None:
    organisation = factories.subject(name="舞钢市样例金叶典当有限公司")
    one, two = reminder(clerk, organisation), reminder(clerk)
    _in(client, clerk).post(f"/papers/{one.pk}/serve/", SERVED)
    for query, expected in (
        ("state=served", {one.pk}),
        ("state=waiting", {two.pk}),
        ("q=金叶", {one.pk}),
        (f"q={two.number}", {two.pk}),
        ("kind=grade_certificate", set()),
    ):
        page = client.get(f"/papers/?{query}").content.decode()
        assert {int(pk) for pk in re.findall(r'href="/papers/(\d+)/"', page)} == expected, query


def test_service_is_recorded_or_said_what_is_missing(
    client: Client, clerk: Officer, blank: None
) -> None:
    paper = reminder(clerk)
    _in(client, clerk)
    page = client.post(f"/papers/{paper.pk}/serve/", {**SERVED, "recipient": ""})
    assert "没有填写签收人及职务" in page.content.decode()
    page = client.post(f"/papers/{paper.pk}/serve/", SERVED, follow=True)
    assert "已登记" in page.content.decode()
    paper.refresh_from_db()
    assert paper.served_on == date(2026, 11, 24)


def test_a_wrong_service_is_taken_back_by_another_and_recorded_again(
    client: Client, clerk: Officer, blank: None
) -> None:
    paper = reminder(clerk)
    _in(client, clerk)
    page = client.get(f"/papers/{paper.pk}/").content.decode()
    assert 'value="taken_back"' not in page
    page = client.post(f"/papers/{paper.pk}/serve/", SERVED, follow=True).content.decode()
    assert "的其他人或局办公室更正" in page  # and not the form that would be refused
    assert "更正送达登记</button>" not in page
    back = f"/papers/{paper.pk}/serve/take-back/"
    assert client.post(back, {"reason": "送达日期看错"}).status_code == 403
    _in(client, office_officer())
    page = client.post(back, {"reason": "错"}).content.decode()
    assert "更正理由至少 5 字" in page
    page = client.post(back, {"reason": "送达日期看错"}, follow=True).content.decode()
    assert "更正：原登记有误" in page
    assert "已更正" in page
    assert "登记送达情况</button>" in page
    paper.refresh_from_db()
    assert paper.served_on is None


def test_reissue_needs_a_reason_and_leads_to_the_new_paper(
    client: Client, clerk: Officer, blank: None
) -> None:
    paper = reminder(clerk)
    _in(client, clerk)
    page = client.post(f"/papers/{paper.pk}/reissue/", {"reason": "错"})
    assert "理由须有" in page.content.decode()
    client.post(f"/papers/{paper.pk}/reissue/", {"reason": "决定书文号写错"})
    paper.refresh_from_db()
    assert paper.superseded_by is not None
    page = client.get(f"/papers/{paper.pk}/")
    assert paper.superseded_by.number in page.content.decode()


def test_the_pdf_comes_checked_unsniffed_and_with_a_row_in_the_trail(
    client: Client, clerk: Officer, blank: None
) -> None:
    paper = reminder(clerk)
    answer = _in(client, clerk).get(f"/papers/{paper.pk}/file/")
    assert answer.content == b"%PDF-blank"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"].startswith("inline")
    assert client.get(f"/papers/{paper.pk}/file/?download=1")["Content-Disposition"].startswith(
        "attachment"
    )
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions[-2:] == ["paper.open", "paper.download"]
    with open(default_storage.path(paper.stored), "ab") as file:
        file.write(b"x")
    assert client.get(f"/papers/{paper.pk}/file/").status_code == 410


def test_every_decision_in_force_offers_its_repair_notice_once(client: Client, blank: None) -> None:
    recorder = factories.officer(Role.RECORDER)
    decision = factories.decision(unit=recorder.unit)
    _in(client, recorder)
    assert "/repair-notice/" in client.get(f"/violations/{decision.pk}/").content.decode()
    client.post(f"/papers/decisions/{decision.pk}/repair-notice/")
    paper = Paper.objects.get(decision=decision)
    page = client.get(f"/violations/{decision.pk}/").content.decode()
    assert paper.number in page
    assert "/repair-notice/" not in page
    client.post(f"/papers/decisions/{decision.pk}/repair-notice/")
    assert Paper.objects.count() == 1


def test_a_list_entry_offers_its_notice(client: Client, clerk: Officer, blank: None) -> None:
    entry = factories.list_entry(
        factories.subject(), ListKind.BLACK, state=ListState.PROPOSED, proposed_by=clerk
    )
    page = _in(client, clerk).get(f"/lists/{entry.pk}/").content.decode()
    assert "出具列入告知书" in page
    client.post(f"/papers/lists/{entry.pk}/list_notice/")
    assert Paper.objects.get().list_entry == entry
    client.post(f"/papers/lists/{entry.pk}/list_decision/")
    assert Paper.objects.count() == 1


def test_credit_file_and_certificate_from_the_subject_page(
    client: Client, clerk: Officer, blank: None
) -> None:
    organisation = factories.subject()
    _in(client, clerk)
    assert (
        f"/papers/subjects/{organisation.pk}/"
        in client.get(f"/subjects/{organisation.pk}/").content.decode()
    )
    address = f"/papers/subjects/{organisation.pk}/"
    page = client.post(address, {"kind": "credit_file", "purpose": ""})
    assert "没有填写用途" in page.content.decode()
    for _ in range(2):
        client.post(address, {"kind": "credit_file", "purpose": "了解自身信用状况"})
    assert "超出免费次数" in client.get(address).content.decode()
    client.post(address, {"kind": "grade_certificate", "purpose": "参加政府采购投标"})
    assert Paper.objects.count() == 3


def test_a_text_is_drafted_looked_at_and_published_by_another(
    client: Client, clerk: Officer
) -> None:
    paper = reminder(clerk)
    address = "/papers/texts/reminder/closing/"
    _in(client, clerk)
    text = {"text": "现提醒{监管对象}改正。", "reason": "按新办法修改"}
    page = client.post(address, {**text, "text": "请{负责人}改正。"})
    assert "没有“{负责人}”这个可填入项" in page.content.decode()
    client.post(address, text)
    row = PaperText.objects.get()
    answer = client.post(f"{address}preview/", {**text, "case": paper.pk})
    assert page_count(answer.content) == 1
    page = client.post(f"/papers/texts/{row.pk}/publish/", {"valid_from": "2026-11-24"})
    assert "起草人不能发布" in page.content.decode()
    _in(client, office_officer())
    client.post(f"/papers/texts/{row.pk}/publish/", {"valid_from": "2026-11-24"})
    row.refresh_from_db()
    assert row.state == "published"


def test_ticked_decisions_become_one_print_job(client: Client, blank: None) -> None:
    recorder = factories.officer(Role.RECORDER)
    decisions = [factories.decision(unit=recorder.unit) for _ in range(2)]
    foreign = factories.decision(unit=factories.unit("WG-YH", "垭口派出所"))
    page = _in(client, recorder).get("/papers/due/").content.decode()
    assert all(one.number in page for one in decisions)
    assert foreign.number not in page
    ids = [one.pk for one in (*decisions, foreign)]
    client.post("/papers/batches/", {"decision": ids})
    batch = PaperBatch.objects.get()
    assert batch.total == 2
    waiting = client.get(f"/papers/batches/{batch.pk}/progress/").content.decode()
    assert 'role="progressbar"' in waiting
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sanctions.paper_batches.merged", lambda papers: b"%PDF-all")
        patch.setattr("sanctions.paper_batches.page_count", lambda data: 2)
        work(batch.pk)
    assert client.get(f"/papers/batches/{batch.pk}/progress/")["HX-Refresh"] == "true"
    assert client.get(f"/papers/batches/{batch.pk}/file/").content == b"%PDF-all"
    assert client.get("/papers/due/").content.decode().count('name="decision"') == 0
    other = factories.officer(Role.RECORDER, unit=foreign.unit)
    assert _in(client, other).get(f"/papers/batches/{batch.pk}/").status_code == 404
