"""The one sanctioned way to write many facts at once: rows and their history together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.utils import timezone


def create_facts(
    rows: Sequence[models.Model], *, user: Any = None, reason: str = "", batch_size: int = 2000
) -> None:
    """Insert ``rows`` (of one model) and one history row each; primary keys are set on ``rows``.

    The caller holds the transaction, and tells whoever must know (``violations.signals``):
    no save signals are sent. ``user`` and ``reason`` go into the history rows.
    """
    if not rows:
        return
    model = type(rows[0])
    plain: models.QuerySet[Any] = models.QuerySet(model)
    plain.bulk_create(rows, batch_size=batch_size)
    _create_history(model, rows, user=user, reason=reason, batch_size=batch_size)


def _create_history(
    model: type[models.Model],
    rows: Iterable[models.Model],
    *,
    user: Any,
    reason: str,
    batch_size: int,
) -> None:
    history = model.history.model  # type: ignore[attr-defined]
    names = [field.attname for field in history.tracked_fields]
    now = timezone.now()
    models.QuerySet(history).bulk_create(
        [
            history(
                history_date=now,
                history_type="+",
                history_user=user,
                history_change_reason=reason,
                **{name: getattr(row, name) for name in names},
            )
            for row in rows
        ],
        batch_size=batch_size,
    )
