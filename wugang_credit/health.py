"""Whether the process lives, and whether it can do its work: for supervisors and monitoring.

Both answers hold no data about anybody and need no sign-in.
"""

from __future__ import annotations

import threading
import time
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from wugang_credit import state

logger = structlog.stdlib.get_logger(__name__)

KEPT_SECONDS = 1.0


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
    """200 when database, migrations and grading are right, else 503; ``why`` names what is not.

    ``database`` is "ok" or "unreachable", ``migrations`` "ok" or "pending".
    ``oldest_open_request_seconds``: age of the oldest change that is still to be graded (null: none
    is open); more than ``READY_MAX_REQUEST_AGE`` means that worker and sweep are down.
    ``subjects_set_aside`` wait for an administrator: an alarm, but all others are graded.
    ``last_check``: age and differences of the last recount of all grades (null: none yet, which is
    fine for the first ``READY_MAX_CHECK_AGE`` seconds); differences that were not mended, or a
    check that is too old, are not ready. ``broker`` is told and decides nothing: without it changes
    are graded within the request.
    """
    answer = _kept.answer()
    return JsonResponse(answer, status=200 if answer["ready"] else 503)


class Kept:
    """The last answer, kept for a second: asking often must not load the database."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._at = 0.0
        self._answer: dict[str, Any] | None = None

    def answer(self) -> dict[str, Any]:
        with self._lock:
            if self._answer is None or time.monotonic() - self._at > KEPT_SECONDS:
                self._answer = _look()
                self._at = time.monotonic()
            return self._answer

    def forget(self) -> None:
        self._answer = None


_kept = Kept()


def _look() -> dict[str, Any]:
    try:
        if state.has_unapplied_migrations():
            answer = {"database": "ok", "migrations": "pending"}
            return {"ready": False, "why": ["migrations"], **answer, "broker": state.broker()}
        work, age = state.work_at_hand(), state.installed_seconds()
    except DatabaseError:
        logger.exception("readyz: the database does not answer")
        return {"ready": False, "why": ["database"], "database": "unreachable"}
    why = [*_late(work), *_check_faults(work.check, age)]
    check = work.check
    return {
        "ready": not why,
        "why": why,
        "database": "ok",
        "migrations": "ok",
        "oldest_open_request_seconds": work.oldest_seconds,
        "subjects_set_aside": work.set_aside,
        "last_check": check and {"seconds": check.seconds, "differences": check.differences},
        "broker": state.broker(),
    }


def _late(work: state.Work) -> list[str]:
    late = (work.oldest_seconds or 0) > settings.READY_MAX_REQUEST_AGE
    return ["oldest_open_request_seconds"] if late else []


def _check_faults(check: state.Check | None, installed_seconds: int) -> list[str]:
    age = installed_seconds if check is None else check.seconds
    wrong = check is not None and not check.repaired
    return ["last_check"] if wrong or age > settings.READY_MAX_CHECK_AGE else []
