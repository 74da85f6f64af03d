"""/metrics: figures of the work at hand and of requests, for whoever carries the token."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from core.models import AuditEntry
from grading.left_over import ATTEMPTS
from grading.models import Cause, RegradeRequest
from tests.factories import officer, subject
from wugang_credit import state

TOKEN = "k3v9x7q2" * 5


def _figure(text: str, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.M)
    assert found, f"{name} is not in\n{text}"
    return float(found[1])


@pytest.mark.django_db
def test_it_tells_what_waits_what_was_set_aside_and_what_the_last_check_found(
    client: Client,
) -> None:
    first, second = subject(), subject()
    long_ago = timezone.now() - timedelta(seconds=100)
    for one, attempts in ((first, ATTEMPTS), (first, ATTEMPTS), (second, 0)):
        RegradeRequest.objects.create(
            subject=one, cause=Cause.COMMAND, requested_at=long_ago, attempts=attempts
        )
    AuditEntry.objects.create(action="grading.verify", details={"differences": 3})

    text = client.get("/metrics").content.decode()

    assert _figure(text, "wugang_database_up") == 1
    assert _figure(text, "wugang_regrade_requests_open") == 3
    assert 100 <= _figure(text, "wugang_regrade_request_oldest_seconds") < 130
    assert _figure(text, "wugang_subjects_set_aside") == 1
    assert _figure(text, "wugang_verify_differences") == 3
    assert _figure(text, "wugang_verify_age_seconds") < 30


@pytest.mark.django_db
def test_it_counts_requests_by_view_method_and_status_and_not_by_path(client: Client) -> None:
    name = 'wugang_requests_total{method="GET",status="404",view="desk:subject"}'
    client.force_login(officer("office"))
    client.get("/subjects/987654321/")
    before = _figure(client.get("/metrics").content.decode(), name)
    client.get("/subjects/987654322/")
    client.generic("BREW", "/healthz")

    text = client.get("/metrics").content.decode()

    assert _figure(text, name) == before + 1
    assert "98765432" not in text
    assert "BREW" not in text


def test_with_the_database_away_it_says_so_and_answers(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down() -> state.Work:
        raise OperationalError

    monkeypatch.setattr(state, "work_at_hand", down)

    answer = client.get("/metrics")

    assert answer.status_code == 200
    assert _figure(answer.content.decode(), "wugang_database_up") == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("header", "status"),
    [
        ({}, 404),
        ({"authorization": f"Bearer {TOKEN}x"}, 404),
        ({"authorization": "Bearer "}, 404),
        ({"authorization": f"Bearer {TOKEN}"}, 200),
    ],
)
def test_where_a_token_is_set_only_its_bearer_reads(
    client: Client, settings: Settings, header: dict[str, str], status: int
) -> None:
    settings.METRICS_TOKEN = TOKEN

    assert client.get("/metrics", headers=header).status_code == status


@pytest.mark.parametrize(
    ("origin", "headers"),
    [
        ("10.1.2.3", {}),
        ("127.0.0.1", {"x-forwarded-for": "10.1.2.3"}),
        ("127.0.0.1", {"x-forwarded-proto": "https"}),
    ],
)
def test_without_a_token_only_the_machine_itself_reads(
    client: Client, origin: str, headers: dict[str, str]
) -> None:
    assert client.get("/metrics", REMOTE_ADDR=origin, headers=headers).status_code == 404


def test_without_a_token_production_answers_nobody(client: Client, settings: Settings) -> None:
    settings.PRODUCTION = True

    assert client.get("/metrics").status_code == 404
