"""Whether the process lives, and whether it can do its work: for supervisors and monitoring.

Both answers hold no data about anybody and need no sign-in.
"""

from __future__ import annotations

import logging

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from grading.models import RegradeRequest

logger = logging.getLogger(__name__)


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers; the database is not asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database and migrations are right and no grading waits too long, else 503.

    ``database`` is "ok" or "unreachable", ``migrations`` "ok" or "pending",
    ``oldest_open_request_seconds`` the age of the oldest change that is still to be graded (null:
    none is open); more than ``READY_MAX_REQUEST_AGE`` seconds mean that worker and sweep are down.
    """
    try:
        migrations = "pending" if _unapplied() else "ok"
        age = None if migrations == "pending" else _oldest_open_request_seconds()
    except DatabaseError:
        logger.exception("readyz: the database does not answer")
        answer = {"ready": False, "database": "unreachable"}
        return JsonResponse(answer, status=503)
    ready = migrations == "ok" and (age or 0) <= settings.READY_MAX_REQUEST_AGE
    answer = {
        "ready": ready,
        "database": "ok",
        "migrations": migrations,
        "oldest_open_request_seconds": age,
    }
    return JsonResponse(answer, status=200 if ready else 503)


def _unapplied() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _oldest_open_request_seconds() -> int | None:
    oldest = (
        RegradeRequest.objects.filter(done_at__isnull=True)
        .order_by("requested_at")
        .values_list("requested_at", flat=True)
        .first()
    )
    return None if oldest is None else int((timezone.now() - oldest).total_seconds())
