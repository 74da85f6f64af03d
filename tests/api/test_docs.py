"""The schema and its page: for the signed-in and for tokens, offline, under our own policy."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client as HttpClient

from accounts.models import Officer
from tests.api.api_table import TABLE
from tests.api.calls import caller, outsider

pytestmark = pytest.mark.django_db


def schema(recorder: Officer) -> dict[str, Any]:
    client = HttpClient()
    client.force_login(recorder)
    answer = client.get("/api/schema/?format=json")
    assert answer.status_code == 200
    body: dict[str, Any] = json.loads(answer.content)
    return body


def test_the_schema_names_every_call_and_every_refusal(recorder: Officer) -> None:
    described = schema(recorder)
    assert len(described["paths"]) == len(TABLE)
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            statuses = operation["responses"].keys()
            assert {"400", "401", "403", "404", "405", "429", "503"} <= statuses, (path, method)
            if method == "post":
                assert {"409", "413", "415"} <= statuses
    listed = described["paths"]["/api/v1/decisions/"]["get"]["parameters"]
    assert {one["name"] for one in listed} == {
        "subject",
        "unit",
        "from",
        "to",
        "before",
        "limit",
    }


def test_the_schema_is_made_without_a_warning(recorder: Officer) -> None:
    from io import StringIO

    from django.core.management import call_command

    call_command("spectacular", "--fail-on-warn", "--validate", stdout=StringIO())


def test_who_reads_it(recorder: Officer) -> None:
    nobody = HttpClient()
    assert nobody.get("/api/schema/").status_code == 401
    to_sign_in = nobody.get("/api/docs/")
    assert (to_sign_in.status_code, to_sign_in["Location"]) == (
        302,
        "/accounts/sign-in/?next=/api/docs/",
    )
    for who in (caller(recorder, "preview"), outsider()):
        headers = {"Authorization": f"Token {who.secret}"}
        assert nobody.get("/api/schema/", headers=headers).status_code == 200
        assert nobody.get("/api/docs/", headers=headers).status_code == 200
    wrong = {"Authorization": "Token x"}
    assert nobody.get("/api/docs/", headers=wrong).status_code == 401


def test_the_page_is_our_own_and_holds_nothing_inline(recorder: Officer) -> None:
    client = HttpClient()
    client.force_login(recorder)
    answer = client.get("/api/docs/")
    page = answer.content.decode()
    assert "unsafe-inline" not in answer["Content-Security-Policy"]
    assert not re.search(r"<style|\sstyle=|<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"(?:src|href)=\"https?:", page)
    for name in re.findall(r"/static/([^\"]+)\"", page):
        assert finders.find(name), name
    script = client.get("/api/docs/?script=")
    assert script["Content-Type"].startswith("application/javascript")
    assert "/api/schema/" in script.content.decode()
