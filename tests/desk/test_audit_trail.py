"""The auditor's pages: what is asked is what is listed, details, sheet, and who looked."""

from __future__ import annotations

import io
from datetime import datetime

import openpyxl
import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Officer
from accounts.roles import Role
from core.audit import origin, record
from core.audit_chain import seal
from core.models import AuditEntry
from desk.audit_trail.words import NOUNS, VERBS, Kind, action_words, kind_of
from subjects.models import Subject
from subjects.services import update_subject
from tests import factories
from tests.desk.audit_actions import actions_in_the_code
from violations.numbers import number_key

pytestmark = pytest.mark.django_db
LIST = "/audit/"


def at(day: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(f"{day} 10:00"))


@pytest.fixture
def auditor() -> Officer:
    return factories.officer(Role.AUDITOR, number="479006")


@pytest.fixture
def client(auditor: Officer) -> Client:
    client = Client()
    client.force_login(auditor)
    return client


@pytest.fixture
def company() -> Subject:
    return factories.subject(name="舞钢市样例保安服务有限公司")


def written(action: str, target: object = None, *, by: Officer | None = None, on: str) -> int:
    with time_machine.travel(at(on), tick=False), origin("web 10.1.2.3"):
        return record(actor=by, action=action, target=target, reason="依据材料更正。").pk  # type: ignore[arg-type]


def listed(client: Client, query: str = "") -> list[int]:
    page = client.get(LIST + query)
    assert page.status_code == 200
    return [row.entry.pk for row in page.context["rows"]]


def test_all_changes_to_an_organisation_by_a_unit_in_june(client: Client, company: Subject) -> None:
    """One form: the organisation, the unit, the month, the kind."""
    za, yh = (factories.unit(code) for code in ("WG-ZA", "WG-YH"))
    ours, theirs = (factories.officer(Role.RECORDER, unit=unit) for unit in (za, yh))
    number = "舞公（治）行罚决字〔2026〕0101号"
    decision = factories.decision(company, za, number=number, number_key=number_key(number))
    other = factories.subject()
    act = decision.violations.get()
    right = [
        written("subject.update", company, by=ours, on="2026-06-01"),
        written("decision.edit", decision, by=ours, on="2026-06-15"),
        written("violation.revoke", act, by=ours, on="2026-06-30"),
    ]
    written("subject.update", company, by=ours, on="2026-05-31")
    written("subject.update", company, by=ours, on="2026-07-01")
    written("subject.update", company, by=theirs, on="2026-06-02")
    written("subject.update", other, by=ours, on="2026-06-02")
    written("subject.view", company, by=ours, on="2026-06-02")

    asked = "&unit=WG-ZA&month=2026-06&kind=change"
    assert listed(client, f"?q={company.credit_code}{asked}") == right[::-1]
    assert listed(client, f"?q=样例保安{asked}") == right[::-1]
    assert listed(client, f"?subject={company.pk}{asked}") == right[::-1]
    assert listed(client, f"?q=舞公(治)行罚决字[2026]0101号{asked}") == right[:0:-1]


def test_what_was_recorded_under_a_merged_entry_is_among_it(
    client: Client, company: Subject
) -> None:
    from violations.writing import save_as  # the sanctioned way to write a fact

    merged = factories.subject(name="舞钢市样例保安老公司")
    row = written("decision.confirm", factories.decision(merged), on="2026-06-02")
    merged.merged_into = company
    save_as(factories.officer(Role.OFFICE), merged, reason="同一机构两个代码。")
    assert row in listed(client, f"?subject={company.pk}")


def test_a_name_that_several_have_is_asked_back(client: Client) -> None:
    one, two = (factories.subject(name=f"舞钢市样例旅馆{n}店") for n in "甲乙")
    written("subject.view", one, on="2026-06-02")
    page = client.get(LIST + "?q=样例旅馆&month=2026-06")
    assert page.context["rows"] == []
    addresses = {subject: address for subject, address in page.context["choices"]}
    assert set(addresses) == {one, two}
    assert len(listed(client, addresses[one])) == 1


def test_what_does_not_exist_lists_nothing_and_says_so(client: Client) -> None:
    written("subject.view", factories.subject(), on="2026-06-02")
    page = client.get(LIST + "?q=没有这一家")
    assert page.context["rows"] == []
    assert "没有找到这个对象" in page.content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?kind=change", "decision.confirm"),
        ("?kind=look", "subject.view"),
        ("?kind=refused", "access.refused"),
        ("?kind=export", "subject.export"),
        ("?kind=sign_in", "account.sign_in"),
        ("?action=subject.export", "subject.export"),
        ("?officer=479009", "account.sign_in"),
    ],
)
def test_each_filter(client: Client, query: str, expected: str) -> None:
    who = factories.officer(Role.OFFICE, number="479009")
    for action in (
        "decision.confirm",
        "subject.view",
        "access.refused",
        "subject.export",
    ):
        written(action, on="2026-06-02")
    written("account.sign_in", by=who, on="2026-06-02")
    found = AuditEntry.objects.filter(pk__in=listed(client, query)).values_list("action", flat=True)
    assert list(found) == [expected]


@pytest.mark.parametrize(
    "query",
    [
        "?month=2026-13",
        "?kind=all",
        "?unit=NONE",
        "?subject=abc",
        "?subject=99999999999999999999",
        "?action=drop",
        "?before=-1",
        "?before=99999999999999999999",
        "?before=5",
        "?q=%00",
    ],
)
def test_a_value_of_no_box_is_as_good_as_none(client: Client, query: str) -> None:
    row = written("subject.view", on="2026-06-02")
    assert row in listed(client, query)


