"""The desk box: what each desk is told, and that a question leaves its row in the trail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.roles import Role
from core.models import AuditEntry
from grading.services import regrade
from subjects.models import Subject
from tests import factories
from tests.api.calls import caller, outsider
from violations.enums import ListKind

pytestmark = pytest.mark.django_db
IDENTITY = "110101199003074610"  # a made-up number of the right form


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel("2026-11-23 10:00+08:00", tick=False):
        yield


@pytest.fixture
def window(client: Client) -> Client:
    client.force_login(factories.officer(Role.WINDOW))
    return client


@pytest.fixture
def recorder() -> Client:
    inside = Client()
    inside.force_login(factories.officer(Role.RECORDER))
    return inside


def graded(**fields: Any) -> Subject:
    made: Subject = factories.decision(**fields).subject
    regrade([made.pk])
    return made


def ask(client: Client, *codes: str) -> Any:
    return client.post("/ask/", {"codes": "\n".join(codes)})


def test_the_window_lands_on_its_box_and_sees_nothing_else(window: Client) -> None:
    page = window.get("/", follow=True)
    assert page.redirect_chain == [("/ask/", 302)]
    text = page.content.decode()
    assert "查询可公开的等级" in text
    assert 'class="nav" href="/ask/"' in text
    assert text.count('class="nav"') == 1
    assert window.get("/subjects/").status_code == 403


def test_grade_measures_and_term_are_told(window: Client) -> None:
    subject = graded()
    text = ask(window, subject.credit_code).content.decode()
    assert subject.name in text
    assert "一般失信" in text
    assert "4-B-1" in text
    assert "2027-11-23" in text
    row = AuditEntry.objects.get(action="desk.ask")
    assert row.details == {"codes": [subject.credit_code], "internal": False, "not_codes": 0}


def test_nothing_disclosable_is_answered_like_nobody(window: Client, recorder: Client) -> None:
    sealed, unknown = graded(law="治安管理处罚法"), factories.credit_code(77)
    known = ask(window, sealed.credit_code).content.decode()
    nobody = ask(window, unknown).content.decode()
    assert "没有可以提供的信用等级信息" in nobody

    def bare(text: str, code: str) -> str:
        body = text[text.index('id="result"') : text.index("</main>")]
        return body.replace(code, "")

    assert bare(known, sealed.credit_code) == bare(nobody, unknown)
    inside = ask(recorder, sealed.credit_code, unknown).content.decode()
    assert "一般失信" in inside
    assert "没有登记为监管对象" in inside


def test_what_waits_for_service_is_told_inside_alone(window: Client, recorder: Client) -> None:
    subject = graded(served_on=None)
    assert "4-B-1" not in ask(window, subject.credit_code).content.decode()
    assert "待送达，尚不适用" in ask(recorder, subject.credit_code).content.decode()


def test_bad_lines_are_named_and_the_others_answered(recorder: Client) -> None:
    subject = graded()
    wrong = subject.credit_code[:-1] + ("0" if subject.credit_code[-1] != "0" else "1")
    page = ask(recorder, subject.credit_code, "9141", wrong, IDENTITY, subject.credit_code)
    text = page.content.decode()
    assert subject.name in text
    assert "应为 18 位，现为 4 位" in text
    assert "校验位不符" in text
    assert "这是居民身份证号码" in text
    assert "重复 <span" in text
    row = AuditEntry.objects.get(action="desk.ask")
    assert row.details["codes"] == [subject.credit_code]
    assert IDENTITY not in str(row.details)


@pytest.mark.parametrize("typed", ["", " \n ,; ", "1\n" * 1001, "\x00", "😀" * 50])
def test_odd_input_is_no_server_error(recorder: Client, typed: str) -> None:
    assert recorder.post("/ask/", {"codes": typed}).status_code in (200, 422)


def test_many_codes_cost_no_more_queries(
    recorder: Client, django_assert_max_num_queries: Any
) -> None:
    codes = [graded().credit_code for _ in range(12)]
    codes += [factories.credit_code(5_000 + number) for number in range(50)]
    with django_assert_max_num_queries(24):
        assert ask(recorder, *codes).context["found"] == 12


def test_the_call_answers_as_the_box_does() -> None:
    served, sealed = graded(), graded(law="治安管理处罚法")
    listed = factories.list_entry(None, ListKind.BLACK, taken_over=True).subject
    regrade([listed.pk])
    body = {"credit_codes": [served.credit_code, sealed.credit_code, listed.credit_code, "9141"]}
    outside = outsider().post("desk/", body).json()
    assert [one["grade"] for one in outside["answers"]] == ["B", None, "C"]
    assert outside["answers"][1]["name"] is None
    assert len(outside["answers"][2]["measures"]) == 7
    assert [(one["field"], one["code"]) for one in outside["errors"]] == [
        ("credit_codes[3]", "length")
    ]
    inside = caller(factories.officer(Role.RECORDER), "grades:internal").post("desk/", body).json()
    assert inside["answers"][1]["grade"] == "B"
    rows = AuditEntry.objects.filter(action="desk.ask").order_by("pk")
    assert [row.details["internal"] for row in rows] == [False, True]
    assert rows[0].details["codes"] == body["credit_codes"][:3]
