"""One line and one count for each request: who, which view, what status, how long.

The police number is the only thing about a person that stands there; the view is named by its
route, so that neither path nor query string (what somebody searched for) is written down.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from core import metrics

logger = structlog.stdlib.get_logger(__name__)

# Asked every few seconds by machines: counted, but no line each.
QUIET = frozenset({"healthz", "readyz", "metrics"})


class RequestLogMiddleware:
    """Gives each request an id, which every line of that request and the answer carry."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid.uuid4().hex
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            seconds = time.perf_counter() - started
            view = view_of(request)
            metrics.count(view, request.method or "", response.status_code, seconds)
            if view not in QUIET and not request.path.startswith(settings.STATIC_URL):
                logger.info(
                    "request",
                    method=metrics.known_method(request.method or ""),
                    view=view,
                    status=response.status_code,
                    milliseconds=round(seconds * 1000),
                    officer=_officer_of(request),
                )
        response["X-Request-ID"] = request_id
        return response


def view_of(request: HttpRequest) -> str:
    """The name of the view that answers, "static" for a file, "-" where no address matched."""
    if request.path.startswith(settings.STATIC_URL):
        return "static"
    match = request.resolver_match
    return "-" if match is None else match.view_name or match.route


def _officer_of(request: HttpRequest) -> str:
    """The police number, if the request has looked the officer up already; asks no database."""
    carried = vars(request)
    seen: Any = carried.get("user")  # set by sign-in and by the API; lazy on every other page
    if seen is None or isinstance(seen, SimpleLazyObject):
        seen = carried.get("_cached_user")
    return str(getattr(seen, "number", ""))
