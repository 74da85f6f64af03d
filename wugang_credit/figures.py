"""/metrics: requests by view and status, and what waits to be graded.

Answered to whoever carries the token of ``METRICS_TOKEN``. Where none is set, only a demonstration
answers, and only on the machine itself.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from core.metrics import exposition
from wugang_credit import state

LOOPBACK = frozenset({"127.0.0.1", "::1"})


@login_not_required
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures as text; 404 for whoever may not read them."""
    if not _may_read(request):
        raise Http404
    return HttpResponse(exposition(WorkAtHand()), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    token: str = settings.METRICS_TOKEN
    if token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.encode())
    # Behind a proxy on the same machine everybody seems to come from it.
    forwarded = any(name.startswith("HTTP_X_FORWARDED") for name in request.META)
    local = request.META.get("REMOTE_ADDR") in LOOPBACK and not forwarded
    return local and not settings.PRODUCTION


class WorkAtHand(Collector):
    """What the database says now; with the database away only that it is."""

    def collect(self) -> Iterator[Metric]:
        try:
            work = state.work_at_hand()
        except DatabaseError:
            yield GaugeMetricFamily("wugang_database_up", "1 when the database answers", value=0)
            return
        yield GaugeMetricFamily("wugang_database_up", "1 when the database answers", value=1)
        yield GaugeMetricFamily(
            "wugang_regrade_requests_open", "Changes still to be graded", value=work.open
        )
        yield GaugeMetricFamily(
            "wugang_regrade_request_oldest_seconds",
            "Age of the oldest change still to be graded",
            value=work.oldest_seconds or 0,
        )
        yield GaugeMetricFamily(
            "wugang_subjects_set_aside",
            "Organisations whose grading failed too often",
            value=work.set_aside,
        )
        if work.check is not None:
            yield GaugeMetricFamily(
                "wugang_verify_differences",
                "Differences that the last check found",
                value=work.check.differences,
            )
            yield GaugeMetricFamily(
                "wugang_verify_age_seconds", "Age of the last check", value=work.check.seconds
            )
