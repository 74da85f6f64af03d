"""What stands in the logs: who, which view, what status; never what anybody typed or found."""

from __future__ import annotations

import io
import json
import logging
import logging.config
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import Officer
from accounts.roles import Role
from accounts.scopes import Scope
from accounts.tokens import issue_token
from core import error_pages
from core.logs import logging_config
from core.request_log import RequestLogMiddleware
from tests import factories
from tests.desk.entry_posts import penalty

PASSWORD = "canary-password-7Hq2"
SECRET_NAMES = ["舞钢市金丝雀甲有限公司", "金丝雀乙", "canary-phone-13900001111"]


class Log:
    """Everything that the product's own handler writes, in one of its two forms."""

    def __init__(self, stream: io.StringIO) -> None:
        self.stream = stream

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    def of(self, event: str) -> list[dict[str, Any]]:
        return [line for line in self.lines() if line["event"] == event]


def _logging_to(stream: io.StringIO, *, production: bool) -> Iterator[Log]:
    config = logging_config(production=production)
    config["handlers"]["stderr"]["stream"] = stream
    config["root"]["level"] = "DEBUG"
    before = list(logging.root.handlers)
    logging.config.dictConfig(config)
    logging.root.handlers += before  # pytest's own
    yield Log(stream)
    logging.config.dictConfig(settings.LOGGING)
    logging.root.handlers = before


@pytest.fixture
def log() -> Iterator[Log]:
    yield from _logging_to(io.StringIO(), production=True)


@pytest.fixture(params=[True, False], ids=["production", "demonstration"])
def either_log(request: pytest.FixtureRequest) -> Iterator[Log]:
    yield from _logging_to(io.StringIO(), production=request.param)


@pytest.mark.django_db
def test_each_request_is_one_line_of_json_with_id_officer_view_status_and_time(log: Log) -> None:
    client = Client()
    client.force_login(factories.officer(Role.OFFICE, number="410777"))

    answer = client.get(reverse("desk:subjects"), {"q": "canary-search"})

    line = log.of("request")[-1]
    assert line["request_id"] == answer["X-Request-ID"]
    assert {name: line[name] for name in ("officer", "view", "method", "status", "level")} == {
        "officer": "410777",
        "view": "desk:subjects",
        "method": "GET",
        "status": 200,
        "level": "info",
    }
    assert line["milliseconds"] >= 0
    assert line["timestamp"].endswith("Z")


@pytest.mark.django_db
def test_what_machines_ask_every_second_fills_no_log(client: Client, log: Log) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        client.get(path)

    assert log.of("request") == []


@pytest.mark.django_db
def test_nothing_that_anybody_types_or_finds_is_in_a_line(either_log: Log) -> None:
    code = factories.credit_code(4711)
    subject = factories.subject(name=SECRET_NAMES[0], credit_code=code)
    officer = factories.officer(
        Role.RECORDER, Role.OFFICE, number="410778", password=PASSWORD, name=SECRET_NAMES[1]
    )
    client = Client(raise_request_exception=False)
    sign_in = reverse("accounts:sign-in")
    client.post(sign_in, {"number": "canary-number-1", "password": "canary-wrong-password"})
    client.post(sign_in, {"number": officer.number, "password": PASSWORD})
    for query in (code, SECRET_NAMES[0], "canary-query"):
        client.get(reverse("desk:subjects"), {"q": query})
        client.get(reverse("desk:subject-lookup"), {"credit_code": query})
    client.get(reverse("desk:subject", args=[subject.pk]))
    form = penalty(
        credit_code=code,
        handler=SECRET_NAMES[1],
        v__0__facts=SECRET_NAMES[2],
        number="canary-number-2",
    )
    client.post(reverse("desk:entry", args=["penalties"]), form)
    client.post(reverse("desk:entry-preview", args=["penalties"]), form)
    client.get(f"/{SECRET_NAMES[1]}/canary-path/?q=canary-query")
    client.get("/subjects/", headers={"host": "canary-host.example"})
    token = _call_the_api(officer, code)

    assert "desk:entry" in either_log.text
    assert "api:grade" in either_log.text
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    for secret in ("canary", code, session, token, *SECRET_NAMES, "%E9%87%91"):
        assert secret not in either_log.text, secret


def _call_the_api(officer: Officer, code: str) -> str:
    """Calls that carry the code, a name, a body and right and wrong tokens; the right token."""
    scopes = [Scope.GRADES_READ, Scope.DECISIONS_WRITE]
    _, token = issue_token(actor=None, officer=officer, scopes=[one.value for one in scopes])
    client = Client(raise_request_exception=False)
    for given in (token, "canary-token"):
        headers = {"authorization": f"Token {given}"}
        for path in (f"{code}/grade/", f"{code}/", "canary-code/grade/"):
            client.get(f"/api/v1/subjects/{path}", {"q": "canary-query"}, headers=headers)
        client.post(
            "/api/v1/decisions/",
            {
                "number": "canary-number-3",
                "subject": {"credit_code": code, "name": SECRET_NAMES[0]},
            },
            content_type="application/json",
            headers=headers,
        )
        client.post(
            "/api/v1/decisions/",
            '{"canary": ',
            content_type="application/json",
            headers=headers,
        )
    return token


