"""Whose word about the client's address is believed."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from core.models import AuditEntry
from core.proxies import TrustedProxyMiddleware, client_of, networks
from tests import factories

PROXY = "10.0.0.5"


def _seen(
    settings: Settings, trusted: list[str], remote: str, headers: dict[str, str]
) -> HttpRequest:
    settings.TRUSTED_PROXIES = trusted
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse()

    TrustedProxyMiddleware(view)(RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote))
    return seen[0]


def test_without_a_trusted_proxy_nobody_can_say_who_they_are(settings: Settings) -> None:
    request = _seen(settings, [], "192.0.2.9", {"x-forwarded-for": "127.0.0.1"})

    assert request.META["REMOTE_ADDR"] == "192.0.2.9"


def test_a_stranger_beside_the_proxy_is_not_believed(settings: Settings) -> None:
    request = _seen(
        settings,
        [PROXY],
        "192.0.2.9",
        {"x-forwarded-for": "127.0.0.1", "x-forwarded-proto": "https"},
    )

    assert request.META["REMOTE_ADDR"] == "192.0.2.9"
    assert "HTTP_X_FORWARDED_FOR" not in request.META
    assert "HTTP_X_FORWARDED_PROTO" not in request.META


def test_the_trusted_proxy_hands_the_address_on(settings: Settings) -> None:
    request = _seen(
        settings,
        [PROXY],
        PROXY,
        {"x-forwarded-for": "198.51.100.7", "x-forwarded-proto": "https"},
    )

    assert request.META["REMOTE_ADDR"] == "198.51.100.7"
    assert request.META["HTTP_X_FORWARDED_PROTO"] == "https"


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ("", PROXY),
        ("198.51.100.7", "198.51.100.7"),
        ("127.0.0.1, 198.51.100.7", "198.51.100.7"),  # the left part is what the client claimed
        ("10.0.0.6, 198.51.100.7", "198.51.100.7"),
        ("198.51.100.7, 10.0.0.6", "198.51.100.7"),  # two proxies of ours
        ("198.51.100.7, nonsense", PROXY),
        ("nonsense, 10.0.0.6", "10.0.0.6"),
        ("2001:db8::7", "2001:db8::7"),
        ("198.51.100.7:5555", PROXY),
    ],
)
def test_the_chain_is_read_from_the_right(forwarded: str, client: str) -> None:
    assert client_of(PROXY, forwarded, networks(["10.0.0.0/28"])) == client


@pytest.mark.parametrize("name", ["proxy.example", "10.0.0.5/8", "10.0.0"])
def test_what_is_no_address_is_refused_at_the_start(settings: Settings, name: str) -> None:
    settings.TRUSTED_PROXIES = [name]

    with pytest.raises(ImproperlyConfigured, match="TRUSTED_PROXIES"):
        TrustedProxyMiddleware(lambda request: HttpResponse())


@pytest.mark.django_db
def test_the_trail_names_the_address_behind_the_proxy(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = [PROXY]
    client = Client()  # after the setting: the chain of middleware is built with the first request
    client.force_login(factories.officer())

    client.get(
        "/subjects/", REMOTE_ADDR=PROXY, headers={"x-forwarded-for": "127.0.0.1, 198.51.100.7"}
    )

    assert AuditEntry.objects.latest("id").origin == "web 198.51.100.7"
