"""Whose word about the client's address is taken: that of the proxies named in the settings.

``REMOTE_ADDR`` decides who is locked out after wrong passwords and stands in the audit trail.
Anybody can send ``X-Forwarded-For``; without a named proxy it is not read at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse

Network = IPv4Network | IPv6Network


def networks(names: Iterable[str]) -> tuple[Network, ...]:
    """The addresses and networks (10.0.0.5, 172.16.0.0/12) that ``names`` lists.

    Raises ImproperlyConfigured for what is neither.
    """
    try:
        return tuple(ip_network(name.strip()) for name in names if name.strip())
    except ValueError as error:
        raise ImproperlyConfigured(f"TRUSTED_PROXIES: {error}") from None


def _is_within(address: str, trusted: tuple[Network, ...]) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in trusted)


def client_of(remote: str, forwarded: str, trusted: tuple[Network, ...]) -> str:
    """The client's address: the last one of the chain that no trusted proxy has.

    Each proxy adds on the right whom it heard, so the chain is read from there; what stands left of
    the first stranger is that stranger's claim.
    """
    client = remote
    for hop in reversed([part.strip() for part in forwarded.split(",")]):
        if not _is_within(client, trusted):
            break
        try:
            client = str(ip_address(hop))
        except ValueError:
            break
    return client


class TrustedProxyMiddleware:
    """Sets ``REMOTE_ADDR`` to the client's address where a trusted proxy hands it on.

    Where proxies are named, nobody else's forwarding headers are kept.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.trusted = networks(settings.TRUSTED_PROXIES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        remote = request.META.get("REMOTE_ADDR", "")
        if self.trusted:
            if _is_within(remote, self.trusted):
                forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
                request.META["REMOTE_ADDR"] = client_of(remote, forwarded, self.trusted)
            else:
                for name in ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO"):
                    request.META.pop(name, None)
        return self.get_response(request)
