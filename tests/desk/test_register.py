"""The list of organisations: search, filters, pages, what it says, and who may see it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry
from desk import register, register_pages
from grading.models import Cause, GradeChange, RegradeRequest, Standing
from subjects.enums import Industry
from subjects.initials import initials
from subjects.models import Subject, SubjectName
from tests import factories
from violations.enums import DecisionState, Field

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_day")]
URL = "/subjects/"


@pytest.fixture
def _day() -> Any:
    with time_machine.travel("2026-11-23 10:00 +0800", tick=False):
        yield


@pytest.fixture
def officer(client: Client) -> Officer:
    made = factories.officer(Role.RECORDER)
    client.force_login(made)
    return made


def listed(name: str, *, grade: str = "", flags: str = "", day: int = 1, **fields: Any) -> Subject:
    """An organisation with a standing that changed on a day of November."""
    subject = factories.subject(name=name, name_initials=initials(name), **fields)
    Standing.objects.create(
        subject=subject,
        grade=grade,
        flags=flags,
        changed_at=timezone.make_aware(datetime(2026, 11, day, 9)),
    )
    return subject


def names(response: Any) -> list[str]:
    return [row.subject.name for row in response.context["rows"]]


def test_the_latest_change_comes_first_and_the_unknown_last(
    client: Client, officer: Officer
) -> None:
    listed("舞钢市甲有限公司", grade="B", day=3)
    listed("舞钢市乙有限公司", grade="C", day=20)
    factories.subject(name="舞钢市丙有限公司")
    listed("舞钢市并入有限公司", merged_into=listed("舞钢市丁有限公司", day=2))

    response = client.get(URL)

    assert names(response) == [
        "舞钢市乙有限公司",
        "舞钢市甲有限公司",
        "舞钢市丁有限公司",
        "舞钢市丙有限公司",
    ]
    page = response.content.decode()
    assert '符合条件 <span class="num">4</span> 个' in page
    assert "2026-11-20" in page
    assert "未定级" in page
    assert "黑名单" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"grade": "B"}, ["B乙", "B甲"]),
        ({"grade": "none"}, ["无丁", "无丙"]),
        ({"grade": "B", "flag": "over_limit"}, ["B甲"]),
        ({"industry": "hotel"}, ["无丙"]),
        ({"industry": "special"}, ["无丁", "无丙"]),
        ({"unit": "WG-JT"}, ["B乙"]),
        ({"field": "traffic"}, ["B乙"]),
        ({"field": "drug_control"}, []),
        ({"kind": "business"}, ["无丁"]),
        ({"status": "cancelled"}, ["无丁"]),
        ({"q": "B"}, []),
        ({"q": "B甲"}, ["B甲"]),
        ({"q": "wd"}, ["无丁"]),
        ({"q": "无", "grade": "none"}, []),
    ],
)
def test_filters_and_search_narrow_the_list(
    client: Client, officer: Officer, query: dict[str, str], expected: list[str]
) -> None:
    traffic = factories.unit("WG-JT", "交通警察大队")
    listed("B甲", grade="B", flags="list_conflict over_limit", day=1)
    second = listed("B乙", grade="B", day=2, unit_in_charge=traffic)
    listed("无丙", industry=Industry.HOTEL, day=3)
    listed("无丁", industry=Industry.PAWN, kind="business", registry_status="cancelled", day=4)
    made = factories.decision(second, decided_on=date(2026, 3, 1), acts=[])
    factories.act(made, ["warning"], field=Field.TRAFFIC)
    draft = factories.decision(second, state=DecisionState.DRAFT, acts=[])
    factories.act(draft, ["warning"], field=Field.DRUG_CONTROL)

    assert names(client.get(URL, query)) == expected


def test_a_field_counts_for_the_survivor_of_a_merger(client: Client, officer: Officer) -> None:
    kept = listed("存续有限公司")
    away = factories.subject(merged_into=kept)
    factories.act(factories.decision(away, acts=[]), ["warning"], field=Field.TRAFFIC)

    assert names(client.get(URL, {"field": "traffic"})) == ["存续有限公司"]


def test_the_number_of_a_decision_finds_its_organisation_for_who_may_read_it(
    client: Client, officer: Officer
) -> None:
    other = factories.unit("WG-YK", "垭口派出所")
    mine = factories.decision(
        listed("甲有限公司"), number="舞公（治）行罚决字〔2026〕0101号",
        number_key="舞公(治)行罚决字(2026)0101号",
    )  # fmt: skip
    factories.decision(
        listed("乙有限公司"), unit=other, number="舞公（垭）行罚决字〔2026〕0102号",
        number_key="舞公(垭)行罚决字(2026)0102号", recorded_by=factories.officer(unit=other),
    )  # fmt: skip

    assert mine.unit == officer.unit
    assert names(client.get(URL, {"q": "舞公(治)行罚决字[2026]0101号"})) == ["甲有限公司"]
    assert names(client.get(URL, {"q": "行罚决字〔2026〕"})) == ["甲有限公司"]
    assert names(client.get(URL, {"q": "〔2026〕0102号"})) == []


@pytest.mark.parametrize(
    "query",
    [
        {"grade": "D"},
        {"flag": "'"},
        {"unit": "nobody"},
        {"field": "\0"},
        {"per": "7"},
        {"industry": "x" * 5000},
        {"q": "样" * 101},
    ],
)
def test_a_value_that_is_none_is_named_and_left_out(
    client: Client, officer: Officer, query: dict[str, str]
) -> None:
    listed("样" * 110)

    response = client.get(URL, query)

    assert response.status_code == 200
    assert len(names(response)) == 1
    assert len(response.context["filters"].notes) == 1
    assert response.context["filters"].notes[0] in response.content.decode().replace("&#x27;", "'")


@pytest.mark.parametrize("page", ["0", "-1", "99", "abc", "1" * 400, ""])
def test_a_page_that_is_none_is_the_nearest_there_is(
    client: Client, officer: Officer, page: str
) -> None:
    listed("甲有限公司")

    assert names(client.get(URL, {"page": page})) == ["甲有限公司"]


def test_pages_keep_the_filters(client: Client, officer: Officer) -> None:
    for n in range(25):
        listed(f"样例{n}", grade="B")
    listed("别的")

    first = client.get(URL, {"q": "样例", "grade": "B"})
    page = first.content.decode()

    assert len(names(first)) == 20
    assert 'rel="next" href="?q=%E6%A0%B7%E4%BE%8B&amp;grade=B&amp;after=' in page
    assert len(names(client.get(URL + first.context["next"]))) == 5
    assert len(names(client.get(URL, {"q": "样例", "grade": "B", "page": "2"}))) == 5
    assert len(names(client.get(URL, {"q": "样例", "per": "50"}))) == 25


def test_what_is_many_is_counted_up_to_a_limit(
    client: Client, officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "COUNTED", 30)
    monkeypatch.setattr(register_pages, "COUNTED", 30)
    for n in range(45):
        factories.subject(name=f"样例{n}有限公司")

    first = client.get(URL)
    second = client.get(URL + first.context["next"])
    third = client.get(URL + second.context["next"])

    assert "30+" in first.content.decode()
    assert first.context["page"].pages is None
    assert [len(names(page)) for page in (first, second, third)] == [20, 20, 5]
    assert third.context["next"] == ""
    # A number alone is followed only as far as rows are counted.
    assert names(client.get(URL, {"page": "99"})) == names(second)


def test_nothing_found_says_what_to_try(client: Client, officer: Officer) -> None:
    listed("甲有限公司", grade="B")
    page = client.get(URL, {"q": "tpmgs", "grade": "B", "field": "traffic"}).content.decode()

    assert "没有找到“tpmgs”" in page
    assert "去掉 2 个筛选条件再查" in page
    assert 'href="?q=tpmgs"' in page
    assert f"{reverse('desk:subject-create')}?q=tpmgs" in page
    assert "请至少输入两个字" in client.get(URL, {"q": "甲"}).content.decode()
    assert "没有符合条件的监管对象" in client.get(URL, {"grade": "C"}).content.decode()


def test_chosen_filters_can_be_taken_away_one_by_one(client: Client, officer: Officer) -> None:
    chips = client.get(URL, {"q": "甲乙", "grade": "B", "unit": officer.unit.code}).context["chips"]

    assert [chip.text for chip in chips] == ["等级：B 一般失信", "归口单位：治安管理大队"]
    assert chips[0].without == "?q=%E7%94%B2%E4%B9%99&unit=WG-ZA"


def test_the_match_is_marked_and_typed_text_is_no_markup(client: Client, officer: Officer) -> None:
    listed("舞钢市样例宾馆")

    assert "舞钢市<mark>样例</mark>宾馆" in client.get(URL, {"q": "yl"}).content.decode()
    page = client.get(URL, {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page


def test_a_match_in_a_former_name_is_shown(client: Client, officer: Officer) -> None:
    SubjectName.objects.create(subject=listed("舞钢市新名宾馆"), name="舞钢市旧名宾馆")

    assert "曾用：<mark>舞钢市旧名宾馆</mark>" in client.get(URL, {"q": "旧名"}).content.decode()
    assert "曾用：" not in client.get(URL, {"q": "宾馆"}).content.decode()


def test_htmx_gets_the_result_alone(client: Client, officer: Officer) -> None:
    listed("甲有限公司")
    asked = {"q": "甲有", "grade": "", "flag": ""}
    response = client.get(URL, asked, headers={"HX-Request": "true"})
    part = response.content.decode()

    assert response["HX-Push-Url"] == "/subjects/?q=%E7%94%B2%E6%9C%89"
    assert 'id="result"' in part
    assert 'id="chips" hx-swap-oob="true"' in part
    assert "<html" not in part


def test_a_standing_whose_day_has_come_is_shown_as_of_today_and_nothing_is_written(
    client: Client, officer: Officer
) -> None:
    subject = listed("甲有限公司", grade="B")
    Standing.objects.filter(pk=subject.pk).update(penalties=1, next_change_on=date(2026, 11, 23))

    response = client.get(URL)

    assert response.context["rows"][0].standing.grade == ""
    assert Standing.objects.get(pk=subject.pk).grade == "B"  # the sweep writes, a look does not
    assert not GradeChange.objects.exists()


def test_an_open_request_shows_beside_the_grade(client: Client, officer: Officer) -> None:
    RegradeRequest.objects.create(subject=listed("甲有限公司"), cause=Cause.DECISION)
    listed("乙有限公司")

    assert client.get(URL).content.decode().count("正在重新评定") == 1


def test_a_search_stands_in_the_trail(client: Client, officer: Officer) -> None:
    client.get(URL)
    assert not AuditEntry.objects.exists()

    client.get(URL, {"q": "样例", "grade": "B"})

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor) == ("subject.search", officer.number)
    assert entry.details == {"asked": "“样例”；等级：B 一般失信"}


@pytest.mark.parametrize("query", [{}, {"q": "样例"}, {"grade": "B", "field": "traffic"}])
def test_the_number_of_queries_does_not_grow(
    client: Client, officer: Officer, query: dict[str, str]
) -> None:
    def add(count: int) -> None:
        for n in range(count):
            subject = listed(f"样例{n}", grade="B", unit_in_charge=factories.unit())
            factories.act(factories.decision(subject, acts=[]), ["warning"], field=Field.TRAFFIC)

    add(1)
    client.get(URL, query)  # the first request of a session writes its clock
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(URL, query)
    add(12)
    with CaptureQueriesContext(connection) as many:
        assert len(names(client.get(URL, query))) == 13

    assert len(many) == len(few) <= 16


def test_who_may_not_see_the_register_is_refused(client: Client) -> None:
    assert client.get(URL).status_code == 302
    client.force_login(factories.officer(Role.TIP_HANDLER))
    assert client.get(URL).status_code == 403
    assert client.post(URL).status_code in (403, 405)


def test_who_only_reads_gets_no_buttons_to_write(client: Client) -> None:
    client.force_login(factories.officer(Role.AUDITOR))
    page = client.get(URL).content.decode()

    assert reverse("desk:subject-create") not in page
    assert reverse("desk:subjects-export") not in page


@pytest.mark.parametrize(
    "number", ["11010519491231002X", "１１０１０５１９４９１２３１００２Ｘ", "110105 19491231 002x"]
)
def test_an_identity_number_that_was_searched_for_is_kept_nowhere(
    client: Client, officer: Officer, number: str
) -> None:
    client.get(URL, {"q": f"张三 {number}", "grade": "B"})

    asked = AuditEntry.objects.get(action="subject.search").details["asked"]
    assert asked == "“含身份证号码，已隐去”；等级：B 一般失信"


def test_a_field_finds_nothing_of_decisions_that_the_officer_does_not_read(
    client: Client, officer: Officer
) -> None:
    other = factories.officer(Role.RECORDER, unit=factories.unit("WG-YK", "垭口派出所"))
    theirs = factories.decision(listed("甲有限公司"), unit=other.unit, recorded_by=other, acts=[])
    factories.act(theirs, ["warning"], field=Field.TRAFFIC)

    response = client.get(URL, {"field": "traffic"})
    assert names(response) == []
    assert "只按您有权查看的处理决定筛选" in response.content.decode()
    client.force_login(other)
    assert names(client.get(URL, {"field": "traffic"})) == ["甲有限公司"]