def test_pages_follow_upon_each_other_and_leave_nothing_out(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    made = [written("subject.view", on="2026-06-02") for _ in range(120)]
    with django_assert_max_num_queries(20):
        page = client.get(LIST + "?month=2026-06")
    seen: list[int] = []
    while True:
        seen += [row.entry.pk for row in page.context["rows"]]
        if not page.context["next"]:
            break
        page = client.get(LIST + page.context["next"])
    assert seen == made[::-1]


def test_looking_leaves_a_row(client: Client, company: Subject) -> None:
    client.get(LIST + f"?subject={company.pk}&kind=change")
    row = AuditEntry.objects.get(action="audit.view")
    assert (row.actor, row.details["asked"]) == (
        "479006",
        f"对象 {company.name}（{company.credit_code}）；类别 变更",
    )
    client.get(f"{LIST}{row.pk}/")
    client.get(f"{LIST}chain/")
    assert AuditEntry.objects.filter(action="audit.view").count() == 3


def test_a_row_opens_with_each_value_before_and_after(client: Client, company: Subject) -> None:
    office = factories.officer(Role.OFFICE)
    update_subject(
        officer=office,
        subject=company,
        address="钢城路 9 号",
        principal=company.principal,
        industry=company.industry,
        registry_status=company.registry_status,
        unit_in_charge=None,
    )
    row = AuditEntry.objects.get(action="subject.update")
    page = client.get(f"{LIST}{row.pk}/").content.decode()
    assert "钢城路 9 号" in page
    assert "<ins>" in page
    assert f"/subjects/{company.pk}/history/" in page


def test_roles_units_and_choices_are_said_in_words(client: Client) -> None:
    factories.unit("WG-ZA", "治安管理大队")
    row = AuditEntry.objects.create(
        action="account_change.agree",
        target_type="accounts.accountchange",
        target_id="1",
        details={"kind": "roles", "wanted": {"roles": ["office"], "unit": "WG-ZA"}},
    )
    page = client.get(f"{LIST}{row.pk}/").content.decode()
    for words in ("增加角色", "局办公室", "治安管理大队"):
        assert f"<dd>{words}</dd>" in page


def test_the_details_of_a_corner_case_row_open(client: Client) -> None:
    for target_type, target_id in (("gone.model", "1"), ("", ""), ("subjects.subject", "abc")):
        row = AuditEntry.objects.create(
            action="some.thing",
            target_type=target_type,
            target_id=target_id,
            details={"a": {"b": [1, 2]}, "scopes": ["x", "y"], "n": None, "t": True},
        )
        assert client.get(f"{LIST}{row.pk}/").status_code == 200
    assert client.get(f"{LIST}999999/").status_code == 404


def test_the_sheet_needs_a_purpose_and_leaves_a_row(client: Client) -> None:
    row = written("subject.view", by=factories.officer(number="479001"), on="2026-06-02")
    address = f"{LIST}export/?month=2026-06"
    assert client.post(address, {"purpose": ""}).status_code == 400
    assert not AuditEntry.objects.filter(action="audit.export").exists()
    answer = client.post(address, {"purpose": "季度内部审计"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    cells = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert [line[0] for line in cells[1:]] == [row]
    assert cells[1][1:3] == ["2026-06-02 10:00:00", "479001"]
    taken = AuditEntry.objects.get(action="audit.export")
    assert (taken.reason, taken.details) == ("季度内部审计", {"asked": "2026-06 月", "rows": 1})


def test_too_many_rows_make_no_sheet(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.audit_trail.export.MAX_ROWS", 2)
    for _ in range(3):
        written("subject.view", on="2026-06-02")
    answer = client.post(f"{LIST}export/?month=2026-06", {"purpose": "季度内部审计"})
    assert answer.status_code == 400
    assert "超过一次可导出的行数" in answer.content.decode()


def test_the_state_of_the_chain_and_what_is_late(client: Client) -> None:
    written("subject.view", on="2026-06-02")
    page = client.get(f"{LIST}chain/").content.decode()
    assert "超过 10 分钟没有封存" in page
    assert "一天之内没有核验过" in page
    seal()
    record(actor=None, action="audit.verify", details={"rows": 1, "seals": 1, "faults": 0})
    page = client.get(f"{LIST}chain/").content.decode()
    assert "最近一次核验全部一致" in page
    assert "没有封存：" not in page
    record(
        actor=None,
        action="audit.verify",
        details={"rows": 1, "seals": 1, "faults": 1, "lines": ["审计记录 7：被删除"]},
    )
    page = client.get(f"{LIST}chain/").content.decode()
    assert "审计记录 7：被删除" in page
    assert "最近一次核验发现与封存不符" in page


def test_every_action_of_the_product_is_said_in_chinese() -> None:
    actions = actions_in_the_code()
    assert "decision.confirm" in actions
    parts = [(noun, verb) for noun, _, verb in (one.rpartition(".") for one in actions)]
    left = {noun for noun, _ in parts} - NOUNS.keys(), {verb for _, verb in parts} - VERBS.keys()
    assert left == (set(), set()), f"add {left} to desk/audit_trail/words.py"


def test_kinds() -> None:
    assert kind_of("api.refused") == Kind.REFUSED
    assert kind_of("something.new") == Kind.CHANGE
    assert action_words("decision.confirm") == "处理决定：审核通过"
