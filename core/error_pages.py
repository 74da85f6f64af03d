"""Error pages in Chinese, each with a number that also stands in the log."""

from __future__ import annotations

import secrets

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.request_log import view_of

logger = structlog.stdlib.get_logger(__name__)


def reference_for(request: HttpRequest, status: int) -> str:
    """A new number such as E-7F3A01 for an error page; it stands in the log beside the view."""
    reference = f"E-{secrets.token_hex(3).upper()}"
    logger.warning("error page", reference=reference, status=status, view=view_of(request))
    return reference


def _page(request: HttpRequest, status: int, reason: str = "") -> HttpResponse:
    reference = reference_for(request, status)
    context = {"reference": reference, "status": status, "reason": reason}
    return render(request, f"errors/{status}.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403, str(exception or ""))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _page(request, 500)


def wrong_method(request: HttpRequest) -> HttpResponse:
    return _page(request, 405)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(request, 403, "页面停留过久，安全令牌已失效。请返回上一页，刷新后重新提交。")
