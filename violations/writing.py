"""How services write facts: one by one, with history that names the officer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils import timezone

from accounts.models import Officer
from core.models import BypassError
from violations.enums import DecisionState
from violations.models import Decision, Disposition, Violation
from violations.signals import facts_written

SOURCE_LENGTH = 120


def save_as(officer: Officer, row: models.Model, *, reason: str = "") -> None:
    """Save ``row``; its history row names ``officer`` and ``reason``."""
    row._history_user = officer  # type: ignore[attr-defined]
    row._change_reason = reason  # type: ignore[attr-defined]
    row.save()


def tell(decision: Decision, *, cause: str, source: str) -> None:
    """Say that facts of ``decision`` which may count have changed; within the transaction."""
    facts_written.send(
        sender=Decision,
        subject_ids=[decision.subject_id],
        cause=cause,
        source=source[:SOURCE_LENGTH],
    )


def remove_from_draft(
    decision: Decision, rows: Iterable[Violation | Disposition], *, officer: Officer
) -> None:
    """Take acts or dispositions out of a draft that never was in force; their history stays.

    Nothing on record is ever deleted, but a draft is not on record yet: an act that its recorder
    entered by mistake must be able to leave it before anybody confirms it. This is the one place
    that does so, past FactQuerySet, and it refuses any other decision. ``decision`` is locked by
    the caller; dispositions go before their act. Raises BypassError.
    """
    rows = list(rows)
    if rows and (decision.state != DecisionState.DRAFT or decision.confirmed_at is not None):
        raise BypassError("rows leave a draft that never was in force, and nothing else")
    for row in rows:
        owner = row if isinstance(row, Violation) else row.violation
        if owner.decision_id != decision.pk:
            raise BypassError("this row belongs to another decision")
        _keep_in_history(row, officer)
        plain: models.QuerySet[Any] = models.QuerySet(type(row))
        plain.filter(pk=row.pk)._raw_delete(using=plain.db)


def _keep_in_history(row: models.Model, officer: Officer) -> None:
    history = row.history.model  # type: ignore[attr-defined]
    history.objects.create(
        history_date=timezone.now(),
        history_type="-",
        history_user=officer,
        history_change_reason="草稿修改",
        **{field.attname: getattr(row, field.attname) for field in history.tracked_fields},
    )
