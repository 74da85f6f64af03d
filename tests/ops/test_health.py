"""/healthz says that the process lives, /readyz that it can do its work (reliability.md)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from grading.models import Cause, RegradeRequest
from tests.factories import subject
from wugang_credit import health


def _open_request(age: timedelta) -> RegradeRequest:
    return RegradeRequest.objects.create(
        subject=subject(), cause=Cause.values[0], requested_at=timezone.now() - age
    )


def test_healthz_answers_without_sign_in_and_without_a_database(client: Client) -> None:
    # No database mark: a query would raise.
    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.content == b"ok\n"
    assert "no-cache" in response["Cache-Control"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_asked_and_not_posted(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


@pytest.mark.django_db
def test_readyz_is_ready_when_nothing_waits(client: Client) -> None:
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {
        "ready": True,
        "database": "ok",
        "migrations": "ok",
        "oldest_open_request_seconds": None,
    }


@pytest.mark.django_db
def test_readyz_tells_the_age_of_the_oldest_open_request(client: Client) -> None:
    _open_request(timedelta(seconds=20))
    _open_request(timedelta(seconds=90))
    closed = _open_request(timedelta(days=3))
    closed.done_at = timezone.now()
    closed.save()

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert 90 <= answer.json()["oldest_open_request_seconds"] < 120


@pytest.mark.django_db
def test_readyz_is_not_ready_when_gradings_wait_too_long(
    client: Client, settings: Settings
) -> None:
    _open_request(timedelta(seconds=settings.READY_MAX_REQUEST_AGE + 5))

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["ready"] is False


@pytest.mark.django_db
def test_readyz_is_not_ready_before_all_migrations_ran(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_unapplied", lambda: True)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["migrations"] == "pending"


def test_readyz_says_that_the_database_is_unreachable(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down() -> bool:
        raise OperationalError("connection refused at 10.0.0.1")

    monkeypatch.setattr(health, "_unapplied", down)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "database": "unreachable"}
