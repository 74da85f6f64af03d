"""The state of the work, read for ``/readyz`` and ``/metrics``; numbers alone, about nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import redis
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Count, Min
from django.utils import timezone

from core.models import AuditEntry
from grading.left_over import SET_ASIDE, WAITING
from grading.models import RegradeRequest

BROKER_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Check:
    """The last comparison of all grades with a recount: its age, what it found, what is left."""

    seconds: int
    differences: int
    repaired: bool


@dataclass(frozen=True, slots=True)
class Work:
    """Changes still to be graded, the age of the oldest, subjects set aside, the last check.

    Requests of subjects set aside wait for an administrator and not for a worker: they have no age.
    """

    open: int
    oldest_seconds: int | None
    set_aside: int
    check: Check | None


def has_unapplied_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def work_at_hand() -> Work:
    """Read in two queries over partial indexes. Raises DatabaseError."""
    requests = RegradeRequest.objects.filter(done_at__isnull=True).aggregate(
        open=Count("id"),
        oldest=Min("requested_at", filter=WAITING),
        set_aside=Count("subject_id", distinct=True, filter=SET_ASIDE),
    )
    return Work(
        open=requests["open"],
        oldest_seconds=_age(requests["oldest"]),
        set_aside=requests["set_aside"],
        check=last_check(),
    )


def last_check() -> Check | None:
    """The last ``grading.verify`` of the trail; None where there was none yet."""
    row = (
        AuditEntry.objects.filter(action="grading.verify")
        .order_by("-at")
        .values_list("at", "details")
        .first()
    )
    if row is None:
        return None
    at, details = row
    found = int(details.get("differences", 0))
    return Check(_age(at) or 0, found, bool(details.get("repaired")) or found == 0)


def installed_seconds() -> int:
    """How long ago the first migration ran here."""
    first = MigrationRecorder(connection).migration_qs.aggregate(first=Min("applied"))["first"]
    return _age(first) or 0


def broker() -> str:
    """``files`` without Redis, else whether Redis answers within a second: ok or unreachable."""
    if not settings.REDIS_URL:
        return "files"
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=BROKER_SECONDS, socket_connect_timeout=BROKER_SECONDS
    )
    try:
        client.ping()
    except redis.RedisError:
        return "unreachable"
    finally:
        client.close()
    return "ok"


def _age(moment: datetime | None) -> int | None:
    return None if moment is None else max(0, int((timezone.now() - moment).total_seconds()))
