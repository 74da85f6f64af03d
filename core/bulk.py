"""The sanctioned ways to write many facts at once: rows and their history together."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from core.fast_insert import ids_among, insert_rows, reserve_ids
from core.fast_update import update_rows


def create_facts(rows: Sequence[models.Model], *, user: Any = None, reason: str = "") -> None:
    """Insert ``rows`` (of one model) and one history row each; primary keys are set on ``rows``.

    The caller holds the transaction, and tells whoever must know (``violations.signals``):
    no save signals are sent. ``user`` and ``reason`` go into the history rows. Constraints of the
    database hold; nothing else is checked here.
    """
    if not rows:
        return
    model = type(rows[0])
    with transaction.atomic():
        for row, number in zip(rows, reserve_ids(model, len(rows)), strict=True):
            row.pk = number
        names = [field.attname for field in model._meta.concrete_fields]
        insert_rows(model, names, map(attrgetter(*names), rows))
        _create_history(model, rows, user=user, reason=reason)
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias


def update_facts(
    rows: Sequence[models.Model], names: Sequence[str], *, user: Any = None, reason: str = ""
) -> None:
    """Write the fields ``names`` of ``rows`` (of one model) and one history row each.

    As with ``create_facts`` the caller holds the transaction and tells whoever must know.
    """
    if not rows:
        return
    model = type(rows[0])
    values = attrgetter(model._meta.pk.attname, *names)
    keys = (model._meta.pk.attname, *names)
    with transaction.atomic():
        update_rows(model, names, [dict(zip(keys, values(row), strict=True)) for row in rows])
        _create_history(model, rows, user=user, reason=reason, kind="~")


def _create_history(
    model: type[models.Model],
    rows: Sequence[models.Model],
    *,
    user: Any,
    reason: str,
    kind: str = "+",
) -> None:
    """The database copies the rows that it has just stored: nothing goes there twice."""
    history = model.history.model  # type: ignore[attr-defined]
    quote, key = connection.ops.quote_name, str(model._meta.pk.column)
    copied = [quote(str(field.column)) for field in history.tracked_fields]
    about = ("history_date", "history_type", "history_user_id", "history_change_reason")
    among, ids = ids_among(quote(key), [row.pk for row in rows])
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(history._meta.db_table)} "
            f"({', '.join([*copied, *map(quote, about)])}) "
            f"SELECT {', '.join(copied)}, %s, %s, %s, %s FROM {quote(model._meta.db_table)} "
            f"WHERE {among} ORDER BY {quote(key)}",
            [
                connection.ops.adapt_datetimefield_value(timezone.now()),
                kind,
                user.pk if user else None,
                # Like save(): no reason given is NULL, not an empty text.
                reason or None,
                ids,
            ],
        )
