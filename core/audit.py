"""The audit trail: every service and every look-up of a subject file calls ``record``.

The row is written in the transaction of the change, so that there is neither a change without its
row nor a row without its change (河南省社会信用条例, art. 39; reliability.md, "Integrity").
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

from django.db import models

from core.models import AuditEntry

_origin: ContextVar[str] = ContextVar("audit_origin", default="")


class Actor(Protocol):
    """Who did it: an officer, or anything with a number, a name and a unit's code."""

    @property
    def number(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def unit_code(self) -> str: ...


@contextmanager
def origin(where: str) -> Iterator[None]:
    """Within the block, rows say where they came from ("web 10.1.2.3", "command regrade")."""
    token = _origin.set(where[:120])
    try:
        yield
    finally:
        _origin.reset(token)


def current_origin() -> str:
    """Where the work at hand comes from; empty outside a request, a command or a task."""
    return _origin.get()


def record(
    *,
    actor: Actor | None,
    action: str,
    target: models.Model | None = None,
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> AuditEntry:
    """Add one row to the trail.

    ``action`` is a dotted verb such as ``decision.confirm``; ``details`` must be JSON and must hold
    no person's number, phone or address. ``actor`` is None where the system itself acted.
    """
    return AuditEntry.objects.create(
        actor=actor.number if actor else "",
        actor_name=actor.name if actor else "",
        unit=actor.unit_code if actor else "",
        origin=current_origin(),
        action=action,
        target_type=target._meta.label_lower if target is not None else "",
        target_id=str(target.pk) if target is not None else "",
        target_label=str(target)[:200] if target is not None else "",
        reason=reason,
        details=details or {},
    )
