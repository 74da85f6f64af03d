"""/healthz says that the process lives, /readyz that it can do its work (reliability.md)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from core import audit
from core.models import AuditEntry
from grading.left_over import ATTEMPTS
from grading.models import Cause, RegradeRequest
from tests.factories import subject
from wugang_credit import health, state


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    health._kept.forget()
    yield
    health._kept.forget()


def _open_request(age: timedelta) -> RegradeRequest:
    return RegradeRequest.objects.create(
        subject=subject(), cause=Cause.values[0], requested_at=timezone.now() - age
    )


def _check(age: timedelta, **details: Any) -> AuditEntry:
    return AuditEntry.objects.create(
        action="grading.verify", details=details, at=timezone.now() - age
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
def test_readyz_is_ready_on_the_first_day_when_nothing_waits(
    client: Client, settings: Settings
) -> None:
    settings.REDIS_URL = ""

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {
        "ready": True,
        "why": [],
        "database": "ok",
        "migrations": "ok",
        "oldest_open_request_seconds": None,
        "subjects_set_aside": 0,
        "last_check": None,
        "broker": "files",
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
    assert answer.json()["why"] == ["oldest_open_request_seconds"]


@pytest.mark.django_db
def test_a_subject_that_was_set_aside_is_told_and_keeps_nobody_waiting(
    client: Client, settings: Settings
) -> None:
    poison = _open_request(timedelta(seconds=settings.READY_MAX_REQUEST_AGE + 5))
    poison.attempts = ATTEMPTS
    poison.save()

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["subjects_set_aside"] == 1
    assert answer.json()["oldest_open_request_seconds"] is None


@pytest.mark.django_db
def test_readyz_tells_age_and_differences_of_the_last_check(client: Client) -> None:
    _check(timedelta(hours=30), differences=9, repaired=False)
    _check(timedelta(hours=6), differences=2, repaired=True)

    answer = client.get("/readyz")

    assert answer.status_code == 200
    last = answer.json()["last_check"]
    assert last["differences"] == 2
    assert 6 * 3600 <= last["seconds"] < 6 * 3600 + 60


@pytest.mark.django_db
def test_readyz_is_not_ready_while_differences_are_not_mended(client: Client) -> None:
    _check(timedelta(hours=6), differences=2, repaired=False)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["why"] == ["last_check"]


@pytest.mark.django_db
def test_readyz_is_not_ready_when_the_nightly_check_stays_away(client: Client) -> None:
    _check(timedelta(hours=27), differences=0, repaired=False)

    assert client.get("/readyz").json()["why"] == ["last_check"]


@pytest.mark.django_db
def test_readyz_is_not_ready_when_no_check_ran_on_an_old_installation(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "installed_seconds", lambda: 27 * 3600)

    assert client.get("/readyz").json()["why"] == ["last_check"]


@pytest.mark.django_db
def test_readyz_sees_the_check_that_the_command_writes(client: Client) -> None:
    audit.record(actor=None, action="grading.verify", details={"differences": 0, "repaired": False})

    assert client.get("/readyz").json()["last_check"]["differences"] == 0


@pytest.mark.django_db
def test_a_broker_that_is_away_is_told_and_decides_nothing(
    client: Client, settings: Settings
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["broker"] == "unreachable"


@pytest.mark.django_db
def test_asking_often_does_not_load_the_database(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = client.get("/readyz")

    with django_assert_num_queries(0):
        assert client.get("/readyz").content == first.content


@pytest.mark.django_db
def test_readyz_is_not_ready_before_all_migrations_ran(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "has_unapplied_migrations", lambda: True)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["migrations"] == "pending"


def test_readyz_says_that_the_database_is_unreachable(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down() -> bool:
        raise OperationalError("connection refused at 10.0.0.1")

    monkeypatch.setattr(state, "has_unapplied_migrations", down)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "why": ["database"], "database": "unreachable"}
