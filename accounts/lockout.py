"""What an officer reads while the pair of account and address is locked (5 failures, 15 minutes).

django-axes keeps the count in the database; ``settings.AXES_LOCKOUT_CALLABLE`` names
``locked_response``.
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from core.error_pages import reference_for


def tries_left(request: HttpRequest, number: str) -> int:
    """How many more failures this number has from this address before it is locked."""
    failures = AxesProxyHandler.get_failures(request, {"number": number})
    return max(settings.AXES_FAILURE_LIMIT - int(failures), 0)


def locked_response(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """429 with how long the lock lasts and what to do meanwhile."""
    cool_off: timedelta = get_cool_off(request) or timedelta(0)
    latest = (
        AccessAttempt.objects.filter(
            username=(credentials or {}).get("number"),
            ip_address=getattr(request, "axes_ip_address", None),
        )
        .order_by("-attempt_time")
        .values_list("attempt_time", flat=True)
        .first()
    )
    until = (latest or timezone.now()) + cool_off
    seconds = max((until - timezone.now()).total_seconds(), 0)
    context = {
        "until": until,
        "minutes": math.ceil(seconds / 60),
        "limit": settings.AXES_FAILURE_LIMIT,
        "reference": reference_for(request, 429),
    }
    page = render(request, "accounts/locked.html", context, status=429)
    page["Retry-After"] = str(math.ceil(seconds))
    return page
