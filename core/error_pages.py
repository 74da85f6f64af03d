"""Error pages in Chinese, each with a number that also stands in the log."""

from __future__ import annotations

import secrets
from typing import Any, cast

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core import audit
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
    """403: whichever view or service refused, its transaction is over and the row stays."""
    reason = str(exception or "")
    _record_refusal(request, reason, needs=getattr(exception, "needs", []))
    return _page(request, 403, reason)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404; that of a known address may be an attempt at what this officer must not see."""
    if request.resolver_match is not None:
        _record_refusal(request, "", status=404)
    return _page(request, 404)


def _record_refusal(request: HttpRequest, reason: str, **more: Any) -> None:
    """One row for whoever is signed in; others have been told to sign in, or asked from a probe."""
    who = getattr(request, "user", None)
    if who is None or not who.is_authenticated:
        return
    details = {"path": request.path[:200], "method": request.method, **more}
    audit.record(
        actor=cast(audit.Actor, who),
        action="access.refused",
        reason=reason[:200],
        details=details,
    )


def server_error(request: HttpRequest) -> HttpResponse:
    return _page(request, 500)


def wrong_method(request: HttpRequest) -> HttpResponse:
    return _page(request, 405)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(request, 403, "页面停留过久，安全令牌已失效。请返回上一页，刷新后重新提交。")