@pytest.mark.django_db
def test_the_reference_of_an_error_page_stands_beside_the_id_of_its_request(log: Log) -> None:
    client = Client()
    client.force_login(factories.officer(Role.OFFICE))

    answer = client.get("/canary-path/")

    line = log.of("error page")[-1]
    assert line["reference"] in answer.content.decode()
    assert line["request_id"] == answer["X-Request-ID"] == log.of("request")[-1]["request_id"]
    assert line["status"] == 404


@pytest.mark.django_db
def test_a_breakdown_is_logged_by_kind_and_place_without_its_words(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*args: object, **kwargs: object) -> HttpResponse:
        try:
            raise ValueError("canary-inner")
        except ValueError as error:
            raise RuntimeError("canary-outer") from error

    monkeypatch.setattr("desk.register_rows.rows", breaks, raising=False)
    monkeypatch.setattr("accounts.views.render", breaks)
    client = Client(raise_request_exception=False)

    answer = client.get(reverse("accounts:sign-in"), {"next": "/canary-next/"})

    assert answer.status_code == 500
    found = [line for line in log.lines() if "exception" in line]
    assert [one["type"] for one in found[0]["exception"]] == [
        "builtins.RuntimeError",
        "builtins.ValueError",
    ]
    assert "test_logs.py" in found[0]["exception"][0]["at"][-1]
    assert found[0]["request_id"] == answer["X-Request-ID"]
    assert log.of("error page")[-1]["status"] == 500
    assert "canary" not in log.text


@pytest.mark.django_db
@pytest.mark.postgres
def test_of_a_database_error_the_constraint_is_kept_and_the_row_is_not(log: Log) -> None:
    subject = factories.subject(name=SECRET_NAMES[0])
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO subjects_subject SELECT * FROM subjects_subject WHERE id = %s",
                [subject.pk],
            )
    except IntegrityError:
        logging.getLogger("grading").exception("failed")

    described = log.of("failed")[-1]["exception"]
    driver = next(one for one in described if "sqlstate" in one)
    assert driver["sqlstate"] == "23505"
    assert driver["constraint"] == "subjects_subject_pkey"
    assert SECRET_NAMES[0] not in log.text


def test_a_failed_task_is_named_without_its_exception_s_words(log: Log) -> None:
    context = {"name": "grading.tasks.regrade", "id": "42", "exc": "canary", "args": "canary"}
    words = "Task %(name)s[%(id)s] raised unexpected: %(exc)s"
    try:
        raise ValueError("canary")
    except ValueError:
        info = sys.exc_info()
    logging.getLogger("celery.app.trace").error(
        words, context, exc_info=info, extra={"data": context}
    )

    line = log.of("task failed")[-1]
    assert line["task"] == "grading.tasks.regrade"
    assert line["exception"][0]["type"] == "builtins.ValueError"
    assert "canary" not in log.text


def test_words_of_the_servers_themselves_stay_readable(log: Log) -> None:
    logging.getLogger("gunicorn.error").info("Listening at: %s (%s)", "http://0.0.0.0:8000", 7)
    logging.getLogger("gunicorn.error").error("Error handling request %s", "/canary?q=canary")

    assert log.lines()[0]["event"] == "Listening at: http://0.0.0.0:8000 (7)"
    assert "canary" not in log.text


def test_two_requests_have_two_ids_and_leave_none_behind(log: Log) -> None:
    middleware = RequestLogMiddleware(error_pages.server_error)
    request: HttpRequest = RequestFactory().get("/")

    ids = {middleware(request)["X-Request-ID"] for _ in range(2)}
    logging.getLogger("grading").warning("afterwards")

    assert len(ids) == 2
    assert "request_id" not in log.of("afterwards")[0]


@pytest.mark.django_db
def test_a_sign_in_names_the_officer_who_signed_in(log: Log) -> None:
    factories.officer(number="410779", password=PASSWORD)

    Client().post(reverse("accounts:sign-in"), {"number": "410779", "password": PASSWORD})

    assert log.of("request")[-1]["officer"] == "410779"


def test_a_traceback_never_shows_the_variables_of_its_frames(either_log: Log) -> None:
    found_in_the_register = "canary-variable"
    try:
        raise ValueError(len(found_in_the_register))
    except ValueError:
        logging.getLogger("grading").exception("failed")

    assert "ValueError" in either_log.text
    assert "canary-variable" not in either_log.text
