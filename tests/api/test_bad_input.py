"""Whatever is sent, the answer is one of the documented ones, in the one form, and never a 500."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accounts.models import Officer
from tests.api.calls import Caller, caller, decision_body, errors

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(recorder: Officer) -> Caller:
    return caller(recorder)


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b" ", ("", "invalid_json")),
        (b"{", ("", "invalid_json")),
        (b"\xff\xfe{}", ("", "invalid_json")),
        (b'{"number": NaN}', ("", "invalid_json")),
        (b'{"number": ' + b"9" * 10_000 + b"}", ("", "invalid_json")),
        (b"[" * 100_000 + b"]" * 100_000, ("", "too_deep")),
        (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, ("", "too_deep")),
        (b"[]", ("", "invalid")),
        (b"null", ("", "null")),
        (b'"text"', ("", "invalid")),
        (b'{"number": "\\u0000"}', ("number", "control")),
        (b'{"violations": [{"facts": "\\ud800"}]}', ("violations[0].facts", "control")),
        (b'{"\\udfff": 1}', ("", "control")),
    ],
)
def test_bodies_that_are_no_proper_json(me: Caller, raw: bytes, fault: tuple[str, str]) -> None:
    answer = me.post("decisions/", raw)
    assert (answer.status_code, errors(answer)[0]) == (400, fault)


def test_too_long_a_body(me: Caller) -> None:
    answer = me.post("decisions/", json.dumps(decision_body(handler="长" * 500_000)))
    assert (answer.status_code, errors(answer)) == (413, [("", "too_large")])


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain", ""]
)
def test_bodies_that_are_not_json(me: Caller, content_type: str) -> None:
    answer = me.post("decisions/", "a=b", content_type=content_type)
    assert (answer.status_code, errors(answer)) == (415, [("", "unsupported_media_type")])


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"number": 5}, ("number", "invalid")),
        ({"number": True}, ("number", "invalid")),
        ({"number": None}, ("number", "null")),
        ({"unit": ["WG-ZA"]}, ("unit", "invalid")),
        ({"kind": {}}, ("kind", "invalid")),
        ({"kind": "x" * 41}, ("kind", "max_length")),
        ({"decided_on": 20260305}, ("decided_on", "invalid")),
        ({"decided_on": "２０２６-０３-０５"}, ("decided_on", "invalid")),
        ({"decided_on": "0001-01-01"}, ("decided_on", "out_of_range")),
        ({"submit": "true"}, ("submit", "invalid")),
        ({"submit": 1}, ("submit", "invalid")),
        ({"subject": "x"}, ("subject", "invalid")),
        ({"subject": {"name": "x"}}, ("subject.credit_code", "required")),
        ({"violations": {}}, ("violations", "not_a_list")),
        ({"violations": [1]}, ("violations[0]", "invalid")),
        ({"violations": [{}] * 101}, ("violations", "max_length")),
        ({"violations": []}, ("violations", "required")),
        ({"confirmed_by": 7}, ("confirmed_by", "invalid")),
        ({"in_force": None}, ("in_force", "null")),
    ],
)
def test_wrong_types(me: Caller, change: dict[str, Any], fault: tuple[str, str]) -> None:
    answer = me.post("decisions/", decision_body(**change))
    assert (answer.status_code, errors(answer)) == (400, [fault])


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("true", "invalid"),
        ("[]", "invalid"),
        ('"1e3"', "invalid"),
        ('"１００"', "invalid"),
        ('"nan"', "invalid"),
        ("1e999999999", "invalid"),
        ("1e-999999999", "invalid"),
        ('"-1"', "not_positive"),
        ("0", "not_positive"),
        ("0.001", "too_fine"),
        ('"999999999999999"', "too_large"),
        ("null", "required"),
    ],
)
def test_wrong_amounts(me: Caller, raw: str, code: str) -> None:
    body = json.dumps(decision_body()).replace('"20000.00"', raw)
    answer = me.post("decisions/", body)
    assert (answer.status_code, errors(answer)) == (
        400,
        [("violations[0].dispositions[1].amount", code)],
    )


def test_a_number_with_a_point_is_exact(me: Caller) -> None:
    body = json.dumps(decision_body()).replace('"20000.00"', "20000.10")
    assert me.post("decisions/", body).json()["violations"][0]["amount"] == "20000.10"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "nothing/",
        "decisions/x/",
        f"decisions/{'9' * 5000}/",
        f"decisions/{10**25}/",
        "subjects/%00/",
        "subjects/%ED%A0%80/grade/",
        "decisions",
        "a%0Ab/",
    ],
)
def test_addresses_that_are_none(me: Caller, path: str) -> None:
    answer = me.get(path)
    assert (answer.status_code, errors(answer)) == (404, [("", "not_found")])


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_methods_that_are_none(me: Caller, method: str) -> None:
    from django.test import Client as HttpClient

    answer = HttpClient().generic(
        method, "/api/v1/decisions/", headers={"Authorization": f"Token {me.secret}"}
    )
    assert (answer.status_code, errors(answer)) == (405, [("", "method_not_allowed")])


def test_texts_with_control_characters_are_refused_by_the_checks(me: Caller) -> None:
    body = decision_body()
    body["violations"][0]["facts"] = "第一行\x07第二行"
    answer = me.post("decisions/", body)
    assert errors(answer) == [("violations[0].facts", "control")]


def test_a_fault_of_ours_is_told_without_detail(
    me: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.test import Client as HttpClient

    from violations import api

    def broken(**kwargs: Any) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr(api, "post_decision", broken)
    answer = HttpClient(raise_request_exception=False).post(
        "/api/v1/decisions/",
        decision_body(),
        content_type="application/json",
        headers={"Authorization": f"Token {me.secret}"},
    )
    assert (answer.status_code, errors(answer)) == (500, [("", "server_error")])
    assert "secret" not in answer.content.decode()


def test_a_busy_database_is_told_as_such(me: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    from violations import api

    def busy(**kwargs: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(api, "post_decision", busy)
    answer = me.post("decisions/", decision_body())
    assert (answer.status_code, errors(answer)) == (503, [("", "busy")])
    assert answer["Retry-After"] == "1"
